import { fakeClock, FakeProvider, ip, MemoryStore, recordingLog, SYDNEY } from '../../test/doubles';
import { LookupService, LookupServiceProps } from '../lookup/lookup-service';
import { Place, ProviderError } from '../provider/provider';
import { GuardedStore } from '../store/guarded-store';

const ADDRESS = ip('1.1.1.1');
const KEY = 'geo:v1:upstream:test:1.1.1.1';
const away = async (): Promise<never> => Promise.reject(new ProviderError('unavailable', 'away'));

function arrange(props: Partial<LookupServiceProps> = {}) {
  const provider = new FakeProvider();
  const memory = new MemoryStore();
  const clock = fakeClock();
  const cache = new GuardedStore({ store: memory, log: recordingLog().log, now: clock.now });
  const problems: string[] = [];
  const base = {
    provider,
    cache,
    l1Entries: 10,
    l1Seconds: 60,
    onProviderError: (error: ProviderError) => void problems.push(error.reason),
    onProviderBack: () => void problems.push('back'),
  };
  const service = new LookupService({ ...base, now: clock.now, random: () => 0.5, ...props });
  return { service, provider, memory, clock, problems };
}

/** A promise that a test resolves when it likes. */
function gate(): { open: (place: Place | undefined) => void; answer: () => Promise<Place | undefined> } {
  let open: (place: Place | undefined) => void = () => undefined;
  const promise = new Promise<Place | undefined>((resolve) => (open = resolve));
  return { open: (place) => open(place), answer: async () => promise };
}

describe('the way of a lookup', () => {
  test('first the provider, then memory', async () => {
    const { service, provider, memory } = arrange();
    expect((await service.lookup(ADDRESS)).cache).toBe('MISS');
    expect((await service.lookup(ADDRESS)).cache).toBe('L1');
    expect(provider.calls).toBe(1);
    expect(memory.data.get(KEY)?.ttlSeconds).toBe(86_400);
  });

  test('another task finds the answer in Redis', async () => {
    const first = arrange();
    const { body } = await first.service.lookup(ADDRESS);
    const second = arrange();
    second.memory.data.set(KEY, first.memory.data.get(KEY)!);
    expect(await second.service.lookup(ADDRESS)).toMatchObject({ cache: 'HIT', body, status: 200 });
    expect(second.provider.calls).toBe(0);
  });

  test('memory forgets after its time, Redis still knows', async () => {
    const { service, clock } = arrange();
    await service.lookup(ADDRESS);
    clock.advance(60_001);
    expect((await service.lookup(ADDRESS)).cache).toBe('HIT');
  });

  test('a value that we did not write is not an answer', async () => {
    const { service, memory } = arrange();
    memory.data.set(KEY, { value: '<script>', ttlSeconds: 1 });
    expect((await service.lookup(ADDRESS)).cache).toBe('MISS');
  });

  test.each([
    [0, 77_760],
    [1, 95_040],
  ])('expiry varies by a tenth: random %d gives %d s', async (random, ttl) => {
    const { service, memory } = arrange({ random: () => random });
    await service.lookup(ADDRESS);
    expect(memory.data.get(KEY)?.ttlSeconds).toBe(ttl);
  });

  test('without a cache the provider is asked directly', async () => {
    const { service, memory } = arrange({ cache: undefined });
    expect((await service.lookup(ADDRESS)).cache).toBe('BYPASS');
    expect(memory.calls).toBe(0);
  });

  test('a bogon asks nobody', async () => {
    const { service, provider, memory } = arrange();
    const answer = await service.lookup(ip('10.0.0.1'));
    expect(JSON.parse(answer.body)).toEqual({ ip: '10.0.0.1', version: 4, bogon: true, kind: 'private' });
    expect([provider.calls, memory.calls]).toEqual([0, 0]);
  });

  test('a bogon is never kept, however often it is asked', async () => {
    const { service } = arrange();
    await service.lookup(ip('10.0.0.1'));
    expect(await service.lookup(ip('10.0.0.1'))).toMatchObject({ cache: 'BYPASS', timings: [] });
  });
});

describe('single-flight', () => {
  test('a thousand concurrent misses are one call', async () => {
    const { service, provider } = arrange();
    const { open, answer } = gate();
    provider.answer = answer;
    const all = Array.from({ length: 1000 }, async () => service.lookup(ADDRESS));
    open(SYDNEY);
    const bodies = new Set((await Promise.all(all)).map(({ body }) => body));
    expect([provider.calls, bodies.size]).toEqual([1, 1]);
  });

  test('a failed flight does not stay in the way', async () => {
    const { service, provider } = arrange();
    provider.answer = away;
    await expect(service.lookup(ADDRESS)).rejects.toThrow('away');
    provider.answer = async () => SYDNEY;
    expect((await service.lookup(ADDRESS)).status).toBe(200);
  });
});

