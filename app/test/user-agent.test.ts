import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ip } from './doubles';
import { start, stop } from './http-client';
import { FixedApiKey } from '../api/provider/api-key';
import { UpstreamProvider } from '../api/provider/upstream-provider';
import { findTaskIdentity } from '../common/task-identity';
import { ApiClient } from '../frontend/api-client';

const APP = join(__dirname, '..');

/** The `User-Agent` of the first request that a client sends to the base address it is given. */
async function userAgentOf(send: (url: string) => Promise<unknown>): Promise<string | undefined> {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers['user-agent']);
    response.end('{}');
  });
  await send(`http://127.0.0.1:${await start(server)}`).catch(() => undefined);
  await stop(server);
  return seen[0];
}

async function withClient<T extends { close(): Promise<void> }>(client: T, use: (client: T) => Promise<unknown>): Promise<void> {
  await use(client).catch(() => undefined);
  await client.close();
}

function runHealthCheck(url: string): Promise<void> {
  const { outputFiles } = buildSync({
    entryPoints: [join(APP, 'common', 'healthcheck.ts')],
    bundle: true,
    platform: 'node',
    write: false,
  });
  const env = { PORT: new URL(url).port };
  return new Promise((resolve) => execFile(process.execPath, ['-e', outputFiles[0].text], { env }, () => resolve()));
}

const CLIENTS: Record<string, (url: string) => Promise<unknown>> = {
  'frontend/api-client.ts': (url) => withClient(new ApiClient(url), (api) => api.lookup('1.1.1.1')),
  'api/provider/upstream-provider.ts': (url) =>
    withClient(new UpstreamProvider({ url, keys: new FixedApiKey('key') }), (provider) => provider.lookup(ip('1.1.1.1'))),
  'common/task-identity.ts': (url) => findTaskIdentity({ ECS_CONTAINER_METADATA_URI_V4: url }),
  'common/healthcheck.ts': runHealthCheck,
};

test.each(Object.entries(CLIENTS))('DT-20: %s sends a User-Agent, or a firewall refuses it', async (_, send) => {
  expect(await userAgentOf(send)).toBe('cdk-ecs-mesh-geolocation');
});

test('DT-20: those are all clients of the app', () => {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' }).filter((file) => /^(?!.*\btest\b).*\.ts$/.test(file));
  const clients = files.filter((file) =>
    /from 'undici'|\bfetch\(|\b(?:get|request)\b[^;]*from 'node:https?'/.test(readFileSync(join(APP, file), 'utf8')),
  );
  expect(clients.sort()).toEqual(Object.keys(CLIENTS).sort());
});
