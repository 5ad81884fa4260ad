import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { recordingLog } from './doubles';
import { anyRequest, answersOf, bytesOf, exchange, RawRequest } from './fuzz-requests';
import { ask } from './http-client';
import { EmbeddedProvider } from '../api/provider/embedded-provider';
import { LookupTable } from '../api/provider/lookup-table';
import { createApiService } from '../api/service';
import { HttpService } from '../common/http-service';
import { ApiClient } from '../frontend/api-client';
import { createFrontendService } from '../frontend/service';
import { StaticFiles } from '../frontend/static-files';

/** `FUZZ_SEED=<number> npx jest app/test/fuzz` replays a run; fast-check prints the seed of a failure. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const RUNS = 200;
const STATUSES = [200, 400, 404, 405, 408, 413, 417, 422, 431];
const SERIES_AT_MOST = 400;

const table = LookupTable.load(readFileSync(join(__dirname, '..', 'api', 'data', 'geo.bin.gz')));
const files = new StaticFiles(join(__dirname, '..', 'frontend', 'static'));
const timeouts = { headersMs: 300, requestMs: 300, checkMs: 50 };

let closing: (() => Promise<unknown>)[] = [];
let logged: string[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  logged = [];
});

async function open(service: HttpService, release: () => Promise<void>): Promise<number> {
  const { port } = await service.listen(0, '127.0.0.1');
  closing.push(async () => {
    service.server.closeAllConnections();
    await service.close();
    await release();
  });
  return port;
}

async function startApi(trustedHops: number): Promise<number> {
  const { log, lines } = recordingLog();
  logged = lines;
  const provider = new EmbeddedProvider(table);
  const api = createApiService({
    ...{ provider, cacheAnswers: false, l1Entries: 100, l1Seconds: 60, trustedHops, task: { id: 'task-1' }, log, timeouts },
  });
  return open(api.http, api.release);
}

async function startFrontend(trustedHops: number): Promise<number> {
  const client = new ApiClient(`http://127.0.0.1:${await startApi(0)}`);
  const page = createFrontendService({
    api: client,
    files,
    trustedHops,
    task: { id: 'front-1' },
    log: recordingLog().log,
    timeouts,
  });
  return open(page, async () => client.close());
}

/** Documented statuses only, no trace of the inside, no markup of the client's, and our headers on all that our code answers. */
function judge(received: string, methods: readonly string[]): void {
  expect(received).not.toContain('no end in time');
  for (const { status, headers, body } of answersOf(received, methods)) {
    expect(STATUSES).toContain(status);
    expect(body).not.toMatch(/node:internal|\.ts:\d+|at \w+ \(/);
    expect(headers.has('x-evil')).toBe(false);
    // Node refuses what is no HTTP before our code sees it: bare, without a body.
    if (!headers.has('x-task-id')) expect(body).toBe('');
    else expect(headers.get('x-content-type-options')).toBe('nosniff');
    if (headers.get('content-type')?.startsWith('text/html')) expect(body).not.toMatch(/<zq|<img|<svg onload|<script>|" ?onfocus/);
  }
}

async function stillWell(port: number): Promise<void> {
  expect((await ask(port, '/healthz')).status).toBe(200);
  const { text } = await ask(port, '/metrics');
  expect(text.split('\n').length).toBeLessThan(SERIES_AT_MOST);
  expect(text).not.toContain('zq');
  expect(logged.join('\n')).not.toContain('request failed');
}

async function fuzz(port: number, numRuns: number, once: (requests: RawRequest[]) => Promise<void>, most = 1): Promise<void> {
  const requests = fc.array(anyRequest, { minLength: most === 1 ? 1 : 2, maxLength: most });
  await fc.assert(fc.asyncProperty(requests, once), { seed: SEED, numRuns });
  await stillWell(port);
}

describe.each([
  ['the API', startApi],
  ['the page', startFrontend],
])(`${'%s'}, fuzzed (FUZZ_SEED=${SEED})`, (_, startService) => {
  // Up to 4 requests a run, all at once: 2 services x 3 settings x 200 runs x 2 to 4 requests.
  test.each([0, 1, 2])('behind %d trusted proxies', async (hops) => {
    const port = await startService(hops);
    await fuzz(
      port,
      RUNS,
      async (requests) => {
        const all = requests.map(async (one) => judge(await exchange(port, bytesOf(one)), [one.method]));
        await Promise.all(all);
      },
      4,
    );
  });

  test('clients that vanish leave nothing behind', async () => {
    const port = await startService(1);
    await fuzz(port, 100, async ([one]) => void (await exchange(port, bytesOf(one), 'vanish')));
  });

  test('requests in one pipeline are answered in order, or the connection ends', async () => {
    const port = await startService(1);
    const good = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const last = 'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const statuses = answersOf(await exchange(port, good.repeat(20) + last), []).map(({ status }) => status);
    expect(statuses).toEqual([...Array<number>(20).fill(200), 404]);
  });

  test.each([
    ['headers', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['a body', 'POST /v1/lookup HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{'],
  ])('clients that never finish %s are sent away', async (_what, bytes) => {
    const port = await startService(1);
    const all = await Promise.all(Array.from({ length: 30 }, async () => exchange(port, bytes, 'wait')));
    for (const received of all) judge(received, []);
    await stillWell(port);
  });
});
