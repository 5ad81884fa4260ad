import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CAPACITY_THAT_GOES, COMPUTE } from './named-changes/compute';
import { DATABASES, STORES } from './named-changes/data';
import { Build, NamedChange } from './named-changes/named-change';
import { NETWORKS } from './named-changes/network';
import { readAssembly } from '../../src/template/private/assembly';
import { compare, Comparison } from '../../src/template/private/compare/compare';

/** What serves, holds data or is expensive to lose; what is around it, such as rules, roles and alarms, follows. */
const OF_INTEREST =
  /^AWS::(?:ECS::(?:Service|CapacityProvider|Cluster)|RDS::DBInstance|SecretsManager::Secret|ElastiCache::(?:ReplicationGroup|ServerlessCache)|EC2::(?:Instance|Volume|Subnet|VPC|NatGateway)|AutoScaling::AutoScalingGroup|ElasticLoadBalancingV2::(?:LoadBalancer|TargetGroup|ListenerRule))$/;

function comparisonOf({ before, after }: NamedChange): Comparison {
  const [deployed, next] = [before, after].map((build) => readAssembly(assemblyOf(build)));
  return compare(deployed, next);
}

function assemblyOf(build: Build): string {
  const app = new App();
  build(new Stack(app, 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } }));
  return app.synth().directory;
}

const short = (path: string) => path.replace(/^Shop\//, '').replace(/\/Resource$/, '');

function outcomesOf({ changes }: Comparison): Record<string, string> {
  const found = changes.filter(({ outcome, type }) => outcome !== 'unchanged' && OF_INTEREST.test(type));
  const text = (outcome: string, policy = 'Delete') => (policy === 'Delete' ? outcome : `${outcome}, ${policy}`);
  return Object.fromEntries(found.map(({ path, outcome, policy }) => [short(path), text(outcome, policy)]));
}

/** Each once: a service has several names, and a stack several exports. */
function refusalsOf({ changes, refusals }: Comparison): string[] {
  const texts = refusals.map(({ rule, id, isCertain }) => {
    const path = changes.find((change) => change.id === id)?.path;
    return `${rule}${isCertain ? '' : ', perhaps'}${path === undefined ? '' : `: ${short(path)}`}`;
  });
  return [...new Set(texts)];
}

function confirm(change: NamedChange): void {
  const comparison = comparisonOf(change);
  expect({ outcomes: outcomesOf(comparison), refusals: refusalsOf(comparison) }).toEqual({
    outcomes: change.outcomes,
    refusals: change.refusals ?? [],
  });
  const page = readFileSync(join(__dirname, '..', '..', change.page), 'utf8').replace(/\s+/g, ' ');
  expect(page.includes(change.says) ? '' : `${change.page} does not say: ${change.says}`).toBe('');
}

describe('what the pages say of a change', () => {
  const all = [...COMPUTE, ...DATABASES, ...STORES, ...NETWORKS];
  test.each(all.map((change) => [change.page, change.says, change] as const))('%s: %s', (_page, _says, change) => confirm(change));
});

describe('T33: capacity that goes with its last service', () => {
  test.each(CAPACITY_THAT_GOES.map((change) => [change.says, change] as const))('T33: %s', (_, change) => confirm(change));
});
