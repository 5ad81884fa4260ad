import { json, readBody, Route, text } from '../../common/http';
import { HttpService, Timeouts } from '../../common/http-service';
import { Metrics } from '../../common/metrics';
import { drain, runService } from '../../common/run-service';
import { recordingLog } from '../../test/doubles';
import { eventually } from '../../test/eventually';
import { ask, talk } from '../../test/http-client';
import { renderError } from '../routes';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let release: () => void = () => undefined;
let enter: () => void = () => undefined;
/** Resolves when a request is in `/slow`. */
let entered: Promise<void>;
beforeEach(() => {
  entered = new Promise((resolve) => (enter = resolve));
});
const ROUTES: Route[] = [
  { method: 'GET', path: '/hello', handle: () => text(200, 'hello') },
  { method: 'GET', path: '/echo/{word}', handle: ({ params }) => json(200, params) },
  { method: 'POST', path: '/echo', handle: async ({ request }) => text(200, await readBody(request, 16)) },
  {
    method: 'GET',
    path: '/broken',
    handle: () => {
      throw new Error('secret detail');
    },
  },
  {
    method: 'GET',
    path: '/slow',
    handle: async () => {
      const released = new Promise<void>((resolve) => (release = resolve));
      enter();
      await released;
      return text(200, 'at last');
    },
  },
];

/** Waits for slow clients, but not for a machine that is busy with something else. */
const IMPATIENT = { headersMs: 300, requestMs: 300, checkMs: 20 };

async function arrange(timeouts: Partial<Timeouts> = {}) {
  const { log, lines } = recordingLog();
  const metrics = new Metrics();
  const service = new HttpService({
    routes: ROUTES,
    taskId: 'task-1',
    metrics,
    log,
    headers: { 'x-content-type-options': 'nosniff' },
    renderError,
    timeouts,
  });
  const { port } = await service.listen(0, '127.0.0.1');
  closing.push(async () => {
    service.server.closeAllConnections();
    if (service.server.listening) await service.close();
  });
  return { service, port, lines, metrics };
}

const errorCode = (answer: { text: string }): string => (JSON.parse(answer.text) as { error: { code: string } }).error.code;

