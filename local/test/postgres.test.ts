import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { selfSigned } from '../elb/certificate';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { findPostgres } from '../postgres/engine';
import { PostgresHost } from '../postgres/postgres-host';
import { ProcessTable } from '../process/process-table';
import { Trust } from '../run/trust';
import { SecretValues } from '../secrets/secret-values';
import { resolverOf } from './fixture/resolver-of';

jest.mock('../postgres/engine', () => ({ findPostgres: jest.fn() }));
const engine = jest.requireActual<{ findPostgres: typeof findPostgres }>('../postgres/engine');

interface PgClient {
  connect(): Promise<void>;
  query(sql: string): Promise<{ rows: { name: string }[] }>;
  end(): Promise<void>;
}
const { Client } = jest.requireActual<{ Client: new (config: object) => PgClient }>('pg');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'postgres-test-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

const instance = (name: string) => ({
  Type: 'AWS::RDS::DBInstance',
  Properties: { Engine: 'postgres', DBName: name, MasterUsername: 'app', MasterUserPassword: 'secret' },
});

describe.each([
  ['has TLS', true],
  ['has none', false],
])('databases of a run whose engine %s', (_, tls) => {
  let addresses: Addresses;
  let host: PostgresHost;

  beforeAll(async () => {
    jest.mocked(findPostgres).mockImplementation((...words) => ({ ...engine.findPostgres(...words), tls }));
    addresses = await Addresses.claim();
    const resolver = resolverOf({ Orders: instance('orders'), Users: instance('users') });
    host = new PostgresHost({
      ...{ resolver, addresses, trust: new Trust(directory), logDirectory: directory, say: () => undefined },
      secrets: new SecretValues(resolver, {}),
      addressOf: () => addresses.allocate('cache'),
      table: new ProcessTable(directory),
      cacheDirectory: path.join(__dirname, '..', '..', '.cache'),
    });
    await host.start(new Ports());
  }, 60_000);

  afterAll(async () => {
    await host.stop();
    addresses.release();
  });

  /** What a client reads with the variables that the run gives it. */
  async function read(n: number, ssl: (variables: Record<string, string>) => { ca: string } | false): Promise<string> {
    const { hostName, plan } = host.servers[n].options;
    const env = host.adjust({ DATABASE_HOST: hostName, DATABASE_PORT: '5432', DATABASE_SSLMODE: 'require' });
    const [address, port] = [env.DATABASE_HOST, Number(env.DATABASE_PORT)];
    const login = { database: plan.database, user: plan.user, password: plan.password };
    const client = new Client({ host: address, port, ...login, ssl: ssl(env) });
    try {
      await client.connect();
      const { rows } = await client.query('SELECT current_database() AS name');
      return rows[0].name;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  test.each([
    [0, 'orders'],
    [1, 'users'],
  ])('a client that verifies the authority and the address reads from database %s', async (n, name) => {
    expect(await read(n, ({ PGSSLROOTCERT }) => ({ ca: fs.readFileSync(PGSSLROOTCERT, 'utf8') }))).toBe(name);
  });

  test('a client that trusts another authority does not', async () => {
    const { cert } = await selfSigned(['localhost'], []);
    expect(await read(0, () => ({ ca: cert }))).toMatch(/certificate/);
  });

  test('a client without TLS is sent away', async () => {
    expect(await read(0, () => false)).toMatch(/^(no pg_hba.conf entry for|pg_hba.conf rejects connection for) .*no encryption$/);
  });

  test('the operator asks the server itself', () => expect(host.servers[0].query('SELECT 1')).toBe('1'));
});
