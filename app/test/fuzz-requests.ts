import { connect } from 'node:net';
import fc from 'fast-check';

/** A request as bytes on a socket, so that nothing on our side repairs it. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** What a page must never carry as it is; `zq` marks it as ours. */
export const INJECTIONS = [
  '<script>zq(1)</script>',
  '"><img src=x onerror=zq(1)>',
  "'><svg onload=zq(1)>",
  '</title><script>zq(1)</script>',
  '</svg><script>zq(1)</script>',
  '`${zq(1)}`',
  'javascript:zq(1)//<zq>',
  '"onfocus="zq(1)" autofocus="',
  '</input><zq>',
  '\u2028<zq>\u202e',
];

const ADDRESSES = ['8.8.8.8', '1.1.1.1', '10.0.0.1', '::1', '2001:4860:4860::8888', '::ffff:1.1.1.1', 'fe80::1%25eth0'];
const NO_ADDRESSES = [
  '',
  '%',
  '%00',
  '%E0%A4%A',
  '..%2f..%2fetc%2fpasswd',
  '256.1.1.1',
  '1.1.1',
  '%0d%0aX-Evil:1',
  '0x7f.1',
  ':::',
];

const visible = (max: number): fc.Arbitrary<string> => fc.stringMatching(/^[\x21-\x7e]*$/, { maxLength: max });
const encoded = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ADDRESSES, ...NO_ADDRESSES) },
  fc.constantFrom(...INJECTIONS).map(encodeURIComponent),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(Buffer.from(text).toString())),
  fc.ipV4(),
  fc.ipV6(),
  visible(60).map((text) => text.replace(/[?#\s]/g, '_')),
);

const path = fc.oneof(
  { weight: 4, arbitrary: encoded.map((text) => `/v1/lookup/${text}`) },
  { weight: 4, arbitrary: encoded.map((text) => `/?ip=${text}`) },
  fc.constantFrom('/', '/v1/self', '/v1/lookup', '/healthz', '/readyz', '/metrics', '/static/styles.css', '/favicon.ico'),
  encoded.map((text) => `/static/${text}`),
  fc.array(encoded, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
  fc
    .array(fc.tuple(fc.constantFrom('ip', 'IP', '__proto__', 'a'), encoded), { maxLength: 20 })
    .map((pairs) => `/?${pairs.map((p) => p.join('=')).join('&')}`),
  fc.constantFrom(
    '*',
    '//',
    '//evil.example/',
    'http://[',
    'http://a:99999/',
    '?ip=1',
    '/\\evil',
    '/%2e%2e/%2e%2e/',
    'http://evil.example/metrics',
  ),
  fc.integer({ min: 1000, max: 15_000 }).map((size) => `/v1/lookup/${'a'.repeat(size)}`),
);

const method = fc.oneof(
  { weight: 6, arbitrary: fc.constant('GET') },
  { weight: 3, arbitrary: fc.constant('POST') },
  fc.constantFrom('HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'BREW', 'get'),
);

const forwarded = fc
  .array(
    fc.oneof(
      fc.constantFrom(...ADDRESSES, '1.1.1.1:80', '[::1]:443', '', ' ', 'unknown', '_hidden', ...INJECTIONS),
      fc.ipV4(),
      visible(30),
    ),
    {
      maxLength: 30,
    },
  )
  .map((entries) => `X-Forwarded-For: ${entries.join(',').replace(/[^\x20-\x7e]/g, '?')}`);

const header = fc.oneof(
  { weight: 3, arbitrary: forwarded },
  fc.constantFrom(
    'Accept: text/html',
    'Accept: application/json',
    'Accept: text/plain',
    'Accept: */*',
    'User-Agent: curl/8',
    'Accept-Encoding: gzip, br',
    'Expect: 100-continue',
    'Expect: something',
    'Upgrade: websocket\r\nConnection: Upgrade',
    'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings',
    'Connection: keep-alive',
    'Range: bytes=0-1',
    'X-HTTP-Method-Override: DELETE',
    'Content-Type: application/json',
    'Cookie: a=b',
    'Forwarded: for=1.2.3.4',
    'X-Task-Id: forged',
    'Host: evil.example',
    '__proto__: x',
    'X-Folded: a\r\n b',
    'X-Null: a\x00b',
    'X-Bell: a\x07b',
    'Bad Name: x',
    ': nameless',
    'X-Colonless',
  ),
  fc
    .tuple(
      visible(12).map((name) => name.replace(/[^A-Za-z-]/g, 'x') || 'x'),
      visible(80),
    )
    .map(([name, value]) => `X-${name}: ${value}`),
  fc.integer({ min: 1000, max: 20_000 }).map((size) => `X-Long: ${'y'.repeat(size)}`),
);

const nested = fc.integer({ min: 1, max: 8000 }).map((depth) => `{"ips":${'['.repeat(depth)}${']'.repeat(depth)}}`);
const json = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...ADDRESSES, ...INJECTIONS), fc.ipV6(), fc.string({ unit: 'binary' })), { maxLength: 110 })
    .map((ips) => JSON.stringify({ ips })),
  fc.array(fc.jsonValue(), { maxLength: 20 }).map((ips) => JSON.stringify({ ips })),
  fc.json(),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '7',
    '"ips"',
    '{"ips":null}',
    '{"ips":{"length":3}}',
    '{"ips":"8.8.8.8"}',
    '{"__proto__":{"ips":["8.8.8.8"]}}',
    '{"ips":[',
    '\ufeff{}',
  ),
  nested,
  fc.integer({ min: 100, max: 9000 }).map((count) => JSON.stringify({ ips: Array<number>(count).fill(1) })),
  fc.integer({ min: 16_000, max: 40_000 }).map((size) => 'z'.repeat(size)),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** How a body is announced; half of them lie, the way requests are smuggled. */
