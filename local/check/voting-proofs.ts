import { Proof } from './proof';
import { underLoad } from './steady-load';
import { expect, until, Visitor } from './visitor';
import { Tally, tallyOf, tallyOfEachTask, VotingBrowser } from './voting-browser';
import { ServiceScheduler } from '../ecs/scheduler';

const VOTERS = 24;

/** The page and its votes, over both tasks, while tasks come and go. */
export const VOTING_PAGE_PROOFS: readonly Proof[] = [
  {
    name: 'the page answers, and finds Redis by the name of its load balancer',
    prove: async (visitor) => {
      const answer = await new VotingBrowser(visitor).page();
      expect(answer.status === 200 && /<form[^>]* action="\/vote"/.test(answer.body), `status ${answer.status}, or no form`);
      expect(/default-src 'none'/.test(String(answer.headers['content-security-policy'])), 'no content security policy');
      const [{ plan }] = visitor.run.networkLoadBalancers;
      const [container] = visitor.serviceBehind(visitor.external).plan.task.containers;
      expect(container.environment.REDIS_HOST === plan.dnsName, `REDIS_HOST is ${container.environment.REDIS_HOST}`);
      expect(!plan.external, 'the load balancer of Redis faces the internet');
      return `REDIS_HOST=${plan.dnsName}, ${plan.label}`;
    },
  },
  {
    name: 'a vote counts, one for each browser, and can be changed',
    prove: async (visitor) => {
      const browser = new VotingBrowser(visitor);
      const before = await tallyOf(visitor);
      const page = await browser.voteAndFollow('a');
      expect(/Your vote for <strong>[^<]+<\/strong> is counted/.test(page.body), 'the page does not confirm the vote');
      await browser.vote('a');
      same(await tallyOf(visitor), { a: before.a + 1, b: before.b });
      await browser.vote('b');
      const after = await tallyOf(visitor);
      same(after, { a: before.a, b: before.b + 1 });
      return `three votes of one browser: ${describe(before)}, then ${describe(after)}`;
    },
  },
  {
    name: 'many browsers vote at once, and both tasks have the same correct tally',
    prove: async (visitor) => {
      const before = await tallyOf(visitor);
      const votes = Array.from({ length: VOTERS }, (_unused, i) => (i % 3 === 0 ? 'b' : 'a'));
      const answers = await Promise.all(votes.map((choice) => new VotingBrowser(visitor).vote(choice)));
      const tasks = new Set(answers.map(({ headers }) => headers['x-task-id']));
      expect(tasks.size === 2, `${tasks.size} tasks took the votes`);
      const each = await tallyOfEachTask(visitor);
      for (const tally of each.values()) same(tally, { a: before.a + (VOTERS * 2) / 3, b: before.b + VOTERS / 3 });
      return `${VOTERS} votes over tasks ${[...each.keys()].join(' and ')}: ${describe([...each.values()][0])}`;
    },
  },
  {
    name: 'a task of the page is stopped while people vote, and nobody sees a failure',
    prove: async (visitor) => {
      const frontend = visitor.serviceBehind(visitor.external);
      const before = await tallyOf(visitor);
      const result = await voteDuring(visitor, () => frontend.stopTask(frontend.running[0], 'StopTask, asked for by the proof'));
      expect(result.failures.length === 0, `${result.failures.length} of ${result.votes} failed: ${result.failures[0]}`);
      same(await tallyOf(visitor), { a: before.a + result.votes, b: before.b });
      await until('all tasks are healthy again', 30_000, () => visitor.run.unready().length === 0);
      return `${result.votes} votes and as many pages, 0 failures, all counted`;
    },
  },
];

/** On the template with Redis in a container: what becomes of the votes. */
export const VOTING_PROOFS: readonly Proof[] = [
  ...VOTING_PAGE_PROOFS,
  {
    name: 'Redis is killed: the page shows the last known tally, votes are refused in a friendly way, and come back',
    prove: async (visitor) => {
      const before = await tallyOf(visitor);
      const redis = redisOf(visitor);
      const browser = new VotingBrowser(visitor);
      await browser.vote('a');
      const [container] = redis.running[0].containers;
      await container.kill();
      const [page, refused] = await Promise.all([new VotingBrowser(visitor).page(), new VotingBrowser(visitor).vote('a')]);
      expect(page.status === 200 && /cannot be reached right now/.test(page.body), `the page: status ${page.status}`);
      expect(refused.status === 503 && /could not be counted/.test(refused.body), `the vote: status ${refused.status}`);
      expect(Number(refused.headers['retry-after']) > 0, 'the refusal names no time to try again');
      const { after, ms } = await whenRedisIsBack(visitor);
      return `${judgeKept(visitor, { a: before.a + 1, b: before.b }, after)}; back after ${ms} ms`;
    },
  },
  {
    name: 'Redis is stopped as a deployment does it, and the votes are what the template promises',
    prove: async (visitor) => {
      await new VotingBrowser(visitor).vote('b');
      const before = await tallyOf(visitor);
      const redis = redisOf(visitor);
      await redis.stopTask(redis.running[0], 'StopTask, asked for by the proof');
      const { after, ms } = await whenRedisIsBack(visitor);
      await new VotingBrowser(visitor).vote('a');
      same(await tallyOf(visitor), { a: after.a + 1, b: after.b });
      return `${judgeKept(visitor, before, after)}; back after ${ms} ms`;
    },
  },
];

/** Persistence as the template has it: on a file system all votes are there again, without one none is. */
function judgeKept(visitor: Visitor, before: Pick<Tally, 'a' | 'b'>, after: Tally): string {
  const { fileSystem } = redisOf(visitor).plan.task.containers[0];
  same(after, fileSystem ? before : { a: 0, b: 0 });
  return fileSystem
    ? `votes kept on ${fileSystem}: ${describe(after)}`
    : `votes lost, as the template says: ${describe(before)} before`;
}

export function redisOf(visitor: Visitor): ServiceScheduler {
  const found = visitor.run.services.find(({ plan }) => plan.task.containers.some(({ image }) => image.kind === 'redis'));
  if (!found) throw new Error('the template has no Redis container');
  return found;
}

export async function whenRedisIsBack(visitor: Visitor): Promise<{ after: Tally; ms: number }> {
  const started = Date.now();
  await until('all tasks are healthy again', 45_000, () => visitor.run.unready().length === 0);
  await until('every task reads from Redis again', 15_000, async () => {
    const answers = [await tallyOf(visitor), await tallyOf(visitor), await tallyOf(visitor), await tallyOf(visitor)];
    return answers.every(({ stale }) => !stale);
  });
  return { after: await tallyOf(visitor), ms: Date.now() - started };
}

/** New browsers look at the page and vote for the first option, four at a time. */
async function voteDuring(visitor: Visitor, during: () => Promise<void>): Promise<{ votes: number; failures: readonly string[] }> {
  const once = async () => {
    const browser = new VotingBrowser(visitor);
    const page = await browser.page();
    expect(page.status === 200, `the page: status ${page.status}`);
    const answer = await browser.vote('a');
    expect(answer.status === 303, `the vote: status ${answer.status}`);
  };
  const { asked, failures } = await underLoad(20, once, during);
  return { votes: asked - failures.length, failures };
}

export function same(actual: Pick<Tally, 'a' | 'b'>, expected: Pick<Tally, 'a' | 'b'>): void {
  expect(actual.a === expected.a && actual.b === expected.b, `the tally is ${describe(actual)}, expected ${describe(expected)}`);
}

function describe({ a, b }: Pick<Tally, 'a' | 'b'>): string {
  return `${a}:${b}`;
}
