import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FixedAnswer } from './answer';
import { Service, Workshop } from './workshop';
import { findEngine } from '../../local/redis/engine';

/** Next to the load: in production it is another machine. Without persistence, as a cache. */
export async function startRedis(shop: Workshop): Promise<Service> {
  const engine = findEngine(join(shop.root, '.cache'), shop.say);
  const service = await shop.serve(
    'redis',
    (port) => [engine.binary, '--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--appendonly', 'no'],
    { besideLoad: true },
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  return service;
}

/** No load balancer has to notice that they leave. */
const AT_ONCE = { DRAIN_SECONDS: '0' };

export function startApi(shop: Workshop, name: string, env: Record<string, string>, flags: string[] = []): Promise<Service> {
  return shop.node(name, join(shop.bundle('api'), 'index.js'), { env: { ...AT_ONCE, ...env }, flags, ready: '/readyz' });
}

export function startFrontend(shop: Workshop, name: string, api: Service): Promise<Service> {
  return shop.node(name, join(shop.bundle('frontend'), 'index.js'), { env: { ...AT_ONCE, API_URL: api.origin }, ready: '/readyz' });
}

export async function stopAll(...services: Service[]): Promise<void> {
  await Promise.all(services.map((service) => service.stop()));
}

export const redisEnvironment = (redis: Service): Record<string, string> => ({
  REDIS_HOST: '127.0.0.1',
  REDIS_PORT: `${redis.port}`,
});

/** Headers that an answer has from its connection or from the stack around it. */
const OF_THE_STACK = ['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding', 'x-task-id'];

/** An answer as a server gave it, to be given again by servers that do nothing else. */
export async function recordAnswer(url: string, route: string, headers: Record<string, string> = {}): Promise<FixedAnswer> {
  const response = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  const kept = [...response.headers].filter(([name]) => !OF_THE_STACK.includes(name));
  return { path: route, status: 200, headers: Object.fromEntries(kept), body: await response.text() };
}

/** The two ceilings in Node.js. */
export async function startCeilings(shop: Workshop, name: string, answer: FixedAnswer): Promise<{ fixed: Service; bare: Service }> {
  const file = join(shop.directory, `${name}-answer.json`);
  writeFileSync(file, JSON.stringify(answer));
  const options = { env: { ANSWER: file }, ready: '/healthz' };
  return {
    fixed: await shop.node(`${name} fixed answer`, shop.own('fixed-answer'), options),
    bare: await shop.node(`${name} node http`, shop.own('bare-answer'), options),
  };
}

/** The ceiling beyond Node.js: Nginx, one process, the same bytes from a file, for whatever is asked. */
export function startNginx(shop: Workshop, name: string, body: string, tls?: { key: string; cert: string }): Promise<Service> {
  const folder = join(shop.directory, name);
  const file = (suffix: string) => `${folder}.${suffix}`;
  writeFileSync(file('html'), body);
  if (tls) {
    writeFileSync(file('key'), tls.key, { mode: 0o600 });
    writeFileSync(file('crt'), tls.cert);
  }
  return shop.serve(
    name,
    (port) => {
      const secure = tls ? [`ssl_certificate ${file('crt')};`, `ssl_certificate_key ${file('key')};`] : [];
      const lines = [
        ...['daemon off;', 'master_process off;', `pid ${file('pid')};`, `error_log ${file('log')};`, 'events {}', 'http {'],
        ...['access_log off;', 'default_type text/html;', 'keepalive_requests 100000000;', 'open_file_cache max=10;', 'server {'],
        ...[`listen 127.0.0.1:${port}${tls ? ' ssl' : ''};`, ...secure, `root ${shop.directory};`],
        ...[`location / { try_files /${name}.html =404; }`, '}', '}'],
      ];
      writeFileSync(file('conf'), `${lines.join('\n')}\n`);
      return [shop.tool('nginx'), '-p', shop.directory, '-c', file('conf')];
    },
    tls ? {} : { ready: '/' },
  );
}
