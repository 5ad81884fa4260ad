import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AppendFsync,
  ContainerRedis,
  RedisPersistence,
  ContainerRedisProps,
  Ec2HostRedis,
  ElastiCacheRedis,
  ImportedRedis,
  RedisAuthentication,
  ServerlessRedis,
} from 'cdk-ecs-mesh';
import { Certificates, makeCertificates } from './certificates';
import { Deployment, PASSWORD, runClient, writeUntilGone } from './container';
import { Server } from './server';

jest.setTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), 'redis-conformance-'));
const servers: Server[] = [];
let certificates: Certificates;
let count = 0;

beforeAll(async () => {
  certificates = await makeCertificates(directory);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A server with these directives, and over TLS if asked for; ended after the test. */
async function serve(directives: string[], tls = false): Promise<Server> {
  const server = await Server.configured(join(directory, String(count++)), directives, tls ? certificates : undefined);
  servers.push(server);
  return server;
}

/** The container of a ContainerRedis, started by its own command; ended after the test. */
async function serveContainer(props: Partial<ContainerRedisProps> = {}) {
  const deployment = new Deployment((scope, mesh) => new ContainerRedis(scope, 'Redis', { mesh, ...props }));
  const secrets = (deployment.server.Secrets ?? []).map(({ Name }: { Name: string }) => [Name, PASSWORD]);
  const server = await Server.container(join(directory, String(count++)), deployment.server.Command, Object.fromEntries(secrets));
  servers.push(server);
  return { deployment, server, variables: deployment.variables(server.port) };
}

/** Variables without one of them. */
function without(name: string, variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([key]) => key !== name));
}

/** Command lines of every process of this machine, by process id. */
function processList(): Map<number, string> {
  if (!existsSync('/proc/self/cmdline')) {
    const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).trim().split('\n');
    return new Map(lines.map((line) => [parseInt(line), line]));
  }
  const lineOf = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return ''; // it ended meanwhile
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(pids.map((pid) => [Number(pid), lineOf(pid)]));
}

describe('ContainerRedis', () => {
  test('the command of the task definition gives a server that its clients reach by host and by URL', async () => {
    const { variables } = await serveContainer();
    expect(await runClient(variables, ['host', 'write', 10])).toBe(10);
    expect(await runClient(variables, ['url', 'read', 10])).toBe(10);
  });

  test('AUTH on: nobody gets in without the password, or with another one', async () => {
    const { variables } = await serveContainer();
    const stranger = without('REDIS_USERNAME', without('REDIS_PASSWORD', variables));
    expect(await runClient(stranger, ['host', 'ping'])).toEqual({ error: expect.stringContaining('NOAUTH') });
    expect(await runClient({ ...variables, REDIS_PASSWORD: 'wrong' }, ['host', 'ping'])).toEqual({
      error: expect.stringContaining('WRONGPASS'),
    });
  });

  test('AUTH off: REDIS_URL is enough', async () => {
    const { variables } = await serveContainer({ authentication: RedisAuthentication.NONE });
    expect(variables).not.toHaveProperty('REDIS_PASSWORD');
    expect(await runClient({ REDIS_URL: variables.REDIS_URL }, ['url', 'ping'])).toBe('PONG');
  });

  test('the password is in no process list, and the shell has become the server', async () => {
    const { server } = await serveContainer();
    const processes = processList();
    expect(processes.get(server.pid)).toContain(`127.0.0.1:${server.port}`);
    expect([...processes.values()].filter((line) => line.includes(PASSWORD))).toEqual([]);
  });

  test.each([RedisAuthentication.PASSWORD, RedisAuthentication.NONE])(
    'with the authentication %s, the health check is good while the server answers, and not after',
    async (authentication) => {
      const { deployment, server } = await serveContainer({ authentication });
      const [, script] = deployment.server.HealthCheck.Command;
      const check = () => execFileSync('/bin/sh', ['-c', script], { env: server.variables, stdio: 'pipe' });
      expect(check).not.toThrow();
      await server.end('SIGKILL');
      expect(check).toThrow();
    },
  );

  test('with another password in the health check it fails', async () => {
    const { deployment, server } = await serveContainer();
    const [, script] = deployment.server.HealthCheck.Command;
    const env = { ...server.variables, REDIS_PASSWORD: 'wrong' };
    expect(() => execFileSync('/bin/sh', ['-c', script], { env, stdio: 'pipe' })).toThrow();
  });

  test('without persistence a new task starts empty', async () => {
    const { server, variables } = await serveContainer();
    await runClient(variables, ['host', 'write', 10]);
    await server.end();
    await server.start();
    expect(await runClient(variables, ['host', 'read', 10])).toBe(0);
  });

  test('T18: with persistence, a deployment (SIGTERM) in the middle of writes loses nothing acknowledged', async () => {
    const { server, variables } = await serveContainer({ persistence: RedisPersistence.appendOnly() });
    const acknowledged = await writeUntilGone(variables, () => server.end('SIGTERM'));
    await server.start();
    expect(acknowledged).toBeGreaterThanOrEqual(500);
    expect(await runClient(variables, ['host', 'read', acknowledged])).toBe(acknowledged);
  });

  test('T18: with fsync on every write, a crash (SIGKILL) in the middle of writes loses nothing acknowledged', async () => {
    const persistence = RedisPersistence.appendOnly({ fsync: AppendFsync.ALWAYS });
    const { server, variables } = await serveContainer({ persistence });
    const acknowledged = await writeUntilGone(variables, () => server.end('SIGKILL'));
    await server.start();
    expect(acknowledged).toBeGreaterThanOrEqual(500);
    expect(await runClient(variables, ['host', 'read', acknowledged])).toBe(acknowledged);
  });
});

