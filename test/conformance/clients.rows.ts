/** The clients of other languages, in the lane `clients`, which brings what CLIENTS names. */
import { join } from 'node:path';
import { run, Servers } from './clients';
import { Database } from './database';
import { Stores } from './stores';

jest.setTimeout(120_000);

const here = (process.env.CLIENTS ?? '').split(',');
const servers = new Servers();
const { directory, other, stores } = servers;

if (here.includes('Sidekiq')) {
  describe('PR-52: Sidekiq', () => {
    test.each(Stores.SINGLE)('performs a job on %s', async (store) => {
      expect(await run('Sidekiq', await stores.start(store), directory, servers.certificates.ca)).toBe(5);
    });

    test('does not trust another authority', async () => {
      expect(await run('Sidekiq', await stores.start('ElastiCacheRedis'), directory)).toEqual({
        error: expect.stringContaining('certificate verify failed'),
      });
    });
  });
}

if (here.includes('Laravel')) {
  describe('PR-52: Laravel', () => {
    test.each([...Stores.SINGLE, ...Stores.CLUSTERS])('runs a job on %s', async (store) => {
      expect(await run('Laravel', await stores.start(store), directory, servers.certificates.ca)).toBe(5);
    });

    test.each(['ElastiCacheRedis', 'ServerlessRedis'] as const)(
      'does not trust another authority in the place of %s',
      async (store) => {
        expect(await run('Laravel', await stores.start(store), directory)).toEqual({ error: expect.any(String) });
      },
    );
  });
}

if (here.includes('JDBC')) {
  describe('PR-53: JDBC', () => {
    let database: Database;
    beforeAll(async () => void (database = await Database.start(join(directory, 'database'), servers.certificates)));
    afterAll(() => database?.stop());

    test('reads from a database of the authority', async () => {
      expect(await run('JDBC', database.variables(servers.certificates.ca), directory)).toBe(1);
    });

    test('does not trust it under another name', async () => {
      const variables = { ...database.variables(servers.certificates.ca), DATABASE_HOST: 'localhost' };
      expect(await run('JDBC', variables, directory)).toEqual({ error: expect.stringContaining('hostname') });
    });

    test('does not trust one of another authority', async () => {
      expect(await run('JDBC', database.variables(other), directory)).toEqual({
        error: expect.stringContaining('unable to find valid certification path'),
      });
    });
  });
}
