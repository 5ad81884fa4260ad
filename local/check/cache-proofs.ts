import { lookup, publicAddresses, streamDuring } from './lookups';
import { Proof } from './proof';
import { UpstreamStub } from './upstream-stub';
import { expect, until, Visitor } from './visitor';
import { RedisServer } from '../redis/redis-server';

/** Answers leave the tasks' own memory after this time, so that the next one can only come from Redis. */
export const L1_SECONDS = 1;
const L1_GONE_MS = L1_SECONDS * 1000 + 200;

/** GEO-12's rest, on the template with the metered provider, which is what Redis is there for. */
export function cacheProofs(upstream: UpstreamStub): Proof[] {
  const addresses = publicAddresses();
  return [
    hitProof('a lookup is a MISS, then a HIT from Redis, and is paid for once', upstream),
    {
      name: 'the API key came from Secrets Manager',
      prove: async () => {
        expect(upstream.refused === 0, `the upstream refused ${upstream.refused} requests for a wrong key`);
        expect(upstream.asked.length > 0, 'the upstream was never asked');
        return `${upstream.asked.length} upstream requests, all with the key of the secret`;
      },
    },
    {
      name: 'an API task is stopped while requests go on, and no client sees a failure',
      prove: async (visitor) => {
        const api = visitor.serviceBehind(visitor.internal);
        const result = await streamDuring(visitor, addresses, () =>
          api.stopTask(api.running[0], 'StopTask, asked for by the proof'),
        );
        expect(result.failures.length === 0, `${result.failures.length} of ${result.asked} failed: ${result.failures[0]}`);
        return `${result.asked} requests, 0 failures`;
      },
    },
    backAgain('ECS brings the stopped task back'),
    {
      name: 'an API task is killed (SIGKILL) while requests go on, and no client sees a failure',
      prove: async (visitor) => {
        const api = visitor.serviceBehind(visitor.internal);
        const result = await streamDuring(visitor, addresses, async () => api.running[0].containers[0].kill());
        expect(result.failures.length === 0, `${result.failures.length} of ${result.asked} failed: ${result.failures[0]}`);
        return `${result.asked} requests, 0 failures`;
      },
    },
    backAgain('ECS brings the killed task back'),
    {
      name: 'Redis is killed, and lookups go on',
      prove: async (visitor) => {
        const redis = theRedis(visitor);
        const result = await streamDuring(visitor, addresses, () => redis.kill());
        expect(!redis.running, 'Redis still runs');
        expect(result.failures.length === 0, `${result.failures.length} of ${result.asked} failed: ${result.failures[0]}`);
        const { place } = await lookup(visitor, '203.119.1.1');
        expect(place.source === 'upstream', `the answer came from ${place.source}`);
        return `${result.asked} requests, 0 failures`;
      },
    },
    {
      name: 'Redis is restarted, and answers are HITs again',
      prove: async (visitor) => {
        await theRedis(visitor).start();
        // The API leaves a failed Redis alone for a while; it must come back to it by itself.
        const fresh = publicAddresses();
        for (let i = 0; i < 20_000; i++) fresh.next();
        await untilRedisIsUsed(visitor, fresh);
        return missThenHit(visitor, upstream, '193.0.6.139');
      },
    },
  ];
}

/** The same question twice, after every task has found Redis. */
export function hitProof(name: string, upstream: UpstreamStub): Proof {
  return {
    name,
    prove: async (visitor) => {
      // A task is ready before its connection to Redis is, and answers without it until then.
      await untilRedisIsUsed(visitor, publicAddresses());
      return missThenHit(visitor, upstream, '93.184.216.34');
    },
  };
}

function backAgain(name: string): Proof {
  return {
    name,
    prove: async (visitor) => {
      const api = visitor.serviceBehind(visitor.internal);
      const started = Date.now();
      await until('all tasks are healthy again', 30_000, () => visitor.run.unready().length === 0);
      return `${api.running.length} of ${api.plan.desiredCount} tasks, ${api.restarts} started by the scheduler, after ${Date.now() - started} ms`;
    },
  };
}

/** Each task for itself: as many answers in a row come from all of them. */
async function untilRedisIsUsed(visitor: Visitor, addresses: Iterator<string>): Promise<void> {
  const answers = 2 * visitor.serviceBehind(visitor.internal).running.length;
  let inARow = 0;
  await until('the API uses Redis', 30_000, async () => {
    inARow = (await lookup(visitor, String(addresses.next().value))).cache === 'MISS' ? inARow + 1 : 0;
    return inARow >= answers;
  });
}

/** The same question twice: the second answer can only come from Redis, and Redis itself must have the key. */
async function missThenHit(visitor: Visitor, upstream: UpstreamStub, ip: string): Promise<string> {
  const redis = theRedis(visitor);
  const first = await lookup(visitor, ip);
  expect(first.cache === 'MISS', `the first answer for ${ip} was ${first.cache}, expected MISS`);
  expect(first.place.source === 'upstream', `the answer came from ${first.place.source}, expected upstream`);
  await until('the answer is in Redis', 3000, async () => (await keysOf(redis, ip)).length > 0);
  await new Promise((resolve) => setTimeout(resolve, L1_GONE_MS));
  const second = await lookup(visitor, ip);
  expect(second.cache === 'HIT', `the second answer for ${ip} was ${second.cache}, expected HIT`);
  expect(upstream.count(ip) === 1, `the upstream was asked ${upstream.count(ip)} times for ${ip}`);
  const [key] = await keysOf(redis, ip);
  const seconds = Number(await redis.call('TTL', key));
  expect(seconds > 0, `${key} never expires`);
  return `${key} is in Redis for ${seconds} s`;
}

async function keysOf(redis: RedisServer, ip: string): Promise<string[]> {
  return (await redis.call('KEYS', `*:${ip}`)) as string[];
}

export function theRedis(visitor: Visitor): RedisServer {
  const [redis] = visitor.run.redisServers;
  expect(redis !== undefined, 'the template has no Redis outside of ECS');
  return redis;
}
