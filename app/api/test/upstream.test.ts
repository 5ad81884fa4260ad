import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import * as sdk from '@aws-sdk/client-secrets-manager';
import { fakeClock, ip, recordingLog } from '../../test/doubles';
import { start, stop } from '../../test/http-client';
import { ApiKeySource, FixedApiKey, RotatingApiKey } from '../provider/api-key';
import { plainText } from '../provider/plain-text';
import { secretReader } from '../provider/secrets-manager';
import { placeFromAnswer } from '../provider/upstream-answer';
import { UpstreamProvider } from '../provider/upstream-provider';

const V3 = {
  ip: '1.1.1.1',
  location: {
    country_code2: 'AU',
    country_name: 'Australia',
    state_prov: 'NSW',
    city: 'Sydney',
    latitude: '-33.87',
    longitude: '151.21',
  },
  asn: { as_number: 'AS13335', organization: 'Cloudflare, Inc.' },
  time_zone: { name: 'Australia/Sydney' },
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An upstream that answers its n-th request with the n-th handler, and its last one from then on. */
class FakeUpstream {
  readonly urls: URL[] = [];
  private server: Server | undefined;

  async start(...handlers: Handler[]): Promise<string> {
    this.server = createServer((request, response) => {
      const handler = handlers[Math.min(this.urls.length, handlers.length - 1)];
      this.urls.push(new URL(request.url ?? '', 'http://upstream'));
      handler(request, response);
    });
    return `http://127.0.0.1:${await start(this.server)}/base`;
  }

  async stop(): Promise<void> {
    if (this.server) await stop(this.server);
  }
}

const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function arrange(handlers: Handler[], keys: ApiKeySource = new FixedApiKey('s3cret'), timeoutMs = 2000) {
  const upstream = new FakeUpstream();
  const clock = fakeClock();
  const provider = new UpstreamProvider({ url: await upstream.start(...handlers), keys, timeoutMs, now: clock.now });
  closing.push(
    async () => upstream.stop(),
    async () => provider.close(),
  );
  return { upstream, clock, provider, lookup: async () => provider.lookup(ip('1.1.1.1')) };
}

describe('asking the upstream', () => {
  test('sends key and address, and understands the answer', async () => {
    const { upstream, lookup } = await arrange([reply(200, V3)]);
    expect(await lookup()).toEqual({
      country: { code: 'AU', name: 'Australia' },
      region: 'NSW',
      city: 'Sydney',
      latitude: -33.87,
      longitude: 151.21,
      accuracy: { approximate: true, radiusKm: 25 },
      timezone: 'Australia/Sydney',
      asn: { number: 13335, org: 'Cloudflare, Inc.' },
    });
    expect(upstream.urls.map(({ pathname, search }) => pathname + search)).toEqual(['/base/v3/ipgeo?apiKey=s3cret&ip=1.1.1.1']);
  });

  test.each([400, 404, 423])('%d means that there is no such place', async (status) => {
    const { upstream, lookup } = await arrange([reply(status, { message: 'bogon' })]);
    expect(await lookup()).toBeUndefined();
    expect(upstream.urls).toHaveLength(1);
  });

  test('a server error is tried once more', async () => {
    const { upstream, lookup } = await arrange([reply(500, 'oops'), reply(200, V3)]);
    expect(await lookup()).toMatchObject({ city: 'Sydney' });
    expect(upstream.urls).toHaveLength(2);
  });

  test('after five failures in a row it is left alone for ten seconds', async () => {
    const { upstream, clock, lookup } = await arrange([reply(503, 'down')]);
    for (let i = 0; i < 6; i++) await expect(lookup()).rejects.toMatchObject({ reason: 'unavailable' });
    expect(upstream.urls).toHaveLength(5);
    clock.advance(10_001);
    await expect(lookup()).rejects.toMatchObject({ reason: 'unavailable' });
    expect(upstream.urls).toHaveLength(6);
  });

  test.each([
    ['7', 7_000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['soon', 30_000],
  ])('429 with Retry-After %s stops all calls for %d ms', async (header, pauseMs) => {
    const { upstream, clock, lookup } = await arrange([reply(429, 'slow down', { 'retry-after': header }), reply(200, V3)]);
    await expect(lookup()).rejects.toMatchObject({ reason: 'rate-limited' });
    clock.advance(pauseMs - 1);
    await expect(lookup()).rejects.toMatchObject({ reason: 'rate-limited' });
    expect(upstream.urls).toHaveLength(1);
    clock.advance(1);
    expect(await lookup()).toMatchObject({ city: 'Sydney' });
  });

  test('an upstream that never answers is given up, with the key in no message', async () => {
    const { upstream, lookup } = await arrange([() => undefined], undefined, 1000);
    const error = await lookup().then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(String(error?.stack)).not.toContain('s3cret');
    expect(upstream.urls).toHaveLength(2);
  });

  test.each([
    ['more than it may', 'x'.repeat(70_000)],
    ['no JSON', '<html>'],
    ['no country', { location: { city: 'Nowhere' } }],
  ])('an answer with %s is refused', async (_, body) => {
    const { lookup } = await arrange([reply(200, body)]);
    await expect(lookup()).rejects.toMatchObject({ reason: 'bad-answer' });
  });
});

describe('the key', () => {
  const refusing = reply(401, { message: 'invalid key' });

  test('a rotated key is read again at once when the upstream refuses the old one', async () => {
    const values = ['old', 'new'];
    const keys = new RotatingApiKey(async () => values.shift() ?? 'new', recordingLog().log);
    const { upstream, lookup } = await arrange([refusing, reply(200, V3)], keys);
    expect(await lookup()).toMatchObject({ city: 'Sydney' });
    expect(upstream.urls.map((url) => url.searchParams.get('apiKey'))).toEqual(['old', 'new']);
  });

  test('a rotated key is read once for all requests that were refused together', async () => {
    const values = ['old'];
    const read = jest.fn(async () => values.shift() ?? 'new');
    const byKey: Handler = (request, response) =>
      (request.url?.includes('apiKey=new') ? reply(200, V3) : refusing)(request, response);
    const { lookup } = await arrange([byKey], new RotatingApiKey(read, recordingLog().log));
    expect(await Promise.all(Array.from({ length: 5 }, lookup))).toHaveLength(5);
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('a key that stays refused: neither the secret nor the upstream is asked with every request', async () => {
    const secretClock = fakeClock();
    const read = jest.fn(async () => 'wrong');
    const { upstream, clock, lookup } = await arrange([refusing], new RotatingApiKey(read, recordingLog().log, secretClock.now));
    for (let i = 0; i < 3; i++) await expect(lookup()).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(upstream.urls).toHaveLength(1);
    clock.advance(30_000);
    await expect(lookup()).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(upstream.urls).toHaveLength(2);
    // Once for the key, once for the first refusal; the second one came too soon.
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('a server error that says when to come back is not tried before', async () => {
    const { upstream, clock, lookup } = await arrange([reply(503, 'later', { 'retry-after': '5' }), reply(200, V3)]);
    for (let i = 0; i < 2; i++) await expect(lookup()).rejects.toMatchObject({ reason: 'unavailable' });
    expect(upstream.urls).toHaveLength(1);
    clock.advance(5000);
    expect(await lookup()).toMatchObject({ city: 'Sydney' });
  });

  test('no key: nothing is sent', async () => {
    const { upstream, lookup } = await arrange([reply(200, V3)], new FixedApiKey(undefined));
    await expect(lookup()).rejects.toMatchObject({ reason: 'no-key' });
    expect(upstream.urls).toHaveLength(0);
  });

  test('is kept for an hour, and beyond it when reading fails', async () => {
    const clock = fakeClock();
    const { log, lines } = recordingLog();
    const read = jest.fn(async () => 'first');
    const keys = new RotatingApiKey(read, log, clock.now);
    await Promise.all([keys.current(), keys.current()]);
    clock.advance(3_599_999);
    expect(await keys.current()).toBe('first');
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRejectedValueOnce(new Error('throttled'));
    clock.advance(1);
    expect(await keys.current()).toBe('first');
    expect(JSON.parse(lines[0])).toMatchObject({ level: 'error', reason: 'Error: throttled', stale: true });
    read.mockResolvedValueOnce('second');
    clock.advance(30_000);
    expect(await keys.current()).toBe('second');
  });
});

describe('Secrets Manager', () => {
  async function secretServer(secret: string) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => asked.push((JSON.parse(chunk.toString('utf8')) as { SecretId: string }).SecretId));
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify({ SecretString: secret }));
      });
    });
    const port = await start(server);
    const saved = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    closing.push(async () => {
      process.env = saved;
      await stop(server);
    });
    return { asked, read: async (field?: string) => secretReader('geo/key', field, async () => sdk)() };
  }

  test('a field of a JSON secret', async () => {
    const { asked, read } = await secretServer('{"apiKey":" abc "}');
    expect(await read('apiKey')).toBe('abc');
    expect(asked).toEqual(['geo/key']);
  });

  test('the whole secret', async () => {
    const { read } = await secretServer('abc');
    expect(await read()).toBe('abc');
  });

  test.each([
    ['{"other":"abc"}', 'apiKey', 'the secret has no text in its field "apiKey"'],
    ['abc', 'apiKey', 'the secret must be a JSON object because SECRET_KEY names a field'],
    [' ', undefined, 'the secret is empty'],
  ])('%j with field %s is refused without being quoted', async (secret, field, message) => {
    const { read } = await secretServer(secret);
    await expect(read(field)).rejects.toThrow(message);
  });
});

