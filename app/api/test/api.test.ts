import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeClock, FakeProvider, ip, MemoryStore, recordingLog, SYDNEY } from '../../test/doubles';
import { Answer, ask } from '../../test/http-client';
import { EmbeddedProvider } from '../provider/embedded-provider';
import { LookupTable } from '../provider/lookup-table';
import { ProviderError } from '../provider/provider';
import { ApiServiceProps, createApiService } from '../service';
import { GuardedStore } from '../store/guarded-store';

const table = LookupTable.load(readFileSync(join(__dirname, '..', 'data', 'geo.bin.gz')));

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function arrange(props: Partial<ApiServiceProps> = {}) {
  const { log, lines } = recordingLog();
  const api = createApiService({
    provider: new EmbeddedProvider(table),
    cacheAnswers: false,
    l1Entries: 100,
    l1Seconds: 60,
    trustedHops: 0,
    task: { id: 'task-1' },
    log,
    ...props,
  });
  const { port } = await api.http.listen(0, '127.0.0.1');
  closing.push(async () => {
    await api.http.close();
    await api.release();
  });
  const get = async (path: string, headers?: Record<string, string>): Promise<Answer> => ask(port, path, { headers });
  const bulk = async (body: string): Promise<Answer> => ask(port, '/v1/lookup', { method: 'POST', body });
  return { api, get, bulk, lines };
}

const parse = (answer: Answer): Record<string, unknown> => JSON.parse(answer.text) as Record<string, unknown>;

