/**
 * Checks a deployed geolocation app from outside, as its users see it (GEO-12). Needs nothing but Node:
 *
 *   node scripts/smoke.mjs https://frontend.example.com
 *   node scripts/smoke.mjs http://Geolo-Publi-....elb.amazonaws.com       without a certificate: what needs HTTPS is left out, and said
 *
 *   --connect-to HOST:PORT:ADDRESS:PORT     go there for it, as curl does; may be repeated
 *   --cacert FILE                           trust this authority too, as curl does; verification is never switched off
 *   --attempts N                            try each check up to N times, 5 seconds apart, while DNS and targets settle (default 1)
 *
 * One line per check, `PASS ...` or `FAIL ...`; exit code 0 if none failed. `npm run demo -- --check` runs the same script.
 */
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { rootCertificates } from 'node:tls';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'connect-to': { type: 'string', multiple: true, default: [] },
    cacert: { type: 'string' },
    attempts: { type: 'string', default: '1' },
  },
});
const base = parseBase(positionals);
const secure = base.protocol === 'https:';
const ca = values.cacert === undefined ? undefined : [...rootCertificates, readFileSync(values.cacert, 'utf8')];
const attempts = Number(values.attempts);
const detours = new Map(values['connect-to'].map((text) => detour(text)));

/** Each returns what it saw, or throws with what it saw instead. */
const CHECKS = [
  { name: 'the page answers', https: false, look: page },
  { name: 'the certificate is valid for the name, and TLS is 1.2 or newer', https: true, look: tls },
  { name: 'port 80 sends visitors on to HTTPS, path and query kept', https: true, look: redirect },
  { name: 'browsers are told to come back by HTTPS only, and not what answers', https: true, look: transportSecurity },
  { name: 'the page tells browsers to run nothing foreign', https: false, look: securityHeaders },
  { name: 'IPv4 addresses are located', https: false, look: () => locate(4, ['8.8.8.8', '1.1.1.1', '81.2.69.142']) },
  { name: 'IPv6 addresses are located', https: false, look: () => locate(6, ['2001:4860:4860::8888', '2606:4700:4700::1111']) },
  { name: 'the answer came through both load balancers and the API', https: false, look: wholePath },
  { name: 'a private address is answered as one', https: false, look: privateAddress },
  { name: 'what is no address is refused with its code', https: false, look: refusal },
];

