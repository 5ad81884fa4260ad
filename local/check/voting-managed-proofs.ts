import { Proof } from './proof';
import { expect, until, Visitor } from './visitor';
import { tallyOf, VotingBrowser } from './voting-browser';
import { same } from './voting-proofs';
import { RedisServer } from '../redis/redis-server';

/** VOTE-5 and VOTE-8 on the template with ElastiCache: another store by one setting, the same image. */
export const VOTING_MANAGED_PROOFS: readonly Proof[] = [
  {
    name: 'the same image votes against the managed store, and reads through its reader endpoint',
    prove: async (visitor) => {
      const before = await tallyOf(visitor);
      const page = await new VotingBrowser(visitor).voteAndFollow('b');
      expect(page.status === 200, `status ${page.status}`);
      same(await tallyOf(visitor), { a: before.a, b: before.b + 1 });
      const frontend = visitor.serviceBehind(visitor.external);
      const { environment } = frontend.plan.task.containers[0];
      expect(environment.REDIS_READER_HOST !== undefined, 'the containers get no REDIS_READER_HOST');
      const connected =
        String(await theStore(visitor).call('CLIENT', 'LIST'))
          .trim()
          .split('\n').length - 1;
      expect(connected === 2 * frontend.running.length, `${connected} connections of ${frontend.running.length} tasks`);
      return `TLS ${environment.REDIS_TLS}, ${connected} connections: a writer and a reader for each task`;
    },
  },
  {
    name: 'the store is away for longer: the page stays, votes are refused, and both come back by themselves',
    prove: async (visitor) => {
      await theStore(visitor).kill();
      for (let i = 0; i < 10; i++) {
        const page = await new VotingBrowser(visitor).page();
        expect(page.status === 200 && /cannot be reached right now/.test(page.body), `the page: status ${page.status}`);
        const refused = await new VotingBrowser(visitor).vote('a');
        expect(refused.status === 503, `the vote: status ${refused.status}`);
      }
      await theStore(visitor).start();
      const started = Date.now();
      await until('votes count again', 15_000, async () => {
        const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await new VotingBrowser(visitor).vote('a')).status));
        return statuses.every((status) => status === 303);
      });
      return `10 pages of 200 and 10 votes of 503, then 303 after ${Date.now() - started} ms; failover itself is AWS's and not emulated`;
    },
  },
];

function theStore(visitor: Visitor): RedisServer {
  const [store] = visitor.run.redisServers;
  expect(store !== undefined, 'the template has no managed Redis');
  return store;
}