describe('DT-6: the region of the secret', () => {
  const arn = (partition: string, region: string) => `arn:${partition}:secretsmanager:${region}:111111111111:secret:geo-key-AbCdEf`;

  /** The settings that a reader makes its client with. */
  async function settings(secretId: string): Promise<unknown> {
    const made: unknown[] = [];
    class Client extends sdk.SecretsManagerClient {
      constructor(given: sdk.SecretsManagerClientConfig) {
        super(given);
        made.push(given);
        this.send = async () => Promise.resolve({ SecretString: 'abc' });
      }
    }
    await secretReader(secretId, undefined, async () => ({ ...sdk, SecretsManagerClient: Client }) as unknown as typeof sdk)();
    return made[0];
  }

  test.each([
    ['an ARN', arn('aws', 'eu-west-1'), 'eu-west-1'],
    ['an ARN of China', arn('aws-cn', 'cn-north-1'), 'cn-north-1'],
    ['a name, whose region is the one of the task', 'geo/key', undefined],
  ])('%s', async (_, secretId, region) => {
    expect(await settings(secretId)).toEqual({ maxAttempts: 2, region });
  });
});

describe('hostile answers', () => {
  test('strings come out short, single-line and visible', () => {
    expect(plainText('  S\u00e3o\n\u202ePaulo\u200b\u0007 ')).toBe('S\u00e3o Paulo');
    expect(plainText('\u0000\u200b')).toBeUndefined();
    expect(plainText('x'.repeat(5000))).toHaveLength(100);
    expect(plainText({ toString: () => 'x' })).toBeUndefined();
  });

  test('fields of another shape are left out', () => {
    const place = placeFromAnswer({
      location: { country_code2: 'AU', country_name: ['x'], city: 7, latitude: 'NaN', longitude: '151' },
      asn: { as_number: 'AS1; drop' },
      time_zone: { name: '../etc/passwd' },
    });
    expect(JSON.parse(JSON.stringify(place))).toEqual({ country: { code: 'AU', name: 'Australia' } });
  });

  test.each([null, [], 'text', 7, {}, { location: null }, { country_code2: 'au' }, { country_code2: '<b' }])(
    '%j is no place',
    (answer) => {
      expect(placeFromAnswer(answer)).toBeUndefined();
    },
  );

  test('the flat answers of the older API are understood too', () => {
    const flat = { country_code2: 'NZ', city: 'Auckland', latitude: -36.85, longitude: 174.76, asn: 'AS1', organization: 'Org' };
    expect(placeFromAnswer(flat)).toMatchObject({
      country: { name: 'New Zealand' },
      latitude: -36.85,
      asn: { number: 1, org: 'Org' },
    });
  });
});
