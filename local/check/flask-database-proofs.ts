import { LinksClient } from './links-client';
import { Proof } from './proof';
import { changePassword } from './rotation';
import { expect, until, Visitor } from './visitor';
import { PostgresServer } from '../postgres/postgres-server';

const LONG = 'https://example.com/kept';

/** What the database promises, and what happens without it. */
export const FLASK_DATABASE_PROOFS: readonly Proof[] = [
  {
    name: 'links are in PostgreSQL, under the user and password of the secret',
    prove: async (visitor) => {
      const { code } = await new LinksClient(visitor).make(LONG);
      const rows = database(visitor).query(`SELECT url FROM links WHERE code = '${code}'`);
      expect(rows === LONG, `the row is ${JSON.stringify(rows)}`);
      return `${database(visitor).options.plan.user}@links has ${code}`;
    },
  },
  {
    name: 'the password is rotated: tasks that are refused read the new one from Secrets Manager',
    prove: async (visitor) => {
      const server = database(visitor);
      changePassword(visitor.run, `rotated-${Date.now()}`);
      const client = new LinksClient(visitor);
      const started = Date.now();
      // A worker loads the SDK for this first; until it has, it says that it is unavailable.
      await until('every task has the new password', 60_000, async () => {
        const answers = await Promise.all(Array.from({ length: 12 }, () => client.post({ url: LONG })));
        const others = answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 503);
        expect(others.length === 0, `POST answered ${others.join()}`);
        return answers.every(({ status }) => status === 201);
      });
      return `after ${Date.now() - started} ms, on ${server.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'links'")} connections`;
    },
  },
  {
    name: 'PostgreSQL is killed: cached links still work, others say when to come back, and all are there afterwards',
    prove: async (visitor) => {
      const client = new LinksClient(visitor);
      const { code } = await client.make(LONG);
      await client.read(code);
      await database(visitor).kill();
      const cached = await client.get(`/l/${code}`);
      expect(cached.status === 302, `a cached link answered ${cached.status}`);
      const refused = await client.post({ url: LONG });
      expect(refused.status === 503 && Number(refused.headers['retry-after']) > 0, `POST answered ${refused.status}`);
      await database(visitor).start();
      const started = Date.now();
      await until('links can be made again', 30_000, async () => (await client.post({ url: LONG })).status === 201);
      expect((await client.get(`/api/links/${code}`)).status === 200, 'the link is gone');
      return `302 from Redis, 503 for a new one, and 201 again after ${Date.now() - started} ms`;
    },
  },
];

function database({ run }: Visitor): PostgresServer {
  const [server] = run.postgres.servers;
  expect(server !== undefined, 'the template has no PostgreSQL');
  return server;
}
