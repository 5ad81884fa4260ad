import { AddressInfo } from 'node:net';

/** What the tests use of the frontend, which is plain JavaScript, as its image runs it. */
interface Tally {
  a: number;
  b: number;
}
interface Look {
  fresh?: boolean;
}
interface Ballot {
  kind: string;
  cast(voter: string, choice: string): Promise<Tally>;
  tally(look?: Look): Promise<Tally>;
  choiceOf(voter: string, look?: Look): Promise<string | undefined>;
  close(): Promise<void>;
}
interface App {
  server: { address(): AddressInfo; close(): void; closeAllConnections(): void };
  listen(port: number, host: string): Promise<void>;
  drain(waitMs: number): Promise<void>;
}
type Constructor<T> = new (...args: object[]) => T;
type Environment = Record<string, string | undefined>;

const load = <T extends object>(name: string): T => jest.requireActual<T>(`../../examples/voting/frontend/lib/${name}`);
const { createApp } = load<{ createApp(parts: object): App }>('app');
const { readSettings } = load<{ readSettings(env: Environment): object }>('settings');
const { Voting } = load<{ Voting: Constructor<object> }>('voting');

/** Votes in memory, with a switch that takes the store away. */
class MemoryBallot implements Ballot {
  readonly kind = 'redis';
  readonly votes = new Map<string, string>();
  readonly looks: (Look | undefined)[] = [];
  away = false;

  async cast(voter: string, choice: string): Promise<Tally> {
    if (this.away) throw new Error('connection is closed');
    this.votes.set(voter, choice);
    return this.count();
  }

  async tally(look?: Look): Promise<Tally> {
    if (this.away) throw new Error('connection is closed');
    this.looks.push(look);
    return this.count();
  }

  async choiceOf(voter: string): Promise<string | undefined> {
    return this.votes.get(voter);
  }

  async close(): Promise<void> {
    this.away = true;
  }

  private count(): Tally {
    const all = [...this.votes.values()];
    return { a: all.filter((choice) => choice === 'a').length, b: all.filter((choice) => choice === 'b').length };
  }
}

const ENVIRONMENT = { REDIS_HOST: 'redis.local', QUESTION: 'Tabs <or> spaces?', OPTION_A: 'Tabs', OPTION_B: 'Spaces' };
let ballot: MemoryBallot;
let app: App;
let base: string;

