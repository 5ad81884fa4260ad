import { Proof } from './proof';
import { changePassword } from './rotation';
import { expect, until, Visitor } from './visitor';
import { Tally, tallyOf, VotingBrowser } from './voting-browser';
import { redisOf, same, whenRedisIsBack } from './voting-proofs';
import { PostgresServer } from '../postgres/postgres-server';

const VOTERS = 8;
const TRIES = 5;
/** How long the page shows a count before it counts again, and how long that may take. */
const COUNTED_AGAIN_MS = 5000;

/** On the template with PostgreSQL: votes are rows there, and Redis has their count. */
export const VOTING_DATABASE_PROOFS: readonly Proof[] = [
  {
    name: 'VOTE-6: many browsers vote at once, and each has one row in PostgreSQL',
    prove: async (visitor) => {
      const before = rows(visitor);
      const browsers = Array.from({ length: VOTERS }, () => new VotingBrowser(visitor));
      const votes = async (choice: 'a' | 'b') => expectCounted(await Promise.all(browsers.map((each) => each.vote(choice))));
      await votes('a');
      await votes('b');
      same(rows(visitor), { a: before.a, b: before.b + VOTERS });
      await untilShown(visitor);
      return `${2 * VOTERS} votes of ${VOTERS} browsers, ${VOTERS} rows`;
    },
  },
  {
    name: 'VOTE-6: the count comes from Redis, and from PostgreSQL when it is too old',
    prove: async (visitor) => {
      // A busy machine may take longer for the row than the count is kept.
      let kept = false;
      for (let i = 0; i < TRIES && !kept; i++) {
        const before = await tallyOf(visitor);
        database(visitor).query(`INSERT INTO votes VALUES ('somebody who asked no task: ${i}', 'a')`);
        kept = (await tallyOf(visitor)).a === before.a;
      }
      expect(kept, `${TRIES} times, a row was counted at once`);
      const started = Date.now();
      await untilShown(visitor);
      return `one row more is shown ${Date.now() - started} ms later`;
    },
  },
  {
    name: 'VOTE-6: Redis is killed, and voting goes on',
    prove: async (visitor) => {
      const before = rows(visitor);
      await redisOf(visitor).running[0].containers[0].kill();
      const answers = await Promise.all(Array.from({ length: VOTERS }, () => new VotingBrowser(visitor).vote('a')));
      expectCounted(answers);
      const page = await new VotingBrowser(visitor).page();
      expect(page.status === 200 && !/cannot be reached right now/.test(page.body), `the page: status ${page.status}`);
      same(rows(visitor), { a: before.a + VOTERS, b: before.b });
      const { ms } = await whenRedisIsBack(visitor);
      await untilShown(visitor);
      return `${VOTERS} votes without Redis, all counted; it was back after ${ms} ms`;
    },
  },
  {
    name: 'the password of the database is rotated, and voting goes on',
    prove: async (visitor) => {
      const before = rows(visitor);
      changePassword(visitor.run, `rotated#/%${Date.now()}`);
      let asked = 0;
      await until('every task has the new password', 60_000, async () => {
        const answers = await Promise.all(Array.from({ length: 8 }, () => new VotingBrowser(visitor).vote('b')));
        asked += answers.filter(({ status }) => status === 303).length;
        return answers.every(({ status }) => status === 303);
      });
      same(rows(visitor), { a: before.a, b: before.b + asked });
      return `${asked} votes counted`;
    },
  },
  {
    name: 'PostgreSQL is killed: the page stays, votes are refused, and both come back by themselves',
    prove: async (visitor) => {
      await untilShown(visitor);
      await database(visitor).kill();
      const [page, refused] = await Promise.all([new VotingBrowser(visitor).page(), new VotingBrowser(visitor).vote('a')]);
      expect(page.status === 200, `the page: status ${page.status}`);
      expect(refused.status === 503, `the vote: status ${refused.status}`);
      await database(visitor).start();
      const started = Date.now();
      await until('votes count again', 30_000, async () => (await new VotingBrowser(visitor).vote('a')).status === 303);
      await untilShown(visitor);
      return `200 and 503, and 303 after ${Date.now() - started} ms`;
    },
  },
];

function database({ run }: Visitor): PostgresServer {
  const [server] = run.postgres.servers;
  expect(server !== undefined, 'the template has no PostgreSQL');
  return server;
}

/** The votes as the database has them. */
function rows(visitor: Visitor): Pick<Tally, 'a' | 'b'> {
  const count = (choice: string) => Number(database(visitor).query(`SELECT count(*) FROM votes WHERE choice = '${choice}'`));
  return { a: count('a'), b: count('b') };
}

async function untilShown(visitor: Visitor): Promise<void> {
  const { a, b } = rows(visitor);
  await until(`${a}:${b} is shown`, COUNTED_AGAIN_MS, async () => {
    const shown = await tallyOf(visitor);
    return shown.a === a && shown.b === b;
  });
}

function expectCounted(answers: readonly { readonly status: number }[]): void {
  const others = answers.map(({ status }) => status).filter((status) => status !== 303);
  expect(others.length === 0, `${others.length} of ${answers.length} votes answered ${others.join()}`);
}
