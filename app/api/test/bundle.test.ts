import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ask, start, stop } from '../../test/http-client';

const ROOT = join(__dirname, '..', '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'bundle-'));
const [first, second] = ['one', 'deeper/two'].map((name) => join(scratch, name));

beforeAll(() => {
  for (const out of [first, second]) {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'bundle-app.mjs'), out], { cwd: tmpdir() });
  }
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function filesOf(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true }) as string[];
  return all.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly lines: Record<string, unknown>[];
}

/** Runs a bundle from its own folder, the way its image does, until it listens. */
async function run(service: 'api' | 'frontend', env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, ['index.js'], {
    cwd: join(first, service),
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DRAIN_SECONDS: '0', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  closing.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  const lines: Record<string, unknown>[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
      if (lines.at(-1)?.message === 'listening') resolve(lines.at(-1)?.port as number);
    });
    child.once('exit', (code) => reject(new Error(`exited with ${code}: ${JSON.stringify(lines)}`)));
  });
  return { child, port, lines };
}

async function serve(server: Server): Promise<string> {
  closing.push(async () => stop(server));
  return `http://127.0.0.1:${await start(server)}`;
}

describe('the image folders', () => {
  test('hold what an image needs', () => {
    const common = ['.dockerignore', 'Dockerfile', 'NOTICE', 'healthcheck.js', 'index.js', 'third-party-licenses.txt'];
    const data = ['LICENSE', 'NOTICE', 'SOURCE.json', 'geo.bin.gz'].map((name) => `data/${name}`);
    const assets = ['NOTICE', 'answer.css', 'favicon.svg', 'path.js', 'styles.css', 'world.svg'].map((name) => `static/${name}`);
    expect(filesOf(join(first, 'api'))).toEqual([...common, ...data].sort());
    expect(filesOf(join(first, 'frontend'))).toEqual([...common, ...assets].sort());
  });

  test('have the same bytes wherever they are built', () => {
    expect(filesOf(second)).toEqual(filesOf(first));
    for (const name of filesOf(first)) {
      expect([name, readFileSync(join(second, name)).equals(readFileSync(join(first, name)))]).toEqual([name, true]);
    }
  });

  test('name neither this machine nor a package registry', () => {
    for (const name of filesOf(first).filter((file) => !file.endsWith('.gz'))) {
      const content = readFileSync(join(first, name), 'utf8');
      for (const word of [ROOT, scratch, ` ${hostname()} `]) expect([name, content.includes(word)]).toEqual([name, false]);
      expect(content).not.toMatch(/https?:\/\/(registry\.|[\w.]*(npmjs|npmmirror|yarnpkg|unpkg|jsdelivr)\.)/);
    }
  });

  test('carry the licences of what is bundled', () => {
    const licenses = readFileSync(join(first, 'api', 'third-party-licenses.txt'), 'utf8');
    for (const name of ['ioredis', 'undici', 'lru-cache', '@aws-sdk/client-secrets-manager', '@photostructure/tz-lookup']) {
      expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
    expect(readFileSync(join(first, 'api', 'NOTICE'), 'utf8')).toContain('https://db-ip.com');
    expect(readFileSync(join(first, 'api', 'data', 'LICENSE'), 'utf8')).toMatch(/^Creative Commons Attribution 4\.0 International/);
  });
});

describe('the bundled services', () => {
  test('serve, pass their own health check, and leave with exit code 0 on SIGTERM', async () => {
    const api = await run('api', { TASK_ID: 'api-1' });
    const frontend = await run('frontend', { TASK_ID: 'front-1', API_URL: `http://127.0.0.1:${api.port}` });
    const answer = await ask(frontend.port, '/?ip=1.1.1.1', { headers: { accept: 'application/json' } });
    expect(JSON.parse(answer.text)).toMatchObject({ result: { city: 'Sydney' } });
    for (const [service, { port, child, lines }] of Object.entries({ api, frontend })) {
      const env = { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port) };
      execFileSync(process.execPath, [join(first, service, 'healthcheck.js')], { env });
      const exited = once(child, 'close');
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      expect(lines.map(({ message }) => message)).toEqual(['configured', 'listening', 'draining', 'stopped']);
      expect(() => execFileSync(process.execPath, [join(first, service, 'healthcheck.js')], { env, stdio: 'ignore' })).toThrow();
    }
  });

  test('fetch the key from Secrets Manager at run time and ask the upstream with it', async () => {
    const secrets = createServer((_, response) => response.end('{"SecretString":"{\\"apiKey\\":\\"from-the-secret\\"}"}'));
    const seen: string[] = [];
    const upstream = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end('{"location":{"country_code2":"NZ","city":"Auckland"}}');
    });
    const { port } = await run('api', {
      PROVIDER: 'upstream',
      UPSTREAM_URL: await serve(upstream),
      API_KEY_FROM_SECRETSMANAGER: 'true',
      SECRET_NAME: 'geo/key',
      SECRET_KEY: 'apiKey',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: await serve(secrets),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    const answer = await ask(port, '/v1/lookup/1.1.1.1');
    expect(JSON.parse(answer.text)).toMatchObject({ city: 'Auckland', country: { name: 'New Zealand' }, source: 'upstream' });
    expect(seen).toEqual(['/v3/ipgeo?apiKey=from-the-secret&ip=1.1.1.1']);
  });

  test('say what is wrong with their settings', async () => {
    await expect(run('frontend', {})).rejects.toThrow('API_URL must be set to an http:// or https:// address');
    await expect(run('api', { PORT: 'x' })).rejects.toThrow('PORT must be a whole number');
  });

  test('without a key, the upstream is not asked, and the log says so', async () => {
    const { port, lines } = await run('api', { PROVIDER: 'upstream' });
    expect(JSON.parse((await ask(port, '/v1/lookup/1.1.1.1')).text)).toMatchObject({ city: 'Sydney', source: 'embedded' });
    expect(lines.map(({ message }) => message)).toContain(
      'PROVIDER is upstream, but there is no API key: answers come from the embedded data',
    );
  });
});