describe('routes', () => {
  test('every answer names its task and forbids sniffing', async () => {
    const { port } = await arrange();
    for (const path of ['/hello', '/nowhere', '/broken']) {
      expect((await ask(port, path)).headers).toMatchObject({ 'x-task-id': 'task-1', 'x-content-type-options': 'nosniff' });
    }
  });

  test('HEAD answers like GET, without a body', async () => {
    const { port } = await arrange();
    expect(await ask(port, '/hello', { method: 'HEAD' })).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': '5' },
    });
  });

  test.each(['/nowhere', '/hello/', '/hello/more', '/echo', '/..%2f..%2fetc/passwd'])(
    'GET %s is not found, as JSON',
    async (path) => {
      const { port } = await arrange();
      const answer = await ask(port, path, path === '/echo' ? { method: 'DELETE' } : {});
      expect([404, 405]).toContain(answer.status);
      expect(errorCode(answer)).toBe(answer.status === 404 ? 'NOT_FOUND' : 'METHOD_NOT_ALLOWED');
    },
  );

  test.each([
    ['POST', '/hello', 'GET, HEAD'],
    ['GET', '/echo', 'POST'],
  ])('%s %s is refused with Allow: %s', async (method, path, allow) => {
    const { port } = await arrange();
    expect(await ask(port, path, { method })).toMatchObject({ status: 405, headers: { allow } });
  });

  test('parameters are decoded, and a stray % does no harm', async () => {
    const { port } = await arrange();
    expect(JSON.parse((await ask(port, '/echo/a%3A%3Ab')).text)).toEqual({ word: 'a::b' });
    expect(JSON.parse((await ask(port, '/echo/%E0%A4%A')).text)).toEqual({ word: '%E0%A4%A' });
  });

  test('a failure is logged in full and shown in one word', async () => {
    const { port, lines } = await arrange();
    const answer = await ask(port, '/broken');
    expect([answer.status, errorCode(answer)]).toEqual([500, 'INTERNAL']);
    expect(answer.text).not.toContain('secret detail');
    expect(lines.join()).toContain('secret detail');
  });

  test('a target that is no URL is a bad request', async () => {
    const { port } = await arrange();
    expect(await talk(port, 'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });

  test('an expectation that cannot be met is refused with the headers of every answer', async () => {
    const { port } = await arrange();
    const answer = await ask(port, '/hello', { headers: { expect: 'something' } });
    expect([answer.status, errorCode(answer)]).toEqual([417, 'EXPECTATION_FAILED']);
    expect(answer.headers).toMatchObject({ 'x-task-id': 'task-1', 'x-content-type-options': 'nosniff' });
  });

  test('a request without a Host is refused with the headers of every answer', async () => {
    const { port } = await arrange();
    const answer = await talk(port, 'GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 .*x-content-type-options: nosniff.*BAD_REQUEST/s);
    expect(await talk(port, 'GET /hello HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
  });

  test('a client that leaves in the middle of its body is no failure of the service', async () => {
    const { port, lines, metrics } = await arrange(IMPATIENT);
    await talk(port, 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx');
    await eventually(() => expect(metrics.text()).toContain('route="/echo",status="400"} 1'));
    expect(lines).toEqual([]);
  });

  test('metrics count by route, never by address', async () => {
    const { port } = await arrange();
    await ask(port, '/echo/8.8.8.8');
    const { text: metrics, headers } = await ask(port, '/metrics');
    expect(headers['content-type']).toContain('version=0.0.4');
    expect(metrics).toMatch(/http_request_duration_seconds_count\{route="\/echo\/\{word\}",status="200"\} 1/);
    expect(metrics).not.toContain('8.8.8.8');
  });
});

describe('limits', () => {
  test.each([
    ['announced', { 'content-length': '17' }],
    ['found out while reading', { 'transfer-encoding': 'chunked' }],
  ])('a body that is too large, %s', async (_, headers) => {
    const { port } = await arrange();
    const answer = await ask(port, '/echo', { method: 'POST', headers, body: 'x'.repeat(17) });
    expect([answer.status, errorCode(answer), answer.headers.connection]).toEqual([413, 'BODY_TOO_LARGE', 'close']);
  });

  test('a body of just the limit passes', async () => {
    const { port } = await arrange();
    expect((await ask(port, '/echo', { method: 'POST', body: 'x'.repeat(16) })).text).toBe('x'.repeat(16));
  });

  test('a client that never finishes its headers is sent away', async () => {
    const { port } = await arrange(IMPATIENT);
    expect(await talk(port, 'GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1.1 408 /);
  });

  test('a client that never finishes its body is sent away', async () => {
    const { port } = await arrange(IMPATIENT);
    expect(await talk(port, 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx')).toMatch(/^HTTP\/1.1 408 /);
  });

  test('headers beyond 16 KiB are refused', async () => {
    const { port } = await arrange();
    expect(await talk(port, `GET /hello HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
  });

  test('idle connections outlive the load balancer’s 60 s and the 300 s of a proxy', async () => {
    const { port, service } = await arrange();
    expect(service.server.keepAliveTimeout).toBe(310_000);
    expect((await ask(port, '/hello', { headers: { connection: 'keep-alive' } })).headers['keep-alive']).toBe('timeout=310');
  });
});

describe('draining', () => {
  const settings = { waitMs: 500, deadlineMs: 60_000, release: async (): Promise<void> => undefined };

  test('lets what is in flight finish, tells clients to leave, then stops', async () => {
    const { port, service } = await arrange();
    const slow = ask(port, '/slow', { headers: { connection: 'keep-alive' } });
    await entered;
    await ask(port, '/hello');
    const freed = jest.fn(async () => undefined);
    const drained = drain(service, { ...settings, release: freed });
    expect((await ask(port, '/hello', { headers: { connection: 'keep-alive' } })).headers.connection).toBe('close');
    release();
    expect(await slow).toMatchObject({ status: 200, text: 'at last', headers: { connection: 'close' } });
    expect(await drained).toBe('drained');
    expect(freed).toHaveBeenCalledTimes(1);
    await expect(ask(port, '/hello')).rejects.toThrow('ECONNREFUSED');
  });

  test('says once that a connection closes, even where the answer says it too', async () => {
    const { port, service } = await arrange();
    service.startDraining();
    const answer = await talk(port, 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer.match(/^connection:.*$/gim)).toEqual(['connection: close']);
  });

  test('begins with SIGTERM, once, and ends the process with 0', async () => {
    const { service, lines } = await arrange();
    await service.close();
    const listeners = new Map<string, () => void>();
    const on = jest.spyOn(process, 'on').mockImplementation((event, listener) => {
      listeners.set(String(event), listener as () => void);
      return process;
    });
    const exited = new Promise((resolve) => {
      jest.spyOn(process, 'exit').mockImplementation((code) => resolve(code) as never);
    });
    const { log } = recordingLog();
    log.info = (message) => void lines.push(message);
    await runService(service, log, { port: 0, host: '127.0.0.1' }, { ...settings, waitMs: 0 });
    on.mockRestore();
    listeners.get('SIGTERM')!();
    listeners.get('SIGINT')!();
    expect(await exited).toBe(0);
    expect(lines).toEqual(['listening', 'draining', 'stopped']);
    jest.restoreAllMocks();
  });

  test('gives up at the deadline', async () => {
    const { port, service } = await arrange();
    const slow = ask(port, '/slow').catch(() => undefined);
    await entered;
    expect(await drain(service, { ...settings, waitMs: 0, deadlineMs: 30 })).toBe('deadline');
    release();
    await slow;
  });
});