describe('GET /v1/lookup/{ip}', () => {
  test('a place, with an honest radius and the attribution that the licence asks for', async () => {
    const { get } = await arrange();
    const answer = await get('/v1/lookup/1.1.1.1');
    expect(answer).toMatchObject({ status: 200, headers: { 'x-cache': 'BYPASS', 'x-task-id': 'task-1' } });
    expect(parse(answer)).toEqual({
      ip: '1.1.1.1',
      version: 4,
      network: '1.1.1.0/24',
      country: { code: 'AU', name: 'Australia' },
      region: 'New South Wales',
      city: 'Sydney',
      latitude: -33.87,
      longitude: 151.21,
      accuracy: { approximate: true, radiusKm: 25 },
      timezone: 'Australia/Sydney',
      source: 'embedded',
      attribution: { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com', license: 'CC BY 4.0' },
      cache: 'BYPASS',
    });
    expect(answer.headers['server-timing']).toMatch(
      /^l1;desc="MISS";dur=[\d.]+, provider;desc="embedded";dur=[\d.]+, total;dur=[\d.]+$/,
    );
    expect((await get('/v1/lookup/::ffff:1.1.1.1')).headers['x-cache']).toBe('L1');
  });

  test.each(['abc', '1.2.3', '8.8.8.8%2F24', '01.2.3.4', '%00', '%E0%A4%A', 'x'.repeat(2000)])('%s is refused', async (text) => {
    const { get } = await arrange();
    const answer = await get(`/v1/lookup/${text}`);
    expect(answer.status).toBe(400);
    expect(parse(answer)).toEqual({ error: { code: 'IP_ADDRESS_INVALID', message: 'This is not an IPv4 or IPv6 address.' } });
  });

  test('an address that can have no place is a fact, not an error', async () => {
    const { get } = await arrange();
    const answer = await get('/v1/lookup/fe80::1%25eth0');
    expect(answer.status).toBe(200);
    expect(parse(answer)).toEqual({ ip: 'fe80::1', version: 6, bogon: true, kind: 'link-local', cache: 'BYPASS' });
  });

  test('an address that the data does not know', async () => {
    const provider = new FakeProvider('embedded');
    provider.answer = async () => undefined;
    const { get } = await arrange({ provider });
    const answer = await get('/v1/lookup/8.8.8.8');
    expect([answer.status, (parse(answer).error as { code: string }).code]).toEqual([404, 'IP_ADDRESS_NOT_FOUND']);
  });

  test('no address is ever logged', async () => {
    const { get, lines } = await arrange();
    for (const path of ['/v1/lookup/1.1.1.1', '/v1/lookup/abc', '/v1/self']) await get(path);
    expect(lines).toEqual([]);
  });
});

describe('GET /v1/self', () => {
  test.each([
    [0, '8.8.8.8', '127.0.0.1'],
    [1, '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    [2, '6.6.6.6, 1.1.1.1, 10.0.0.1', '1.1.1.1'],
    [1, '1.1.1.1:4711', '1.1.1.1'],
    [1, '[2001:4860:4860::8888]:443', '2001:4860:4860::8888'],
  ])('with %d trusted proxies, %s is %s', async (trustedHops, forwarded, expected) => {
    const { get } = await arrange({ trustedHops });
    expect(parse(await get('/v1/self', { 'x-forwarded-for': forwarded })).ip).toBe(expected);
  });

  test.each(['unknown', '', '1.1.1.1,'])('cannot tell from %j', async (forwarded) => {
    const { get } = await arrange({ trustedHops: 1 });
    const answer = await get('/v1/self', { 'x-forwarded-for': forwarded });
    expect([answer.status, (parse(answer).error as { code: string }).code]).toEqual([400, 'IP_ADDRESS_REQUIRED']);
  });
});

describe('POST /v1/lookup', () => {
  test('answers in order, each with its own address and status', async () => {
    const { bulk } = await arrange();
    const answer = await bulk('{"ips":["1.1.1.1","nonsense",7,"10.0.0.1"]}');
    const results = parse(answer).results as Record<string, unknown>[];
    expect(results.map(({ ip: asked, status, cache }) => [asked, status, cache])).toEqual([
      ['1.1.1.1', 200, 'BYPASS'],
      ['nonsense', 400, undefined],
      [null, 400, undefined],
      ['10.0.0.1', 200, 'BYPASS'],
    ]);
    expect(results[0].result).toMatchObject({ city: 'Sydney' });
    expect(results[1].error).toMatchObject({ code: 'IP_ADDRESS_INVALID' });
  });

  test('a hundred addresses pass, one more does not', async () => {
    const { bulk } = await arrange();
    const ips = (count: number): string => JSON.stringify({ ips: Array.from({ length: count }, (_, last) => `8.8.8.${last}`) });
    expect((parse(await bulk(ips(100))).results as unknown[]).length).toBe(100);
    const refused = await bulk(ips(101));
    expect([refused.status, (parse(refused).error as { code: string }).code]).toEqual([422, 'TOO_MANY_ADDRESSES']);
  });

  test('an unknown address has its error beside it', async () => {
    const provider = new FakeProvider('embedded');
    provider.answer = async () => undefined;
    const { bulk } = await arrange({ provider });
    expect(parse(await bulk('{"ips":["8.8.8.8"]}')).results).toEqual([
      {
        ip: '8.8.8.8',
        status: 404,
        cache: 'BYPASS',
        error: { code: 'IP_ADDRESS_NOT_FOUND', message: 'The data has no place for this address.' },
      },
    ]);
  });

  test.each(['', '[]', 'null', '{"ips":"1.1.1.1"}', '{"ips":', '7'])('%j is not a list of addresses', async (body) => {
    const { bulk } = await arrange();
    const answer = await bulk(body);
    expect([answer.status, (parse(answer).error as { code: string }).code]).toEqual([400, 'BODY_INVALID']);
  });

  test('more than 16 KiB is not read', async () => {
    const { bulk } = await arrange();
    expect((await bulk(JSON.stringify({ ips: ['x'.repeat(17_000)] }))).status).toBe(413);
  });
});

describe('health', () => {
  test('a lost store degrades readiness without failing it; liveness does not know', async () => {
    const memory = new MemoryStore();
    memory.failing = true;
    const { get } = await arrange({ store: new GuardedStore({ store: memory, log: recordingLog().log }) });
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    expect(parse(await get('/readyz')).redis).toEqual({ status: 'degraded', use: 'counters' });
    expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  });

  test('readiness says no while draining, liveness goes on', async () => {
    const { api, get } = await arrange();
    api.http.startDraining();
    expect(await get('/readyz')).toMatchObject({ status: 503, headers: { connection: 'close' } });
    expect((await get('/healthz')).status).toBe(200);
  });

  test('metrics tell where answers came from, and readiness why they are degraded', async () => {
    const provider = new FakeProvider('upstream');
    provider.answer = async () => Promise.reject(new ProviderError('rate-limited', 'slow down'));
    const { get, lines } = await arrange({ provider, fallback: new EmbeddedProvider(table) });
    for (let i = 0; i < 3; i++) {
      expect(parse(await get('/v1/lookup/1.1.1.1'))).toMatchObject({ source: 'embedded', degraded: true });
    }
    const { text: metrics } = await get('/metrics');
    expect(metrics).toContain('geo_lookups_total{cache="BYPASS",status="200"} 3');
    expect(metrics).toContain('geo_provider_errors_total{reason="rate-limited"} 3');
    expect(parse(await get('/readyz')).provider).toMatchObject({ name: 'upstream', degradedBy: 'rate-limited' });
    expect(lines).toHaveLength(1);
    provider.answer = async () => SYDNEY;
    expect(parse(await get('/v1/lookup/1.1.1.2'))).toMatchObject({ source: 'upstream' });
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'the provider cannot answer',
      'the provider answers again',
    ]);
  });

  test('lookups are counted in the store once a second', async () => {
    const memory = new MemoryStore();
    const clock = fakeClock();
    const store = new GuardedStore({ store: memory, log: recordingLog().log, now: clock.now });
    const { get } = await arrange({ store, now: clock.now });
    await get('/v1/lookup/1.1.1.1');
    for (const close of closing.splice(0)) await close();
    expect(memory.data.get('geo:v1:hits:2026-01-01')?.value).toBe('1');
  });
});

describe('the embedded table', () => {
  test.each([
    ['133.11.0.1', 'JP'],
    ['193.0.6.139', 'NL'],
    ['200.160.2.3', 'BR'],
    ['2001:200::1', 'JP'],
    ['2001:610:1::1', 'NL'],
  ])('%s is in %s', async (text, country) => {
    expect(table.find(ip(text))?.country).toBe(country);
  });

  test.each(['0.0.0.0', '255.255.255.255', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'])(
    '%s, at an edge, is nowhere',
    (text) => {
      expect(table.find(ip(text))).toBeUndefined();
    },
  );

  test('names its own build and block', () => {
    expect(table.build).toBe('dbip-city-lite-2026-06-05');
    expect(table.find(ip('133.11.0.1'))?.network).toBe('133.11.0.0/22');
  });
});
