import * as fs from 'node:fs';
import { serviceOf } from './links-client';
import { logsOf } from './logs';
import { PlatformClient } from './platform-client';
import { Proof } from './proof';
import { expect, until, Visitor } from './visitor';

/** Running tasks ask Parameter Store this often in the proofs, in place of every 30 seconds. */
export const PARAMETER_SECONDS = 1;

/** What operators and the clock do: settings, flags, the job, names inside the network. */
export const PLATFORM_OPERATOR_PROOFS: readonly Proof[] = [
  {
    name: 'PLAT-9: many items at once are refused until an operator sets the flag in Parameter Store',
    prove: async (visitor) => {
      const client = new PlatformClient(visitor);
      const many = Array.from({ length: 5 }, (_unused, i) => ({ text: `item ${i}` }));
      const before = await client.post('/items/bulk', many);
      expect(before.status === 403, `with the flag of the template, ${before.status}`);
      await setParameter(visitor, 'FLAGS_PATH', 'bulkImport', 'true');
      let answer = before;
      await until('the flag is on', 10_000, async () => (answer = await client.post('/items/bulk', many)).status === 202);
      const { items } = JSON.parse(answer.body) as { items: { id: string }[] };
      for (const { id } of items) await client.done(id);
      return `403, then 202 without a deployment; ${items.length} items done`;
    },
  },
  {
    name: 'PLAT-9: LOG_LEVEL is a variable from Parameter Store, and running tasks follow its change',
    prove: async (visitor) => {
      const worker = serviceOf(visitor, 'worker-service').plan.task.containers[0];
      const reference = worker.secrets.find(({ name }) => name === 'LOG_LEVEL')?.valueFrom ?? '';
      expect(/^arn:aws:ssm:.*:parameter\/.*LOG_LEVEL$/.test(reference), `LOG_LEVEL comes from ${reference || 'nowhere'}`);
      const client = new PlatformClient(visitor);
      const debugLines = () => logsOf(visitor, 'worker-service').filter((line) => line.includes('"level": "debug"')).length;
      expect(debugLines() === 0, 'debug lines are written with level info');
      await setParameter(visitor, 'SETTINGS_PATH', 'LOG_LEVEL', 'debug');
      await until('a worker writes debug lines', 20_000, async () => {
        await client.done((await client.add('how many characters')).id);
        return debugLines() > 0;
      });
      return `${reference.split(':').at(-1)}: info at start, debug after the change`;
    },
  },
  {
    name: 'PLAT-3, PLAT-5: the worker answers inside, by the name of the internal load balancer and by that of Cloud Map',
    prove: async (visitor) => {
      const url = `http://${visitor.nameOf(visitor.internal)}/health`;
      const answers = await Promise.all(Array.from({ length: 4 }, () => visitor.inside(url)));
      expect(
        answers.every((answer) => answer.startsWith('200 ')),
        answers.join('; '),
      );
      const port = serviceOf(visitor, 'worker-service').plan.task.containers[0].ports[0].containerPort;
      const direct = await visitor.inside(`http://worker-service.svc.platform.internal:${port}/health`);
      expect(direct.startsWith('200 '), direct);
      const targets = [...visitor.run.groups.values()]
        .filter(({ plan }) => /Worker/.test(plan.label))
        .flatMap((group) => group.targets);
      expect(targets.length === 2, `${targets.length} targets are registered`);
      return `${url} and worker-service.svc.platform.internal:${port}, ${targets.length} targets`;
    },
  },
  {
    name: 'PLAT-6: the scheduled job asks the worker through the internal load balancer, and its message is worked on',
    prove: async (visitor) => {
      const { jobs, postgres } = visitor.run;
      const plan = jobs?.plans.find(({ start }) => start.kind === 'schedule');
      expect(jobs !== undefined && plan?.start.kind === 'schedule', 'the template has no schedule');
      const [server] = postgres.servers;
      const old = "now() - interval '31 days'";
      server.query(`INSERT INTO items (id, text, words, done_at) VALUES (gen_random_uuid(), 'old', 1, ${old})`);
      const { log, startedAt, endedAt } = await jobs.run(plan);
      expect(/"message": "the job is done".*"worker"/.test(fs.readFileSync(log, 'utf8')), 'the job says nothing of a worker');
      const left = () => server.query(`SELECT count(*) FROM items WHERE done_at < ${old} + interval '1 hour'`);
      await until('a worker has removed the old item', 20_000, () => left() === '0');
      return `${plan.start.expression}, started by the proof: exit code 0 after ${endedAt - startedAt} ms, old item removed`;
    },
  },
];

/** What `aws ssm put-parameter --overwrite` does, for a parameter below the path that the containers have. */
async function setParameter(visitor: Visitor, pathVariable: string, name: string, value: string): Promise<void> {
  const { environment } = serviceOf(visitor, 'api-service').plan.task.containers[0];
  const full = `${environment[pathVariable]}${name}`;
  const { parameters } = visitor.run.aws.plan;
  expect(
    parameters.some((parameter) => parameter.name === full),
    `the template has no parameter ${full}`,
  );
  await visitor.run.aws.client.call('ssm', 'PutParameter', { Name: full, Value: value, Overwrite: true });
}
