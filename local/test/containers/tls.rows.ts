import * as fs from 'node:fs';
import { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as tls from 'node:tls';
import { inside } from './connections-of-run';
import { NODE, VALKEY } from './rows-app';
import { docker, ROOT } from './runner';
import { JsonObject } from '../../assembly/json';
import { selfSigned } from '../../elb/certificate';
import { Addresses } from '../../net/addresses';
import { LocalRun } from '../../run/local-run';
import { writeAssembly } from '../fixture/write-assembly';

// Stores speak TLS, and programs in tasks verify them: by the variables that they get, with the client of each official image. The lane
// `containers` runs this.
jest.setTimeout(240_000);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tls-'));
const POSTGRES = 'postgres:17';
const TOKEN = 'a-token-of-sixteen';
let run: LocalRun;
let company: tls.Server;

beforeAll(async () => {
  const certificate = await selfSigned(['company.example'], []);
  company = tls.createServer(certificate, (socket) => socket.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => company.once('listening', resolve));
  const caBundle = path.join(scratch, 'company.pem');
  fs.writeFileSync(caBundle, certificate.cert);
  const overrides = { COMPANY: `127.0.0.1:${(company.address() as AddressInfo).port}` };
  const options = { assembly: synthesise(path.join(scratch, 'assembly')), root: ROOT, localDirectory: path.join(ROOT, 'local') };
  run = new LocalRun(
    { ...options, overrides, caBundle, secrets: {}, engine: 'container', say: () => undefined },
    await Addresses.claim(),
  );
  await run.start();
});
afterAll(async () => {
  await run.stop();
  company.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

function synthesise(directory: string): string {
  const environment = (variables: JsonObject) => Object.entries(variables).map(([Name, Value]) => ({ Name, Value }));
  const container = (Name: string, Image: string, variables: JsonObject = {}) => ({
    ...{ Name, Image, Command: ['sleep', '1000'], Environment: environment(variables), ReadonlyRootFilesystem: true },
  });
  const store = { REDIS_HOST: { 'Fn::GetAtt': ['Cache', 'PrimaryEndPoint.Address'] } };
  const database = { DATABASE_HOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] }, DATABASE_PORT: '5432' };
  const ContainerDefinitions = [
    container('psql', POSTGRES, database),
    container('cli', VALKEY, store),
    container('node', NODE, store),
    container('own', NODE, { SSL_CERT_FILE: '/own.pem' }),
  ];
  const Resources = {
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: { Family: 'clients', NetworkMode: 'awsvpc', Cpu: '256', Memory: '512', ContainerDefinitions },
    },
    Clients: {
      Type: 'AWS::ECS::Service',
      Properties: { LaunchType: 'FARGATE', DesiredCount: 1, TaskDefinition: { Ref: 'Task' } },
    },
    Cache: {
      Type: 'AWS::ElastiCache::ReplicationGroup',
      Properties: { TransitEncryptionEnabled: true, AuthToken: TOKEN },
    },
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        ...{ Engine: 'postgres', EngineVersion: '17', DBName: 'app', MasterUsername: 'app', MasterUserPassword: 'secret' },
      },
    },
  };
  return writeAssembly(directory, { Stack: { Resources } });
}

/** What a shell in a container of the task prints. */
function shell(container: string, command: string): Promise<string> {
  const { runtime } = run.tasks[0].containers.find(({ plan }) => plan.name === container)!;
  return inside(docker, runtime.id, ['sh', '-c', `${command} 2>&1`]);
}

describe('a database', () => {
  const psql = (connection: string, variables = '') =>
    shell('psql', `PGPASSWORD=secret ${variables} psql "port=$DATABASE_PORT user=app dbname=app ${connection}" -c '\\conninfo'`);
  const verified = 'host=$DATABASE_HOST sslmode=verify-full';

  test('is verified in full', async () => {
    expect(await psql(verified)).toMatch(/connected to database "app" as user "app"[^]*TLSv1\.3/);
  });

  test('is not with the authorities that an image has anyway', async () => {
    expect(await psql(verified, 'PGSSLROOTCERT=system')).toContain('certificate verify failed');
  });

  test('is not under another name', async () => {
    expect(await psql('host=elsewhere.example hostaddr=$DATABASE_HOST sslmode=verify-full')).toContain(
      'does not match host name "elsewhere.example"',
    );
  });

  test('sends away who does not encrypt', async () => {
    expect(await psql('host=$DATABASE_HOST sslmode=disable')).toContain('no encryption');
  });
});

describe('a cache with encryption in transit', () => {
  const cli = (words: string, variables = '') =>
    shell('cli', `${variables} REDISCLI_AUTH=${TOKEN} timeout 5 valkey-cli -h "$REDIS_HOST" ${words} ping`);

  test('is verified by a program that trusts what OpenSSL does', async () => {
    expect(await cli('--tls')).toBe('PONG');
    expect(await cli('--tls', 'SSL_CERT_FILE=/dev/null')).toContain('certificate verify failed');
  });

  test('answers nobody in the clear', async () => expect(await cli('')).not.toContain('PONG'));

  test('is verified by Node.js', async () => {
    const program = `tls.connect(6379, process.env.REDIS_HOST).on('error', (e) => console.log(e.code)).on('data', (text) => console.log(String(text).trim())).write('AUTH ${TOKEN}\\r\\nQUIT\\r\\n')`;
    expect(await shell('node', `node -e "${program}"`)).toMatch(/^\+OK/);
    expect(await shell('node', `NODE_EXTRA_CA_CERTS= node -e "${program}"`)).toMatch(/CERT/);
  });
});

describe('the certificates of --ca-bundle', () => {
  const program = `const [host, port] = process.env.COMPANY.split(':');
    tls.connect({ host, port, servername: 'company.example' }).on('error', (e) => console.log(e.code)).pipe(process.stdout)`;

  test('are trusted by the programs of tasks', async () => {
    expect(await shell('node', `node -e "${program}"`)).toBe('hello');
    expect(await shell('node', `NODE_EXTRA_CA_CERTS= node -e "${program}"`)).toMatch(/CERT/);
  });

  test('are beside those that everybody trusts', async () => {
    expect(await shell('cli', 'grep -c BEGIN "$SSL_CERT_FILE"')).toBe(String(tls.rootCertificates.length + 2));
  });

  test('take nothing from a variable of the template', async () => {
    expect(await shell('own', 'echo $SSL_CERT_FILE')).toBe('/own.pem');
  });
});