describe('unknown addresses', () => {
  test('are kept for minutes, not for a day', async () => {
    const { service, provider, memory } = arrange();
    provider.answer = async () => undefined;
    expect(await service.lookup(ADDRESS)).toMatchObject({ status: 404, cache: 'MISS' });
    expect(await service.lookup(ADDRESS)).toMatchObject({ status: 404, cache: 'L1' });
    expect(memory.data.get(KEY)?.ttlSeconds).toBe(600);
    expect(provider.calls).toBe(1);
  });

  test('are asked again after ten minutes, however long memory keeps places', async () => {
    const { service, provider, clock } = arrange({ cache: undefined, l1Seconds: 3600 });
    provider.answer = async () => undefined;
    await service.lookup(ADDRESS);
    clock.advance(599_000);
    expect(await service.lookup(ADDRESS)).toMatchObject({ status: 404, cache: 'L1' });
    clock.advance(2000);
    provider.answer = async () => SYDNEY;
    expect((await service.lookup(ADDRESS)).status).toBe(200);
    clock.advance(3_599_000);
    expect((await service.lookup(ADDRESS)).cache).toBe('L1');
  });

  test('are told apart from places when they come from Redis', async () => {
    const { service, provider, clock } = arrange();
    provider.answer = async () => undefined;
    await service.lookup(ADDRESS);
    clock.advance(60_001);
    const again = await service.lookup(ADDRESS);
    expect(again).toMatchObject({ status: 404, cache: 'HIT' });
    expect(JSON.parse(again.body)).toMatchObject({ error: { code: 'IP_ADDRESS_NOT_FOUND' } });
  });
});

describe('a provider that fails', () => {
  test('is replaced by the fallback, which says so and is not kept', async () => {
    const { service, provider, memory, problems } = arrange({ fallback: new FakeProvider('embedded') });
    provider.answer = away;
    const { body, status } = await service.lookup(ADDRESS);
    expect({ status, ...(JSON.parse(body) as object) }).toMatchObject({ status: 200, source: 'embedded', degraded: true });
    expect(memory.data.size).toBe(0);
    expect(problems).toEqual(['unavailable']);
    expect(service.degradedBy).toBe('unavailable');
    provider.answer = async () => SYDNEY;
    const recovered = await service.lookup(ADDRESS);
    expect(JSON.parse(recovered.body)).not.toHaveProperty('degraded');
    expect(service.degradedBy).toBeUndefined();
    expect(problems).toEqual(['unavailable', 'back']);
  });

  test('is covered by its own last answer, for a day', async () => {
    const { service, provider, clock } = arrange({ cache: undefined, fallback: new FakeProvider('embedded') });
    await service.lookup(ADDRESS);
    provider.answer = away;
    clock.advance(3_600_000);
    expect(JSON.parse((await service.lookup(ADDRESS)).body)).toMatchObject({ source: 'upstream', stale: true });
    clock.advance(86_400_000);
    expect(JSON.parse((await service.lookup(ADDRESS)).body)).toMatchObject({ source: 'embedded', degraded: true });
  });

  test('a bug is not mistaken for an outage', async () => {
    const { service, provider } = arrange({ fallback: new FakeProvider('embedded') });
    provider.answer = async () => Promise.reject(new TypeError('a bug'));
    await expect(service.lookup(ADDRESS)).rejects.toThrow(TypeError);
  });
});

describe('a store that fails', () => {
  test('costs no answer, and is left alone after three failures until a probe succeeds', async () => {
    const { service, memory, clock } = arrange();
    memory.failing = true;
    for (let last = 1; last <= 9; last++) expect((await service.lookup(ip(`1.1.1.${last}`))).cache).toBe('BYPASS');
    // Three failed commands open the breaker: two lookups are one read and one write each.
    expect(memory.calls).toBe(3);
    memory.failing = false;
    clock.advance(3001);
    expect((await service.lookup(ip('1.1.1.10'))).cache).toBe('MISS');
    expect((await service.lookup(ip('1.1.1.11'))).cache).toBe('MISS');
  });

  test('logs its leaving and its return once each', async () => {
    const memory = new MemoryStore();
    const clock = fakeClock();
    const { log, lines } = recordingLog();
    const store = new GuardedStore({ store: memory, log, now: clock.now });
    memory.failing = true;
    for (let i = 0; i < 5; i++) expect(await store.status()).toBe('degraded');
    memory.failing = false;
    clock.advance(3001);
    expect(await store.status()).toBe('up');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'Redis does not answer; continuing without it',
      'Redis is back',
    ]);
  });
});
