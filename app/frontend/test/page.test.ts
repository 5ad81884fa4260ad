import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { Environment } from '../../common/environment';
import { recordingLog } from '../../test/doubles';
import { Answer, ask, start, stop } from '../../test/http-client';
import { ApiClient } from '../api-client';
import { createFrontendService } from '../service';
import { readFrontendSettings } from '../settings';
import { StaticFiles } from '../static-files';
import { html } from '../view/html';

const files = new StaticFiles(join(__dirname, '..', 'static'));
const BROWSER = { accept: 'text/html,application/xhtml+xml' };

const SYDNEY = {
  ip: '1.1.1.1',
  version: 4,
  network: '1.1.1.0/24',
  country: { code: 'AU', name: 'Australia' },
  region: 'New South Wales',
  city: 'Sydney',
  latitude: -33.87,
  longitude: 151.21,
  accuracy: { approximate: true, radiusKm: 500 },
  timezone: 'Australia/Sydney',
  source: 'embedded',
};
const HEADERS = {
  'content-type': 'application/json',
  'x-cache': 'HIT',
  'x-task-id': 'api-task-7',
  'server-timing': 'l1;desc="MISS";dur=0.01, redis;desc="HIT";dur=0.42, total;dur=0.9',
};
const READY = { status: 'ready', redis: { status: 'degraded' }, provider: { name: 'upstream', degradedBy: 'no-key' } };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const answering =
  (status: number, body: unknown, headers: Record<string, string> = HEADERS): Handler =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

async function arrange(
  lookup: Handler = answering(200, SYDNEY),
  options: { trustedHops?: number; timeoutMs?: number; apiUrl?: string } = {},
) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/readyz') return answering(200, READY)(request, response);
    asked.push(request.url ?? '');
    return lookup(request, response);
  });
  const apiUrl = options.apiUrl ?? `http://127.0.0.1:${await start(server)}`;
  const api = new ApiClient(apiUrl, options.timeoutMs);
  const { log, lines } = recordingLog();
  const http = createFrontendService({ api, files, trustedHops: options.trustedHops ?? 0, task: { id: 'front-1' }, log });
  const { port } = await http.listen(0, '127.0.0.1');
  closing.push(
    async () => (server.listening ? stop(server) : undefined),
    async () => api.close(),
    async () => http.close(),
  );
  const get = async (path: string, headers: Record<string, string> = BROWSER): Promise<Answer> => ask(port, path, { headers });
  return { get, asked, lines, http, port, server };
}

