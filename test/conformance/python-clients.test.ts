import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { AddressInfo, Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { ContainerRedis, ElastiCacheRedis, ImportedRedis } from 'cdk-ecs-mesh';
import { Certificates, makeCertificates } from './certificates';
import { Deployment, PASSWORD } from './container';
import { REFUSAL, servePostgres } from './postgres-front';
import { Server } from './server';

jest.setTimeout(120_000);

const REQUIREMENTS = join(__dirname, 'requirements.txt');
const CLIENTS = join(__dirname, 'clients.py');
const PACKAGES = join(__dirname, '..', '..', '.cache', 'python-clients-celery-5.6.3-redis-8.1.0');

const directory = mkdtempSync(join(tmpdir(), 'python-conformance-'));
const servers: Server[] = [];
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(directory);
  if (existsSync(PACKAGES)) return;
  const draft = `${PACKAGES}-${process.pid}`;
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', draft, '-r', REQUIREMENTS];
  // Debian's own Python has pip only in a virtual environment.
  execFileSync('python3', ['-m', 'venv', join(directory, 'venv')], { stdio: 'pipe', timeout: 60_000 });
  execFileSync(join(directory, 'venv', 'bin', 'python'), install, { stdio: 'pipe', timeout: 100_000 });
  renameSync(draft, PACKAGES);
}, 180_000);

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const STORES: Record<string, () => Promise<Record<string, string>>> = {
  ContainerRedis: async () => {
    const deployment = new Deployment((scope, mesh) => new ContainerRedis(scope, 'Redis', { mesh }));
    const secrets = (deployment.server.Secrets as { Name: string }[]).map(({ Name }) => [Name, PASSWORD]);
    return started(deployment, await Server.container(folder(), deployment.server.Command, Object.fromEntries(secrets)));
  },
  ElastiCacheRedis: async () => {
    const deployment = new Deployment((scope, mesh) => new ElastiCacheRedis(scope, 'Redis', { mesh }));
    return started(deployment, await Server.configured(folder(), [`requirepass ${PASSWORD}`], certificates));
  },
  'ImportedRedis without a password': async () => {
    const deployment = new Deployment((scope) => new ImportedRedis(scope, 'Redis', { host: 'redis.example.com', tls: false }));
    return started(deployment, await Server.configured(folder(), []));
  },
};

const folder = () => join(directory, `server-${servers.length}-${Date.now()}`);

function started(deployment: Deployment, server: Server): Record<string, string> {
  servers.push(server);
  return deployment.variables(server.port);
}

/** What the client answers with exactly these variables. */
async function run(task: string, variables: Record<string, string>, ca?: string): Promise<unknown> {
  const env = { PATH: process.env.PATH, HOME: directory, PYTHONPATH: PACKAGES, ...(ca ? { SSL_CERT_FILE: ca } : {}), ...variables };
  const output = await new Promise<string>((resolve) => {
    execFile('python3', [CLIENTS, task], { env, cwd: directory, timeout: 60_000 }, (_, stdout, stderr) =>
      resolve(stdout || stderr),
    );
  });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

describe.each(Object.keys(STORES))('PR-52: %s', (store) => {
  test('redis-py', async () => expect(await run('redis', await STORES[store](), certificates.ca)).toBe('hello'));

  test('Celery, as broker and as backend', async () => {
    expect(await run('celery', await STORES[store](), certificates.ca)).toBe(5);
  });
});

test.each(['redis', 'celery'])('PR-52: %s does not trust another authority', async (task) => {
  expect(await run(task, await STORES.ElastiCacheRedis())).toEqual({ error: expect.stringMatching(/CERTIFICATE_VERIFY_FAILED/) });
});

describe('PR-53: psycopg', () => {
  let server: TcpServer;
  beforeEach(async () => void (server = await servePostgres(certificates)));
  afterEach(() => server.close());

  /** The variables of a container that is connected to a PostgresDatabase, and a bundle in its image. */
  const variables = (bundle: string, host = '127.0.0.1') => ({
    DATABASE_HOST: host,
    DATABASE_PORT: String((server.address() as AddressInfo).port),
    DATABASE_NAME: 'shop',
    DATABASE_USERNAME: 'app',
    DATABASE_PASSWORD: PASSWORD,
    DATABASE_SSLMODE: 'require',
    DATABASE_CA_FILE: bundle,
  });

  test.each([
    ['a server of the authority is trusted', '127.0.0.1', () => certificates.ca, REFUSAL],
    ['under another name it is not', 'localhost', () => certificates.ca, 'does not match host name'],
    ['one of another authority is not', '127.0.0.1', () => rootCertificate(), 'certificate verify failed'],
  ])('%s', async (_, host, bundle, message) => {
    expect(await run('database', variables(bundle(), host))).toEqual({ error: expect.stringContaining(message) });
  });
});

/** An authority that has not signed the server's certificate. */
function rootCertificate(): string {
  const file = join(directory, 'other.crt');
  writeFileSync(file, rootCertificates[0]);
  return file;
}

test.each([
  ['redis-py', 'redis-stores.md'],
  ['Celery', 'redis-stores.md'],
  ['psycopg', 'data.md'],
])('the recipe of %s is on the page', (name, file) => {
  const [, recipe] = new RegExp(`# recipe: ${name}\\n([\\s\\S]*?)\\n\\n\\n# recipe`).exec(readFileSync(CLIENTS, 'utf8'))!;
  const page = readFileSync(join(__dirname, '..', '..', 'docs', file), 'utf8');
  expect(page).toContain(recipe);
});
