import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FakeRedis } from '../../app/test/fake-redis';

/** What the tests use of the frontend, which is plain JavaScript, as its image runs it. */
interface Tally {
  a: number;
  b: number;
}
interface Ballot {
  cast(voter: string, choice: string): Promise<Tally>;
  tally(): Promise<Tally>;
  choiceOf(voter: string, look?: { fresh: boolean }): Promise<string | undefined>;
  close(): Promise<void>;
}
interface Table {
  put(voter: string, choice: string): Promise<void>;
  tally(): Promise<Tally>;
}
interface Clients {
  writer: { status: string; disconnect(): void };
  reader: { disconnect(): void };
}
type Constructor<T> = new (...args: object[]) => T;
type Query = (sql: string, values?: string[]) => Promise<{ rows: object[] }>;

const load = <T extends object>(name: string): T => jest.requireActual<T>(`../../examples/voting/frontend/lib/${name}`);
const { DurableBallot } = load<{ DurableBallot: Constructor<Ballot> }>('durable-ballot');
const { PostgresVotes } = load<{ PostgresVotes: Constructor<Table> }>('postgres-votes');
const { RedisBallot } = load<{ RedisBallot: Constructor<Ballot> }>('redis-ballot');
const { connectRedis } = load<{ connectRedis(settings: object): Clients }>('redis-client');

test('RedisBallot: votes go to the writer, pages read from the reader unless a vote was just cast', async () => {
  const client = (name: string) => ({
    eval: async () => [name, null],
    hmget: async () => ['1', null],
    hget: async () => name,
  });
  const redis = new RedisBallot({ writer: client('1'), reader: client('2') });
  expect(await redis.cast('v', 'a')).toEqual({ a: 1, b: 0 });
  expect([await redis.choiceOf('v'), await redis.choiceOf('v', { fresh: true })]).toEqual(['2', '1']);
});

describe('DurableBallot', () => {
  const server = new FakeRedis();
  const rows = { put: jest.fn(async () => undefined), tally: jest.fn(async () => ({ a: 2, b: 1 })), close: async () => undefined };
  let clients: Clients;
  let durable: Ballot;

  beforeEach(async () => {
    rows.tally.mockClear();
    server.data.clear();
    server.frozen = false;
    clients = connectRedis({ host: '127.0.0.1', port: await server.start() });
    durable = new DurableBallot(rows, clients);
    for (let i = 0; i < 300 && clients.writer.status !== 'ready'; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  afterEach(async () => {
    await durable.close();
    await server.kill();
  });

  test('the tally is counted once, then read from Redis; a vote counts anew', async () => {
    expect(await durable.tally()).toEqual({ a: 2, b: 1 });
    expect(await durable.tally()).toEqual({ a: 2, b: 1 });
    expect(rows.tally).toHaveBeenCalledTimes(1);
    await durable.cast('v', 'a');
    expect(rows.put).toHaveBeenCalledWith('v', 'a');
    expect(rows.tally).toHaveBeenCalledTimes(2);
  });

  test('a Redis that answers nothing costs bounded time, and no vote', async () => {
    server.frozen = true;
    const started = Date.now();
    expect(await durable.cast('v', 'a')).toEqual({ a: 2, b: 1 });
    expect(Date.now() - started).toBeLessThan(1500);
  });
});

describe('PostgresVotes', () => {
  const settings = {
    host: 'd',
    port: 5432,
    database: 'votes',
    user: 'app',
    password: 'old',
    secretArn: 'arn',
    authorities: join(mkdtempSync(join(tmpdir(), 'votes-')), 'rds.pem'),
  };
  let options: { ssl: object; query_timeout: number; password(): string };
  const query = jest.fn<ReturnType<Query>, Parameters<Query>>();
  class Pool {
    query = query;
    constructor(given: typeof options) {
      options = given;
    }
    on() {}
  }
  const votes = () => new PostgresVotes(settings, { Pool, readPassword: async (arn: string) => `new password of ${arn}` });

  beforeAll(() => writeFileSync(settings.authorities, 'PEM'));
  afterAll(() => rmSync(dirname(settings.authorities), { recursive: true }));
  beforeEach(() => query.mockReset().mockResolvedValue({ rows: [{ choice: 'b', votes: 4 }] }));

  test('the table is made once; TLS and time limits are set', async () => {
    const table = votes();
    await table.put('v', 'b');
    expect(await table.tally()).toEqual({ a: 0, b: 4 });
    expect(query.mock.calls.map(([sql]) => sql.slice(0, 12))).toEqual(['CREATE TABLE', 'INSERT INTO ', 'SELECT choic']);
    expect(options).toMatchObject({ ssl: { ca: 'PEM' }, query_timeout: 2000 });
  });

  test('a rotated password is read where it is kept, and the query runs again', async () => {
    query.mockRejectedValueOnce(Object.assign(new Error('password authentication failed'), { code: '28P01' }));
    await votes().put('v', 'b');
    expect(options.password()).toBe('new password of arn');
    expect(query).toHaveBeenCalledTimes(3);
  });

  test('a database that comes later is found, and a table that another task just made is no error', async () => {
    query.mockRejectedValueOnce(new Error('connect ECONNREFUSED'));
    const table = votes();
    await expect(table.put('v', 'b')).rejects.toThrow('ECONNREFUSED');
    query.mockRejectedValueOnce(Object.assign(new Error('exists'), { code: '42P07' }));
    await table.put('v', 'b');
  });
});