const framing = fc.constantFrom<(body: string) => { headers: string[]; sent: string }>(
  (body) => ({ headers: [`Content-Length: ${Buffer.byteLength(body)}`], sent: body }),
  (body) => ({ headers: [`Content-Length: ${Buffer.byteLength(body)}`], sent: body }),
  (body) => ({ headers: ['Transfer-Encoding: chunked'], sent: chunked(body) }),
  (body) => ({ headers: ['Content-Length: 4', 'Transfer-Encoding: chunked'], sent: chunked(body) }),
  (body) => ({ headers: ['Transfer-Encoding: chunked', 'Content-Length: 4'], sent: `0\r\n\r\n${body}` }),
  (body) => ({ headers: ['Content-Length: 3', 'Content-Length: 5'], sent: body }),
  (body) => ({ headers: ['Transfer-Encoding: xchunked'], sent: chunked(body) }),
  (body) => ({ headers: ['Transfer-Encoding : chunked'], sent: chunked(body) }),
  (body) => ({ headers: ['Transfer-Encoding: identity, chunked'], sent: chunked(body) }),
  (body) => ({ headers: ['Transfer-Encoding: chunked, identity'], sent: chunked(body) }),
  (body) => ({ headers: ['Content-Length: -1'], sent: body }),
  (body) => ({ headers: ['Content-Length: 9999999999999999999'], sent: body }),
  (body) => ({ headers: ['Content-Length: +5'], sent: body }),
  (body) => ({ headers: ['Transfer-Encoding: chunked'], sent: `ffffffffffffffff\r\n${body}` }),
  (body) => ({ headers: ['Transfer-Encoding: chunked'], sent: `5;${'e'.repeat(20_000)}\r\n${body}` }),
  (body) => ({ headers: [], sent: body }),
);

function chunked(body: string): string {
  return `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
}

const host = fc.oneof(
  { weight: 8, arbitrary: fc.constant(['Host: x']) },
  fc.constantFrom([], ['Host: a', 'Host: b'], ['Host: <zq>']),
);

const framed: fc.Arbitrary<Pick<RawRequest, 'headers' | 'body'>> = fc.tuple(json, framing).map(([body, frame]) => {
  const { headers, sent } = frame(body);
  return { headers, body: sent };
});

const request: fc.Arbitrary<RawRequest> = fc
  .record({
    method,
    target: path,
    host,
    headers: fc.array(header, { maxLength: 6 }),
    content: fc.oneof({ weight: 2, arbitrary: fc.constant({ headers: [], body: '' }) }, framed),
  })
  .map(({ content, headers, host: names, ...rest }) => ({
    ...rest,
    headers: [...names, ...headers, ...content.headers],
    body: content.body,
  }));

/** Bulk lookups of every shape, most of them framed honestly. */
const bulk: fc.Arbitrary<RawRequest> = framed.map(({ headers, body }) => ({
  method: 'POST',
  target: '/v1/lookup',
  headers: ['Host: x', ...headers],
  body,
}));

export const anyRequest: fc.Arbitrary<RawRequest> = fc.oneof({ weight: 3, arbitrary: request }, bulk);

export function bytesOf({ method: verb, target, headers, body }: RawRequest, close = true): string {
  const lines = [`${verb} ${target} HTTP/1.1`, ...headers, ...(close ? ['Connection: close'] : [])];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** What a client does with its end of the connection once the bytes are out. */
export type Ending = 'wait' | 'half-close' | 'vanish';

/** Sends bytes and returns what comes back, in at most `limitMs`. */
export async function exchange(port: number, bytes: string, ending: Ending = 'half-close', limitMs = 30_000): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      // HTTP heads are bytes, not text.
      socket.write(bytes, 'utf8');
      if (ending === 'half-close') socket.end();
      if (ending === 'vanish') socket.resetAndDestroy();
    });
    const timer = setTimeout(() => {
      received += '\n(no end in time)';
      socket.destroy();
    }, limitMs);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined); // a refused connection is an answer, too
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
  });
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The answers of one connection, taken apart by their lengths; what cannot be taken apart is an error. */
export function answersOf(received: string, methods: readonly string[]): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let bytes = Buffer.from(received, 'utf8');
  while (bytes.length > 0) {
    const end = bytes.indexOf('\r\n\r\n');
    const head = bytes.subarray(0, end).toString('utf8');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? NaN);
    if (end < 0 || Number.isNaN(status)) {
      throw new Error(`this is no answer: ${JSON.stringify(bytes.toString('utf8').slice(0, 300))}`);
    }
    const headers = new Map(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    bytes = bytes.subarray(end + 4);
    if (status === 100) continue;
    const length = methods[answers.length] === 'HEAD' ? 0 : Number(headers.get('content-length') ?? bytes.length);
    answers.push({ status, head, headers, body: bytes.subarray(0, length).toString('utf8') });
    bytes = bytes.subarray(length);
  }
  return answers;
}
