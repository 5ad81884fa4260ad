'use strict';

const CACHED_TALLY = '{votes}:cached-tally';
/** A tally that was counted just before a vote and cached just after it is wrong for this long. */
const CACHE_SECONDS = 2;

/** Votes in PostgreSQL, where they outlive any Redis; their count, which every page shows, cached in Redis. */
class DurableBallot {
  kind = 'postgres';

  constructor(votes, { writer, reader }) {
    this.votes = votes;
    this.writer = writer;
    this.reader = reader;
  }

  async cast(voter, choice) {
    await this.votes.put(voter, choice);
    return this.tally({ fresh: true });
  }

  async tally({ fresh = false } = {}) {
    if (fresh) return this.count();
    return (await this.cached()) ?? this.countOnce();
  }

  async choiceOf(voter) {
    return this.votes.choiceOf(voter);
  }

  async close() {
    this.writer.disconnect();
    this.reader.disconnect();
    await this.votes.close();
  }

  /** Visitors who find the cache empty together wait for one count. */
  countOnce() {
    this.counting ??= this.count().finally(() => (this.counting = undefined));
    return this.counting;
  }

  async count() {
    const tally = await this.votes.tally();
    await unlessRedisIsAway(this.writer.set(CACHED_TALLY, JSON.stringify(tally), 'EX', CACHE_SECONDS));
    return tally;
  }

  async cached() {
    const text = await unlessRedisIsAway(this.reader.get(CACHED_TALLY));
    return text ? JSON.parse(text) : undefined;
  }
}

/** A cache that is away costs time, not answers. */
async function unlessRedisIsAway(answer) {
  try {
    return await answer;
  } catch {
    return undefined;
  }
}

module.exports = { DurableBallot };