describe('the page', () => {
  test('shows the place in words and on the map, and links to DB-IP', async () => {
    const { get, asked } = await arrange();
    const { status, text, headers } = await get('/?ip=1.1.1.1');
    expect([status, headers['x-cache'], headers['cache-control']]).toEqual([200, 'HIT', 'private, no-store']);
    expect(asked).toEqual(['/v1/lookup/1.1.1.1']);
    expect(text).toContain('<span>Sydney, New South Wales, Australia</span>');
    expect(text).toContain('<title id="map-title">Sydney, New South Wales, Australia, give or take 500 km</title>');
    expect(text).toContain('<circle class="marker" cx="920" cy="344.1" r="4.5" />');
    expect(text).toContain('<ellipse class="ring"');
    expect(text).toContain('<a href="https://db-ip.com">IP Geolocation by DB-IP</a>');
  });

  test('tells the way of the answer in words, with tasks and times', async () => {
    const { get } = await arrange();
    const { text } = await get('/?ip=1.1.1.1');
    expect(text).toMatch(/data-hop="frontend">[\s\S]*?front-1/);
    expect(text).toMatch(/data-hop="api">[\s\S]*?0\.90 ms[\s\S]*?api-task-7/);
    expect(text).toMatch(/hop miss" data-hop="l1">[\s\S]*?MISS[\s\S]*?0\.01 ms/);
    expect(text).toMatch(/hop hit" data-hop="redis">[\s\S]*?HIT[\s\S]*?0\.42 ms/);
    expect(text).toMatch(/hop skipped" data-hop="provider">/);
  });

  test('reports the health of what stands behind it', async () => {
    const { get } = await arrange();
    const { text } = await get('/?ip=1.1.1.1');
    expect(text).toMatch(/API <span class="word">up<\/span>/);
    expect(text).toMatch(/Redis <span class="word">degraded<\/span>/);
    expect(text).toMatch(/Provider <span class="word">upstream \(no-key\)<\/span>/);
  });

  test('has nothing inline, so that its policy can forbid it', async () => {
    const { get } = await arrange();
    const { text, headers } = await get('/?ip=1.1.1.1');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! src="\/static\/)/);
  });

  test('shows Antarctica only when it is asked for', async () => {
    const { get } = await arrange(answering(200, { ...SYDNEY, latitude: -77.8 }));
    expect((await get('/?ip=1.1.1.1')).text).toContain('viewBox="0 0 1000 500"');
  });

  test.each([
    [{ ip: '10.0.0.1', bogon: true, kind: 'carrier-grade-nat' }, 200, 'is a carrier grade nat address'],
    [{ error: { code: 'IP_ADDRESS_NOT_FOUND', message: 'no' } }, 404, 'No place known'],
    [{ error: { code: 'IP_ADDRESS_INVALID', message: 'Not an address.' } }, 400, 'aria-invalid="true"'],
    [{ ...SYDNEY, degraded: true }, 200, 'this answer is from the embedded data instead'],
    [{ ...SYDNEY, stale: true }, 200, 'this is its last known answer'],
    [{}, 200, 'Unnamed place'],
  ])('answer %j', async (body, status, expected) => {
    const { get } = await arrange(answering(status, body));
    const page = await get('/?ip=x');
    expect(page.status).toBe(status);
    expect(page.text).toContain(expected);
  });
});

describe('hostile text', () => {
  const ATTACK = '"><img src=x onerror=alert(1)>\'`</title><script>';

  test('from the API is shown, not run', async () => {
    const hostile = { ...SYDNEY, ip: ATTACK, city: ATTACK, region: ATTACK, network: ATTACK, timezone: ATTACK, source: ATTACK };
    const body = { ...hostile, country: { code: ATTACK, name: ATTACK }, asn: { number: 1, org: ATTACK } };
    const { get } = await arrange(
      answering(200, body, { 'x-task-id': '<b>', 'x-cache': 'a b', 'server-timing': 'l1;desc="<b>";dur=1' }),
    );
    const { text, headers } = await get('/?ip=1.1.1.1');
    expect(text).toContain('&#60;img src=x onerror=alert(1)&#62;');
    expect(text).not.toMatch(/<img|<script>|<b>/);
    expect(headers['x-cache']).toBe('unknown');
  });

  test('from the visitor is shown, not run', async () => {
    const { get } = await arrange(answering(400, { error: { code: 'IP_ADDRESS_INVALID', message: ATTACK } }));
    const { text } = await get(`/?ip=${encodeURIComponent(ATTACK)}`);
    expect(text).toContain('value="&#34;&#62;&#60;img');
    expect(text).not.toMatch(/<img|<script>/);
  });

  test('no string gets through the template as markup', () => {
    fc.assert(fc.property(fc.string(), (value) => !/[<>"'`]|&(?!#\d+;)/.test(html`${value}`.text)));
  });
});

describe('whose address', () => {
  test.each([
    [0, '6.6.6.6', '/v1/lookup/127.0.0.1'],
    [1, '6.6.6.6, 1.1.1.1', '/v1/lookup/1.1.1.1'],
  ])('with %d trusted proxies and %s: %s', async (trustedHops, forwarded, expected) => {
    const { get, asked } = await arrange(undefined, { trustedHops });
    const { text } = await get('/', { ...BROWSER, 'x-forwarded-for': forwarded });
    expect(asked).toEqual([expected]);
    expect(text).toContain(`value="${expected.split('/').pop()}"`);
  });

  test('nobody’s: the page asks for one', async () => {
    const { get, asked } = await arrange(undefined, { trustedHops: 1 });
    const { text, status } = await get('/');
    expect([status, asked]).toEqual([200, []]);
    expect(text).toContain('Type an address');
  });
});

describe('other forms', () => {
  test('JSON for programs', async () => {
    const { get } = await arrange();
    const { text, headers } = await get('/?ip=1.1.1.1', { accept: 'application/json' });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const body = JSON.parse(text) as { result: unknown; path: { id: string; outcome?: string }[] };
    expect(body.result).toEqual(SYDNEY);
    expect(body.path.map(({ id }) => id)).toEqual([
      'browser',
      'public-alb',
      'frontend',
      'internal-alb',
      'api',
      'l1',
      'redis',
      'provider',
    ]);
    expect(body.path.find(({ id }) => id === 'redis')?.outcome).toBe('HIT');
  });

  test.each([
    ['an API whose clock ran ahead costs no time of the network', 'total;dur=99999', 0, 99999],
    ['an API that says nothing: all of it is the network', 'l1;desc="MISS";dur=0.01', expect.any(Number), undefined],
  ])('%s', async (_, timing, network, api) => {
    const { get } = await arrange(answering(200, SYDNEY, { ...HEADERS, 'server-timing': timing }));
    const { path } = JSON.parse((await get('/?ip=1.1.1.1', { accept: 'application/json' })).text) as {
      path: { id: string; ms?: number }[];
    };
    expect(path.find(({ id }) => id === 'internal-alb')?.ms).toEqual(network);
    expect(path.find(({ id }) => id === 'api')?.ms).toBe(api);
  });

  test('plain text for terminals', async () => {
    const { get } = await arrange(answering(200, { ...SYDNEY, city: 'Syd\u001b[2Jney' }));
    const { text, headers } = await get('/?ip=1.1.1.1', { accept: '*/*', 'user-agent': 'curl/8.0' });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text).toBe(
      '1.1.1.1\nSyd [2Jney, New South Wales, Australia\n-33.87, 151.21\napproximate, within about 500 km\nAustralia/Sydney\ncache: HIT\n' +
        'IP Geolocation by DB-IP (https://db-ip.com)\n',
    );
  });

  test.each([
    [{ ip: '10.0.0.1', bogon: true, kind: 'private' }, 200, '10.0.0.1\nprivate: not on the public internet\n'],
    [{ error: { code: 'IP_ADDRESS_INVALID', message: 'Not an address.' } }, 400, 'Not an address.\n'],
  ])('text for %j', async (body, status, expected) => {
    const { get } = await arrange(answering(status, body));
    expect(await get('/?ip=x', { accept: 'text/plain' })).toMatchObject({ status, text: expected });
  });

  test.each([
    ['text/plain', 'Add ?ip= and an address.\n'],
    ['application/json', '{"error":{"code":"IP_ADDRESS_REQUIRED","message":"Add ?ip= and an address."}}'],
  ])('%s without an address', async (accept, expected) => {
    const { get } = await arrange(undefined, { trustedHops: 1 });
    expect((await get('/', { accept })).text).toBe(expected);
  });
});

describe('an API that', () => {
  const silent: Handler = () => undefined;
  test.each<[string, number, Handler, number | undefined]>([
    ['fails', 502, answering(500, 'oops'), undefined],
    ['has no targets', 503, answering(503, '<html>'), undefined],
    ['speaks in tongues', 502, answering(200, '<html>'), undefined],
    ['talks too much', 502, answering(200, 'x'.repeat(70_000)), undefined],
    ['never answers', 504, silent, 60],
    ['hangs up', 502, (request) => request.socket.destroy(), undefined],
  ])('%s: a friendly page with %d', async (_, status, handler, timeoutMs) => {
    const { get, lines } = await arrange(handler, { timeoutMs });
    const answer = await get('/?ip=1.1.1.1');
    expect(answer).toMatchObject({ status, headers: { 'retry-after': '5' } });
    expect(answer.text).toContain('We cannot look that up right now');
    await get('/?ip=1.1.1.1');
    expect(lines).toHaveLength(1);
  });

  test('is not there: page, JSON and text all say so, and readiness stays', async () => {
    const { get } = await arrange(undefined, { apiUrl: 'http://127.0.0.1:1' });
    const page = await get('/?ip=1.1.1.1');
    expect([page.status, page.text.includes('API <span class="word">down</span>')]).toEqual([502, true]);
    expect(page.text).toMatch(/hop unavailable" data-hop="api">[\s\S]*?unavailable[\s\S]*?no answer/);
    const asJson = await get('/?ip=1.1.1.1', { accept: 'application/json' });
    expect(JSON.parse(asJson.text)).toMatchObject({ error: { code: 'API_UNAVAILABLE' } });
    expect((await get('/?ip=1.1.1.1', { accept: 'text/plain' })).text).toBe('The lookup service cannot be reached.\n');
    expect(JSON.parse((await get('/readyz')).text)).toMatchObject({ status: 'ready', api: 'down' });
  });

  test.each([
    [1, 200],
    [4, 200],
    [5, 502],
  ])('loses the task that was chosen %d times in a row: the page says %d', async (lost, status) => {
    let calls = 0;
    const { get } = await arrange((request, response) => {
      calls++;
      return answering(calls <= lost ? 502 : 200, SYDNEY)(request, response);
    });
    expect((await get('/?ip=1.1.1.1', { accept: 'application/json' })).status).toBe(status);
  });

  test('cuts a connection in the moment of its reuse: asked once more', async () => {
    let calls = 0;
    const { get } = await arrange((request, response) => {
      calls++;
      return calls === 1 ? void request.socket.destroy() : answering(200, SYDNEY)(request, response);
    });
    expect((await get('/?ip=1.1.1.1')).status).toBe(200);
  });
});

describe('the service', () => {
  test.each([
    ['styles.css', 'text/css; charset=utf-8'],
    ['answer.css', 'text/css; charset=utf-8'],
    ['path.js', 'text/javascript; charset=utf-8'],
    ['world.svg', 'image/svg+xml'],
    ['favicon.svg', 'image/svg+xml'],
  ] as const)('serves %s for good', async (name, type) => {
    const { get } = await arrange();
    const plain = await get(files.address(name));
    expect(plain.headers).toMatchObject({ 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' });
    const gzipped = await get(files.address(name), { 'accept-encoding': 'br, gzip' });
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(Number(gzipped.headers['content-length'])).toBeLessThan(Number(plain.headers['content-length']) + 100);
  });

  test.each(['/static/../main.ts', '/static/..%2fmain.ts', '/static/build-map.mjs', '/nowhere'])(
    'does not serve %s',
    async (path) => {
      const { get } = await arrange();
      expect((await get(path)).status).toBe(404);
      expect((await get(path, { accept: 'application/json' })).text).toContain('"code":"NOT_FOUND"');
    },
  );

  test('is ready until it drains', async () => {
    const { get, http } = await arrange();
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/metrics')).text).toContain('route="/healthz"');
    http.startDraining();
    expect(await get('/readyz')).toMatchObject({ status: 503, headers: { connection: 'close' } });
  });

  test('needs to know its API', () => {
    expect(readFrontendSettings(new Environment({ API_URL: 'http://api.nidhin.local/' })).apiUrl).toBe('http://api.nidhin.local');
    expect(() => readFrontendSettings(new Environment({}))).toThrow('API_URL must be set to an http:// or https:// address');
  });
});