let failed = 0;
for (const { name, https: needsHttps, look } of CHECKS) {
  if (needsHttps && !secure) {
    say(`NOTE  not checked over http: ${name}`);
    continue;
  }
  const started = Date.now();
  try {
    say(`PASS  ${name} (${await patiently(look)}; ${Date.now() - started} ms)`);
  } catch (error) {
    failed++;
    say(`FAIL  ${name}: ${error.message}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

async function page() {
  const { status, headers, body } = await get('/', 'text/html');
  expect(status === 200, `status ${status}`);
  expect(/^text\/html/.test(headers['content-type']), `content type ${headers['content-type']}`);
  expect(/<form[\s>]/.test(body), 'the page has no form');
  return `${base.href}, ${body.length} bytes`;
}

async function tls() {
  const { protocol, validTo } = await get('/healthz', '*/*'); // a certificate that does not fit fails the request itself
  expect(['TLSv1.2', 'TLSv1.3'].includes(protocol), `it speaks ${protocol}`);
  const days = Math.floor((Date.parse(validTo) - Date.now()) / 86_400_000);
  return `${protocol}, ${days} days left`;
}

async function redirect() {
  const plain = new URL('/?ip=8.8.8.8', `http://${base.hostname}`);
  const { status, headers } = await request(plain, 'text/html');
  expect(status === 301, `status ${status}`);
  const target = new URL(headers.location);
  expect(target.protocol === 'https:' && target.hostname === base.hostname, `it leads to ${target.href}`);
  expect(target.search === '?ip=8.8.8.8', `it leads to ${target.href}`);
  return `301 ${target.href}`;
}

async function transportSecurity() {
  const { headers } = await get('/', 'text/html');
  const promise = headers['strict-transport-security'] ?? '';
  expect(/^max-age=[1-9]/.test(promise), `strict-transport-security is ${JSON.stringify(promise)}`);
  expect(headers.server === undefined, `server is ${JSON.stringify(headers.server)}`);
  return promise;
}

async function securityHeaders() {
  const { headers } = await get('/', 'text/html');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy.includes("default-src 'none'"), `content-security-policy is ${JSON.stringify(policy)}`);
  expect(headers['x-content-type-options'] === 'nosniff', 'x-content-type-options is not nosniff');
  return "default-src 'none', nosniff";
}

async function locate(version, addresses) {
  const seen = [];
  for (const ip of addresses) {
    const { status, value } = await lookup(ip);
    expect(status === 200, `${ip}: status ${status}`);
    expect(value.result?.version === version, `${ip} came back as version ${value.result?.version}`);
    expect(/^[A-Z]{2}$/.test(value.result.country?.code ?? ''), `${ip} has no country`);
    seen.push(`${ip} ${value.result.country.code}`);
  }
  return seen.join(', ');
}

async function wholePath() {
  const { value, headers } = await lookup('8.8.8.8');
  const stations = new Map((value.path ?? []).map(({ id, outcome, detail }) => [id, { outcome, detail }]));
  for (const id of ['public-alb', 'internal-alb', 'api'])
    expect(stations.has(id) && !['SKIPPED', 'UNAVAILABLE'].includes(stations.get(id).outcome), `${id} was not on the way`);
  expect(stations.get('redis')?.outcome !== 'UNAVAILABLE', 'Redis is away; lookups are answered without it');
  return `cache ${headers['x-cache']}, frontend ${stations.get('frontend').detail}, API ${stations.get('api').detail}`;
}

async function privateAddress() {
  const { status, value } = await lookup('192.168.0.1');
  expect(status === 200 && value.result?.bogon === true, `status ${status}, ${JSON.stringify(value).slice(0, 120)}`);
  return String(value.result.kind);
}

async function refusal() {
  const { status, value } = await lookup('not-an-address');
  expect(status === 400 && value.error?.code === 'IP_ADDRESS_INVALID', `status ${status}, ${JSON.stringify(value).slice(0, 120)}`);
  return `400 ${value.error.code}`;
}

async function lookup(ip) {
  const answer = await get(`/?ip=${encodeURIComponent(ip)}`, 'application/json');
  try {
    return { ...answer, value: JSON.parse(answer.body) };
  } catch {
    throw new Error(`${ip}: status ${answer.status}, and no JSON: ${answer.body.slice(0, 80)}`);
  }
}

function get(pathAndQuery, accept) {
  return request(new URL(pathAndQuery, base), accept);
}

/** One request on a connection of its own, as a new visitor makes it. */
function request(url, accept) {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const [address, actualPort] = detours.get(`${url.hostname}:${port}`) ?? [url.hostname, port];
  const client = url.protocol === 'https:' ? https : http;
  const options = {
    host: address,
    port: actualPort,
    path: url.pathname + url.search,
    headers: { host: url.host, accept, 'user-agent': 'smoke' },
    agent: false,
    timeout: 10_000,
    ...(url.protocol === 'https:' ? { ca, servername: url.hostname } : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = client.get(options, (response) => {
      const { socket } = response;
      const facts = { protocol: socket.getProtocol?.(), validTo: socket.getPeerCertificate?.().valid_to };
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode, headers: response.headers, body, ...facts });
      });
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer within 10 s')));
    sent.once('error', reject);
  });
}

async function patiently(look) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look();
    } catch (error) {
      if (attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5000));
    }
  }
}

function parseBase([text, ...more]) {
  const url = text !== undefined && more.length === 0 && URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  process.stderr.write('usage: node scripts/smoke.mjs <http or https URL> [--connect-to ...] [--cacert FILE] [--attempts N]\n');
  process.exit(2);
}

function detour(text) {
  const [, from, address, port] = /^([^:]+:\d+):([^:]+):(\d+)$/.exec(text) ?? [];
  if (from) return [from, [address, port]];
  process.stderr.write(`--connect-to must be HOST:PORT:ADDRESS:PORT, got ${text}\n`);
  process.exit(2);
}

function expect(condition, otherwise) {
  if (!condition) throw new Error(otherwise);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
