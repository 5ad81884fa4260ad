import { release } from './another-version';
import { deploy, DeploymentCase, expectNone, expectRelease, load, servicesOf } from './deployment-proofs';
import { PlatformClient } from './platform-client';
import { Proof } from './proof';
import { expect, Visitor } from './visitor';
import { Stage } from '../deploy/traffic-shift';
import { jsonOf, SecretValue } from '../secrets/secret-values';

/** Each request opens an item in PostgreSQL and a message in the queue. */
const API: DeploymentCase = { containers: ['api-service'], ask: (visitor) => new PlatformClient(visitor).add('two words') };

/** Blue/green by the default of the example, and the password that RDS rotates. */
export const PLATFORM_DEPLOYMENT_PROOFS: readonly Proof[] = [
  {
    name: 'PLAT-8: a blue/green deployment moves all requests at once after the new tasks are healthy, and no request fails',
    prove: async (visitor) => {
      const stages: Stage[] = [];
      visitor.run.deployer.hook = (stage) => void stages.push(stage);
      const result = await load(visitor, API, () => deploy(visitor, API, (container) => release(container, 2)));
      expectNone(result);
      expectRelease(visitor, API, 2);
      return `${result.asked} requests, 0 failures; ${stages.join(', ')}`;
    },
  },
  {
    name: 'PLAT-9: a rotated password reaches running services: new tasks start with it, and no request fails',
    prove: async (visitor) => {
      const { run } = visitor;
      const secret = databaseSecret(visitor);
      const [former, tasks] = [passwordOf(secret), run.tasks];
      let redeployed: readonly string[] = [];
      const result = await load(visitor, API, async () => {
        redeployed = (await run.rotate(secret.arn)).map(({ plan }) => plan.label);
      });
      expectNone(result);
      const password = passwordOf(databaseSecret(visitor));
      expect(password !== former, 'the password is the former one');
      expect(run.postgres.servers[0].query('SELECT 1') === '1', 'the server refuses the new password');
      expect(redeployed.length === 2, `${redeployed.join()} were redeployed`);
      const kept = run.tasks.filter((task) => tasks.includes(task));
      expect(kept.length === 0, `${kept.map(({ label }) => label).join()} still have the former password`);
      const { id } = await new PlatformClient(visitor).add('three more words');
      const item = await new PlatformClient(visitor).done(id);
      expect(item.words === 3, `${item.words} words were counted`);
      return `${result.asked} requests, 0 failures; ${redeployed.join(' and ')} redeployed`;
    },
  },
  {
    name: 'a rolling deployment of the workers finishes the items that arrive meanwhile',
    prove: async (visitor) => {
      const client = new PlatformClient(visitor);
      const workers = { containers: ['worker-service'] };
      const ids: string[] = [];
      const asking = { ...API, ask: async () => void ids.push((await client.add('one')).id) };
      const result = await load(visitor, asking, () => deploy(visitor, workers, (container) => release(container, 2)));
      expectNone(result);
      expectRelease(visitor, workers, 2);
      for (const id of ids) await client.done(id, 30_000);
      return `${ids.length} items, all done by ${servicesOf(visitor, workers)[0].running.length} new workers or the former ones`;
    },
  },
];

function databaseSecret({ run }: Visitor): SecretValue {
  const [{ options }] = run.postgres.servers;
  const found = run.secrets.secrets.find((secret) => jsonOf(secret)?.username === options.plan.user);
  expect(found !== undefined, 'no secret names the user of the database');
  return found;
}

function passwordOf(secret: SecretValue): string {
  return String(jsonOf(secret)?.password);
}
