'use strict';

/** One hash tag: a cluster keeps both keys in one slot, so that one script may use both. */
const VOTERS = '{votes}:voters';
const TALLY = '{votes}:tally';

/** In one step, so that voters and tally never disagree; done twice it counts once, so that a browser may try again. */
const CAST = `
local before = redis.call('HGET', KEYS[1], ARGV[1])
if before ~= ARGV[2] then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
  if before then redis.call('HINCRBY', KEYS[2], before, -1) end
end
return redis.call('HMGET', KEYS[2], 'a', 'b')`;

/** Votes in Redis alone: they are kept as long as the store keeps them. */
class RedisBallot {
  kind = 'redis';

  constructor({ writer, reader }) {
    this.writer = writer;
    this.reader = reader;
  }

  async cast(voter, choice) {
    return toTally(await this.writer.eval(CAST, 2, VOTERS, TALLY, voter, choice));
  }

  /** `fresh` asks the writer: a replica may not have the last vote yet. */
  async tally({ fresh = false } = {}) {
    return toTally(await this.clientFor(fresh).hmget(TALLY, 'a', 'b'));
  }

  async choiceOf(voter, { fresh = false } = {}) {
    return (await this.clientFor(fresh).hget(VOTERS, voter)) ?? undefined;
  }

  async close() {
    this.writer.disconnect();
    this.reader.disconnect();
  }

  clientFor(fresh) {
    return fresh ? this.writer : this.reader;
  }
}

function toTally([a, b]) {
  return { a: Number(a ?? 0), b: Number(b ?? 0) };
}

module.exports = { RedisBallot };
