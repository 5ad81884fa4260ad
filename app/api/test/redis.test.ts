import { fakeClock, FakeProvider, MemoryStore, recordingLog } from '../../test/doubles';
import { eventually } from '../../test/eventually';
import { FakeRedis } from '../../test/fake-redis';
import { ask } from '../../test/http-client';
import { createApiService } from '../service';
import { GuardedStore } from '../store/guarded-store';
import { HitCounter } from '../store/hit-counter';
import { RedisSettings, RedisStore } from '../store/redis-store';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function fakeRedis(): Promise<{ redis: FakeRedis; port: number }> {
  const redis = new FakeRedis();
  const port = await redis.start();
  closing.push(async () => redis.kill());
  return { redis, port };
}

/** What is not about the limit of a command must not fail because the machine is busy. */
const PATIENT = { commandMs: 10_000 };

function redisStore(port: number, settings: Partial<RedisSettings> = PATIENT): RedisStore {
  const store = new RedisStore({ host: '127.0.0.1', port, tls: false, cluster: false, ...settings });
  closing.push(async () => store.close());
  return store;
}

describe('the store', () => {
  test('reads back what it wrote, and counts', async () => {
    const { redis, port } = await fakeRedis();
    const store = redisStore(port);
    await store.settle(30_000);
    expect(await store.get('missing')).toBeUndefined();
    await store.set('key', 'value', 60);
    expect(await store.get('key')).toBe('value');
    expect(redis.commands).toContainEqual(['set', 'key', 'value', 'EX', '60']);
    await store.increment('count', 2, 60);
    await store.increment('count', 3, 60);
    expect(redis.data.get('count')).toBe('5');
    expect(redis.commands).toContainEqual(['expire', 'count', '60']);
  });

  test('introduces itself with user and password', async () => {
    const { redis, port } = await fakeRedis();
    const store = redisStore(port, { username: 'app', password: 'open sesame', ...PATIENT });
    await store.settle(30_000);
    expect(redis.commands.find(([name]) => name === 'auth')).toEqual(['auth', 'app', 'open sesame']);
  });

  test('dials anew when the server has fallen silent, as a host that vanished does', async () => {
    const { redis, port } = await fakeRedis();
    const store = redisStore(port, { silenceMs: 300, ...PATIENT });
    await store.settle(30_000);
    redis.frozen = true;
    await expect(store.ping()).rejects.toThrow();
    await eventually(async () => expect(redis.connections).toBeGreaterThan(1));
    redis.frozen = false;
    await eventually(async () => store.ping());
  });

  test('dials anew when the server has become a replica, so that the name leads to the new primary', async () => {
    const { redis, port } = await fakeRedis();
    const store = redisStore(port);
    await store.settle(30_000);
    redis.readOnly = true;
    await expect(store.set('key', 'value', 60)).rejects.toThrow('READONLY');
    await eventually(async () => expect(redis.connections).toBeGreaterThan(1));
    redis.readOnly = false;
    await eventually(async () => store.set('key', 'value', 60));
    expect(redis.data.get('key')).toBe('value');
  });

  test.each([
    ['alone', false],
    ['cluster', true],
  ])('nobody there (%s): commands fail instead of waiting', async (_, cluster) => {
    const { redis, port } = await fakeRedis();
    await redis.kill();
    const store = redisStore(port, { cluster });
    await store.settle(50);
    expect(store.connected).toBe(false);
    await expect(store.get('key')).rejects.toThrow();
  });
});

describe('an API whose Redis', () => {
  async function arrange(cacheAnswers = true, settings: Partial<RedisSettings> = PATIENT) {
    const clock = { now: Date.now };
    const { redis, port } = await fakeRedis();
    const { log } = recordingLog();
    const redisClient = redisStore(port, settings);
    await redisClient.settle(30_000);
    const store = new GuardedStore({ store: redisClient, log, now: () => clock.now() });
    const api = createApiService({
      provider: new FakeProvider(),
      store,
      cacheAnswers,
      l1Entries: 1000,
      l1Seconds: 60,
      trustedHops: 0,
      task: { id: 'task-1' },
      log,
    });
    const { port: apiPort } = await api.http.listen(0, '127.0.0.1');
    closing.push(async () => {
      await api.http.close();
      await api.release();
    });
    await eventually(async () => expect(await redisStatus(apiPort)).toBe('up'));
    return { redis, port, apiPort, clock };
  }

  const redisStatus = async (port: number): Promise<string> => {
    const answer = await ask(port, '/readyz');
    expect(answer.status).toBe(200);
    return (JSON.parse(answer.text) as { redis: { status: string } }).redis.status;
  };

  const statuses = async (port: number, third: number): Promise<number[]> =>
    Promise.all(Array.from({ length: 20 }, async (_, last) => (await ask(port, `/v1/lookup/8.8.${third}.${last}`)).status));

  test('works answers HIT for what another task asked', async () => {
    const { redis, apiPort } = await arrange();
    redis.data.set('geo:v1:upstream:test:9.9.9.9', '200 {"ip":"9.9.9.9"}');
    const answer = await ask(apiPort, '/v1/lookup/9.9.9.9');
    expect(answer.headers['x-cache']).toBe('HIT');
    expect(JSON.parse(answer.text)).toEqual({ ip: '9.9.9.9', cache: 'HIT' });
    expect(answer.headers['server-timing']).toMatch(/redis;desc="HIT";dur=[\d.]+/);
  });

  test('is killed and comes back: no request notices', async () => {
    const { redis, port, apiPort } = await arrange();
    await redis.kill();
    expect(new Set(await statuses(apiPort, 1))).toEqual(new Set([200]));
    expect((await ask(apiPort, '/v1/lookup/8.8.4.4')).headers['x-cache']).toBe('BYPASS');
    expect(await redisStatus(apiPort)).toBe('degraded');
    await redis.start(port);
    await eventually(async () => expect(await redisStatus(apiPort)).toBe('up'));
  });

  test('is frozen: no request fails, and soon none waits for it', async () => {
    const { redis, apiPort, clock } = await arrange(true, { commandMs: 200 });
    redis.frozen = true;
    const moment = Date.now();
    clock.now = () => moment; // however long the answers take, the store is still left alone
    expect(new Set(await statuses(apiPort, 2))).toEqual(new Set([200]));
    expect(new Set(await statuses(apiPort, 3))).toEqual(new Set([200]));
    expect(redis.commands.filter(([, key]) => key?.includes(':8.8.3.'))).toEqual([]);
    expect((await ask(apiPort, '/healthz')).status).toBe(200);
    expect(await redisStatus(apiPort)).toBe('degraded');
  });

  test('only counts with embedded data: answers stay out of it', async () => {
    const { redis, apiPort } = await arrange(false);
    expect((await ask(apiPort, '/v1/lookup/8.8.8.8')).headers['x-cache']).toBe('BYPASS');
    expect(redis.commands.some(([name]) => name === 'get')).toBe(false);
  });
});

describe('hit counters', () => {
  test('add up in memory and are written per day, without addresses', async () => {
    const memory = new MemoryStore();
    const clock = fakeClock();
    const counter = new HitCounter(new GuardedStore({ store: memory, log: recordingLog().log, now: clock.now }), clock.now);
    counter.add();
    counter.add();
    await counter.flush();
    await counter.flush();
    clock.advance(86_400_000);
    counter.add();
    await counter.close();
    expect([...memory.data].map(([key, { value }]) => [key, value])).toEqual([
      ['geo:v1:hits:2026-01-01', '2'],
      ['geo:v1:hits:2026-01-02', '1'],
    ]);
  });
});
