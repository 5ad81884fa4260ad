'use strict';
const { createApp } = require('./lib/app');
const { DurableBallot } = require('./lib/durable-ballot');
const { log } = require('./lib/log');
const { PostgresVotes } = require('./lib/postgres-votes');
const { RedisBallot } = require('./lib/redis-ballot');
const { connectRedis } = require('./lib/redis-client');
const { readSettings } = require('./lib/settings');
const { readTaskId } = require('./lib/task-id');
const { Voting } = require('./lib/voting');

async function main() {
  const settings = readSettings(process.env);
  const redis = connectRedis(settings.redis);
  const ballot = settings.database ? new DurableBallot(new PostgresVotes(settings.database), redis) : new RedisBallot(redis);
  const voting = new Voting(ballot);
  const app = createApp({ settings, voting, taskId: await readTaskId(process.env) });

  voting.keepFresh();
  await app.listen(settings.port, settings.host);
  log('info', 'listening', { port: settings.port, votes: ballot.kind });

  const stop = async (signal) => {
    log('info', 'draining', { signal });
    await app.drain(settings.drainMs);
    await voting.close();
    log('info', 'stopped');
    process.exit(0);
  };
  // As PID 1 of a container, a process without these handlers ignores the signals and is killed after 30 s.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop(signal));
}

main().catch((error) => {
  log('error', error.message);
  process.exit(1);
});
