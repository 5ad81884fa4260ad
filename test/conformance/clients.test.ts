import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientName, CLIENTS, install, recipeOf, run, Servers } from './clients';
import { Database } from './database';
import { Stores } from './stores';

jest.setTimeout(120_000);

const servers = new Servers();
const { directory, other, stores } = servers;

beforeAll(() => (['redis-py', 'BullMQ'] as const).forEach((name) => install(name, directory)), 240_000);

const ask = (name: ClientName, variables: Record<string, string>, ca?: string) => run(name, variables, directory, ca);

describe.each(Stores.SINGLE)('PR-52: %s', (store) => {
  test.each([
    ['redis-py', 'hello'],
    ['Celery', 5],
    ['BullMQ', 5],
  ] as const)('%s', async (name, answer) =>
    expect(await ask(name, await stores.start(store), servers.certificates.ca)).toBe(answer),
  );
});

describe.each(Stores.CLUSTERS)('PR-52: %s', (store) => {
  test.each([
    ['redis-py', 'hello'],
    ['BullMQ', 5],
  ] as const)('%s', async (name, answer) =>
    expect(await ask(name, await stores.start(store), servers.certificates.ca)).toBe(answer),
  );

  test('Celery is refused, as the page says', async () => {
    expect(await ask('Celery', await stores.start(store), servers.certificates.ca)).toEqual({
      error: expect.stringContaining('ClusterCrossSlotError'),
    });
  });
});

describe.each(['ElastiCacheRedis', 'ServerlessRedis'] as const)(
  'PR-52: a server of another authority in the place of %s',
  (store) => {
    test.each([
      ['redis-py', /CERTIFICATE_VERIFY_FAILED/],
      ['Celery', /CERTIFICATE_VERIFY_FAILED/],
      ['BullMQ', /unable to verify the first certificate|^(Connection is closed\.|timeout)$/], // ioredis does not say why it reaches no cluster
    ] as const)('is not trusted by %s', async (name, message) => {
      expect(await ask(name, await stores.start(store))).toEqual({ error: expect.stringMatching(message) });
    });
  },
);

describe.each(['psycopg', 'pg'] as const)('PR-53: %s', (name) => {
  let database: Database;
  beforeAll(async () => void (database = await Database.start(join(directory, name), servers.certificates)));
  afterAll(() => database?.stop());

  test('reads from a database of the authority', async () =>
    expect(await ask(name, database.variables(servers.certificates.ca))).toBe(1));

  test('does not trust it under another name', async () => {
    const variables = { ...database.variables(servers.certificates.ca), DATABASE_HOST: 'localhost' };
    expect(await ask(name, variables)).toEqual({
      error: expect.stringMatching(/does not match host name|Hostname\/IP does not match/),
    });
  });

  test('does not trust one of another authority', async () => {
    expect(await ask(name, database.variables(other))).toEqual({ error: expect.stringMatching(/certificate/) });
  });
});

test.each(Object.keys(CLIENTS) as ClientName[])('PR-52, PR-53: the page shows the recipe of %s that runs', (name) => {
  expect(readFileSync(join(__dirname, '..', '..', 'docs', 'clients.md'), 'utf8')).toContain(`\n${recipeOf(name)}\n\`\`\``);
});
