import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { Certificates, makeCertificates } from '../conformance/certificates';

interface Votes {
  tally(): Promise<unknown>;
}
interface Settings {
  readonly database: object;
}

const load = <T extends object>(name: string): T => jest.requireActual<T>(`../../examples/voting/frontend/lib/${name}`);
const { PostgresVotes } = load<{ PostgresVotes: new (settings: object) => Votes }>('postgres-votes');
const { readSettings } = load<{ readSettings(env: object): Settings }>('settings');

/** The message with which the server ends every connection that the client trusts. */
const REFUSAL = 'the client trusts this server';

const directory = mkdtempSync(join(tmpdir(), 'voting-tls-'));
let trusted: Certificates;
let server: Server;

/** A server that takes PostgreSQL's request for TLS, and answers the first message in it with an error. */
function serve({ key, cert }: Certificates): Server {
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(cert) });
  const secure = (socket: Socket) => {
    const tls = new TLSSocket(socket, { isServer: true, secureContext });
    tls.on('error', () => undefined);
    tls.once('data', () => tls.end(errorResponse(`SFATAL\0C08004\0M${REFUSAL}\0\0`)));
  };
  return createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.write('S', () => secure(socket))));
}

function errorResponse(fields: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + Buffer.byteLength(fields));
  return Buffer.concat([Buffer.from('E'), length, Buffer.from(fields)]);
}

beforeAll(async () => {
  trusted = await makeCertificates(directory);
  server = serve(trusted);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
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
    expect(await errorOf({ DATABASE_CA: readFileSync(trusted.ca, 'utf8') })).toBe(REFUSAL);
  });

  test('a server of the given authority under another name is not', async () => {
    expect(await errorOf({ DATABASE_CA: readFileSync(trusted.ca, 'utf8') }, 'localhost')).toMatch(/Hostname\/IP does not match/);
  });

  test('a server of another authority is not, by default that of Amazon RDS', async () => {
    expect(await errorOf({})).toMatch(/unable to (get local issuer|verify the first) certificate/);
  });
});
