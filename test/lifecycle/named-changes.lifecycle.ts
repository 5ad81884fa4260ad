import { App, Stack } from 'aws-cdk-lib';
import { Account } from './engine';
import { disagreements, Life, reasonsOf, Step, statusesOf } from './life';
import { CAPACITY_THAT_GOES, COMPUTE } from '../template/named-changes/compute';
import { DATABASES, STORES } from '../template/named-changes/data';
import { Build, NamedChange } from '../template/named-changes/named-change';
import { NETWORKS } from '../template/named-changes/network';

jest.setTimeout(600_000);

const REGION = 'eu-west-1';

function appOf(build: Build): App {
  const app = new App({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  build(new Stack(app, 'Shop', { env: { account: '111122223333', region: REGION } }));
  return app;
}

/** What the comparison of the templates is certain of, and the engine does not do; or the other way round. */
function refusalsDiffer({ comparison, failures, statuses }: Step): string[] {
  const said = comparison!.refusals.filter(({ isCertain }) => isCertain).map(({ rule, id }) => `${rule}: ${id}`);
  const done = failures.map(({ id, reason }) => `${id}: ${reason}`);
  const isPossible = comparison!.refusals.some(({ isCertain }) => !isCertain);
  if (said.length > 0 && done.length === 0 && !Object.values(statuses).some((one) => one.includes('ROLLBACK'))) {
    return [`only the comparison refuses ${said.join()}`];
  }
  return done.length > 0 && said.length === 0 && !isPossible ? [`only the engine refuses ${done.join()}`] : [];
}

/** Differences whose cause is known, by words of the page. Each must still be there. */
const EXPLAINED: Record<string, { readonly differs: RegExp; readonly because: string }> = {
  "CloudFormation's schema replaces the service": {
    differs: /ApiService.*: replaced, in place$/,
    because: 'the schema of cfn-lint is older than the specification of the CDK, in which DeploymentController is create-only',
  },
};

const all: NamedChange[] = [...COMPUTE, ...CAPACITY_THAT_GOES, ...DATABASES, ...STORES, ...NETWORKS];
const cases = all.map((change, index) => [index, change.page, change.says, change] as const);

test.each(cases)('%i, %s: %s', async (index, page, says, { before, after }) => {
  const life = new Life(`named change ${index}, ${page}: ${says}`, new Account(REGION));
  const made = await life.step('before', appOf(before));
  expect([statusesOf(made), reasonsOf(made)]).toEqual([['CREATE_COMPLETE'], []]);
  const step = await life.step('after', appOf(after));
  life.write();
  const isRolledBack = statusesOf(step).includes('UPDATE_ROLLBACK_COMPLETE');
  const differences = [...refusalsDiffer(step), ...(isRolledBack ? [] : disagreements(step))];
  const explained = EXPLAINED[says];
  expect(differences.filter((one) => !explained?.differs.test(one))).toEqual([]);
  expect(differences.length > 0).toBe(explained !== undefined);
});