describe('Ec2HostRedis', () => {
  const deployment = new Deployment((scope, mesh) => new Ec2HostRedis(scope, 'Redis', { mesh }));

  test('a server with the configuration of the host: AUTH on, and a restart loses nothing acknowledged', async () => {
    const server = await serve([...deployment.configuration, `requirepass ${PASSWORD}`]);
    const variables = deployment.variables(server.port);
    expect(await runClient(without('REDIS_PASSWORD', variables), ['host', 'ping'])).toEqual({ error: expect.any(String) });
    const acknowledged = await writeUntilGone(variables, () => server.end('SIGTERM'));
    await server.start();
    expect(await runClient(variables, ['url', 'read', acknowledged])).toBe(acknowledged);
  });
});

describe('ElastiCacheRedis', () => {
  const deployment = new Deployment((scope, mesh) => new ElastiCacheRedis(scope, 'Redis', { mesh }));

  test('TLS and a password without a user name, by host and by URL', async () => {
    expect(deployment.properties('AWS::ElastiCache::ReplicationGroup').TransitEncryptionEnabled).toBe(true);
    const server = await serve([`requirepass ${PASSWORD}`], true);
    const variables = deployment.variables(server.port);
    expect(variables).not.toHaveProperty('REDIS_USERNAME');
    expect(await runClient(variables, ['host', 'write', 10], certificates.ca)).toBe(10);
    expect(await runClient(variables, ['url', 'read', 10], certificates.ca)).toBe(10);
  });

  test('a client that does not trust the authority, or speaks no TLS, gets no answer', async () => {
    const server = await serve([`requirepass ${PASSWORD}`], true);
    const variables = deployment.variables(server.port);
    expect(await runClient(variables, ['host', 'ping'])).toEqual({ error: expect.stringMatching(/certificate|signature/i) });
    expect(await runClient({ ...variables, REDIS_TLS: 'false' }, ['host', 'ping'], certificates.ca)).toEqual({
      error: expect.any(String),
    });
  });
});

describe('ServerlessRedis', () => {
  const deployment = new Deployment((scope, mesh) => new ServerlessRedis(scope, 'Redis', { mesh }));

  /** A cluster of one node that has every slot, with the user of the template. */
  async function serveCluster(): Promise<Server> {
    const { UserName, AccessString } = deployment.properties('AWS::ElastiCache::User');
    const server = await serve(['cluster-enabled yes', `user ${UserName} ${AccessString} >${PASSWORD}`], true);
    await server.formCluster(PASSWORD, certificates);
    return server;
  }

  test('T23: TLS, cluster protocol and user, for a client that is told of them', async () => {
    const server = await serveCluster();
    const variables = deployment.variables(server.port);
    expect(variables).toMatchObject({ REDIS_TLS: 'true', REDIS_CLUSTER_MODE: 'true', REDIS_USERNAME: 'default' });
    expect(await runClient(variables, ['host', 'write', 10], certificates.ca)).toBe(10);
    expect(await runClient(variables, ['host', 'read', 10], certificates.ca)).toBe(10);
  });

  test('T23: keys of several slots in one command are refused, as the docs say', async () => {
    const server = await serveCluster();
    const variables = deployment.variables(server.port);
    const plain = without('REDIS_CLUSTER_MODE', variables);
    expect(await runClient(plain, ['host', 'manyKeys'], certificates.ca)).toEqual({ error: expect.stringContaining('CROSSSLOT') });
  });
});

describe('ImportedRedis', () => {
  test('neither password nor TLS, on a port of its own', async () => {
    const server = await serve(['protected-mode no']);
    const deployment = new Deployment(
      (scope) => new ImportedRedis(scope, 'Redis', { host: 'redis.example.com', tls: false, port: server.port }),
    );
    const variables = deployment.variables(server.port);
    expect(await runClient(variables, ['host', 'write', 10])).toBe(10);
    expect(await runClient({ REDIS_URL: variables.REDIS_URL }, ['url', 'read', 10])).toBe(10);
  });

  test('TLS and a user of its own, from the fields of a secret', async () => {
    const server = await serve(['user default off', `user app on >${PASSWORD} ~key:* +@all`], true);
    const deployment = new Deployment(
      (scope) =>
        new ImportedRedis(scope, 'Redis', {
          host: 'redis.example.com',
          tls: true,
          credentials: { secret: Secret.fromSecretNameV2(scope, 'Secret', 'redis'), usernameField: 'login' },
        }),
    );
    const variables = deployment.variables(server.port, 'app');
    expect(await runClient(variables, ['url', 'write', 10], certificates.ca)).toBe(10);
    expect(await runClient(without('REDIS_USERNAME', variables), ['host', 'ping'], certificates.ca)).toEqual({
      error: expect.any(String),
    });
  });
});
