import { serviceOf } from './links-client';
import { logsOf } from './logs';
import { PlatformClient } from './platform-client';
import { Proof } from './proof';
import { pythonUnitTests } from './python-unit-tests';
import { underLoad } from './steady-load';
import { expect, until, Visitor } from './visitor';
import { QueuePlan } from '../aws/plan';

/** The way of an item: load balancer, API, queue, worker, PostgreSQL, and back through Redis. */
export const PLATFORM_PROOFS: readonly Proof[] = [
  pythonUnitTests('the app', { container: 'api-service', folder: 'examples/platform/app' }),
  {
    name: 'PLAT-2, PLAT-4: three API tasks answer over HTTPS by the public name, and no other name is let in',
    prove: async (visitor) => {
      const { external } = visitor;
      const health = await visitor.front('/health');
      expect(health.status === 200 && /"ok"/.test(health.body), `/health answered ${health.status}`);
      const api = visitor.serviceBehind(external);
      expect(api.running.length === 3, `${api.running.length} tasks run`);
      const listener = external.listeners.find(({ plan }) => plan.https) ?? external.listeners[0];
      const other = await visitor.through(listener, visitor.nameOf(external), '/health', { host: 'elsewhere.example' });
      expect(other.status === 404, `another name got ${other.status}`);
      return `${visitor.nameOf(external)} 200, elsewhere.example 404`;
    },
  },
  {
    name: 'PLAT-5: an item goes through the queue to a worker, and the row in PostgreSQL is finished',
    prove: async (visitor) => {
      const client = new PlatformClient(visitor);
      const { id } = await client.add('four words of text');
      const item = await client.done(id);
      expect(item.words === 4, `${item.words} words were counted`);
      const [server] = visitor.run.postgres.servers;
      const row = server.query(`SELECT words || ' ' || (done_at IS NOT NULL) FROM items WHERE id = '${id}'`);
      expect(row === '4 true', `the row is ${row}`);
      await until('the message is deleted', 5000, async () => (await messages(visitor, workQueue(visitor))) === 0);
      return `item ${id}: 4 words, by ${item.worker}; the queue is empty`;
    },
  },
  {
    name: 'a finished item is read from PostgreSQL once, and then from the managed Redis',
    prove: async (visitor) => {
      const client = new PlatformClient(visitor);
      const { id } = await client.add('cached');
      await until('a worker has done it', 20_000, async () => (await workerLog(visitor, id)).length > 0);
      const hows = [await client.get(`/items/${id}`), await client.get(`/items/${id}`)].map(({ headers }) => headers['x-cache']);
      expect(hows.join() === 'MISS,HIT', `the reads were ${hows.join()}`);
      const [redis] = visitor.run.redisServers;
      const seconds = Number(await redis.call('TTL', `item:${id}`));
      expect(seconds > 0, 'the key is not in Redis, or never expires');
      return `MISS, HIT; item:${id} is in ${redis.options.plan.label} for ${seconds} s`;
    },
  },
  {
    name: 'PLAT-5: what no worker can handle is in the dead-letter queue after as many receives as the template allows',
    prove: async (visitor) => {
      const { client } = visitor.run.aws;
      const queue = workQueue(visitor);
      const { maxReceiveCount, deadLetterTargetArn } = JSON.parse(queue.attributes.RedrivePolicy) as Redrive;
      const dead = visitor.run.aws.plan.queues.find(({ name }) => deadLetterTargetArn.endsWith(`:${name}`))!;
      const id = '00000000-0000-4000-8000-00000000dead';
      await client.call('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: JSON.stringify({ item: id }) });
      await until('the message is a dead letter', 20_000, async () => (await messages(visitor, dead)) === 1);
      const tries = (await workerLog(visitor, id)).filter((line) => line.includes('a message cannot be handled')).length;
      expect(tries === maxReceiveCount, `${tries} tries are in the logs`);
      return `${tries} tries, then ${dead.name}`;
    },
  },
  {
    name: 'PLAT-12: a worker is stopped while items arrive, and each item is done once',
    prove: async (visitor) => {
      const client = new PlatformClient(visitor);
      const worker = serviceOf(visitor, 'worker-service');
      const ids: string[] = [];
      const { failures } = await underLoad(
        50,
        async () => void ids.push((await client.add('one')).id),
        () => worker.stopTask(worker.running[0], 'StopTask, asked for by the proof'),
      );
      expect(failures.length === 0, `${failures.length} of ${ids.length} failed: ${failures[0]}`);
      for (const id of ids) await client.done(id, 30_000);
      const twice = (await workerLog(visitor, '"item was done already"')).length;
      expect(twice === 0, `${twice} items were handed out twice`);
      await until('both workers run again', 30_000, () => visitor.run.unready().length === 0);
      return `${ids.length} items, all done, none twice`;
    },
  },
];

interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** The queue that the API is told of. */
export function workQueue(visitor: Visitor): QueuePlan {
  const { environment } = serviceOf(visitor, 'api-service').plan.task.containers[0];
  const found = visitor.run.aws.plan.queues.find(({ url }) => url === environment.WORK_URL);
  expect(found !== undefined, `WORK_URL ${environment.WORK_URL} is no queue of the template`);
  return found;
}

/** Messages that wait, and those that somebody has received. */
async function messages({ run }: Visitor, { url }: QueuePlan): Promise<number> {
  const { Attributes: attributes } = await run.aws.client.call<{ Attributes: Record<string, string> }>(
    'sqs',
    'GetQueueAttributes',
    { QueueUrl: url, AttributeNames: ['All'] },
  );
  return Number(attributes.ApproximateNumberOfMessages) + Number(attributes.ApproximateNumberOfMessagesNotVisible);
}

async function workerLog(visitor: Visitor, text: string): Promise<string[]> {
  return logsOf(visitor, 'worker-service').filter((line) => line.includes(text));
}