beforeEach(async () => {
  ballot = new MemoryBallot();
  app = createApp({ settings: readSettings(ENVIRONMENT), voting: new Voting(ballot), taskId: 'task1' });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${app.server.address().port}`;
});

afterEach(() => {
  app.server.close();
  app.server.closeAllConnections();
});

const get = (path: string, cookie = '') => fetch(base + path, { headers: { cookie } });
const vote = (choice: string, headers: Record<string, string> = {}) =>
  fetch(`${base}/vote`, { method: 'POST', body: new URLSearchParams({ choice }), headers, redirect: 'manual' });
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('the page', () => {
  test('question and options, escaped, without a script, under a policy that allows none', async () => {
    const response = await get('/');
    const body = await response.text();
    expect(body).toContain('<h1>Tabs &#60;or&#62; spaces?</h1>');
    expect(body).toContain('Vote for Spaces');
    expect(body).not.toMatch(/<script|style="/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-task-id')).toBe('task1');
  });

  test('a vote sets a cookie of 128 random bits and leads back to the page, which asks the writer', async () => {
    const response = await vote('b');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/?voted']);
    expect(response.headers.get('set-cookie')).toMatch(/^voter=[0-9a-f]{32}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
    const body = await (await get('/?voted', cookieOf(response))).text();
    expect(body).toContain('Your vote for <strong>Spaces</strong> is counted.');
    expect(ballot.looks.at(-1)).toEqual({ fresh: true });
    await get('/');
    expect(ballot.looks.at(-1)).toEqual({ fresh: false });
  });

  test('one vote for each browser, which may change its mind; a made-up cookie is none', async () => {
    const cookie = cookieOf(await vote('a'));
    await vote('b', { cookie });
    await vote('b', { cookie: 'voter=../../x' });
    expect([...ballot.votes.values()]).toEqual(['b', 'b']);
  });

  test('behind HTTPS the cookie stays on HTTPS', async () => {
    expect((await vote('a', { 'x-forwarded-proto': 'https' })).headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  test('shares add up to 100', async () => {
    for (let i = 0; i < 8; i++) await ballot.cast(`voter${i}`, i === 0 ? 'a' : 'b');
    expect((await (await get('/')).text()).match(/\d+ %/g)).toEqual(['13 %', '87 %']);
  });
});

describe('without the store', () => {
  test('the page shows what was last known and says so', async () => {
    await vote('a');
    ballot.away = true;
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/cannot be reached right now\..*tally of \d\d:\d\d:\d\d UTC[^]*1 vote/);
  });

  test('a task that knows no tally says that, and the API 503', async () => {
    ballot.away = true;
    expect(await (await get('/')).text()).toContain('No tally is known yet.');
    expect((await get('/api/tally')).status).toBe(503);
  });

  test('a vote is refused with a page; the cookie stays, so that trying again counts once', async () => {
    ballot.away = true;
    const response = await vote('a');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await response.text()).toContain('Your vote could not be counted.');
    ballot.away = false;
    await vote('a', { cookie: cookieOf(response) });
    expect(ballot.votes.size).toBe(1);
  });

  test('the task stays healthy: no restart of it would mend Redis', async () => {
    ballot.away = true;
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('the API', () => {
  const post = (body: string) => fetch(`${base}/api/vote`, { method: 'POST', body });

  test('vote and tally', async () => {
    const options = [
      { id: 'a', label: 'Tabs', votes: 1 },
      { id: 'b', label: 'Spaces', votes: 0 },
    ];
    expect(await (await post('{"choice":"a"}')).json()).toMatchObject({ options, choice: 'a', stale: false });
    expect(await (await get('/api/tally')).json()).toMatchObject({ options, stale: false });
  });

  test.each([
    ['{"choice":"c"}', 400, 'BAD_CHOICE'],
    ['{', 400, 'BAD_JSON'],
    ['null', 400, 'BAD_CHOICE'],
    [`{"choice":"${'a'.repeat(1020)}"}`, 413, 'TOO_LARGE'],
  ])('%s is answered by %d %s', async (body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test("another site's form does not vote, and there are no other pages", async () => {
    expect((await vote('a', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await get('/admin')).status).toBe(404);
    expect(ballot.votes.size).toBe(0);
  });
});

test('draining: answers go on with `Connection: close`, then the listener goes', async () => {
  const drained = app.drain(100);
  expect((await get('/')).headers.get('connection')).toBe('close');
  await drained;
  await expect(get('/')).rejects.toThrow('fetch failed');
});

describe('settings', () => {
  test('the contract of the store', () => {
    const env = { REDIS_HOST: 'w', REDIS_READER_HOST: 'r', REDIS_TLS: 'true', REDIS_PASSWORD: 'p' };
    expect(readSettings(env)).toMatchObject({
      redis: { host: 'w', readerHost: 'r', port: 6379, tls: true, password: 'p', username: undefined },
      database: undefined,
    });
  });

  test('what is missing or wrong ends the start with its name', () => {
    expect(() => readSettings({})).toThrow('REDIS_HOST must be set');
    expect(() => readSettings({ REDIS_HOST: 'w', PORT: 'http' })).toThrow(
      'PORT must be a whole number from 0 to 65535, got "http"',
    );
    expect(() => readSettings({ REDIS_HOST: 'w', DATABASE_HOST: 'd' })).toThrow('DATABASE_NAME must be set');
  });
});
