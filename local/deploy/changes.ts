import { isDeepStrictEqual } from 'node:util';
import { CloudAssembly } from '../assembly/cloud-assembly';
import { Resource } from '../assembly/stack-template';
import { ServicePlan } from '../ecs/service-plan';
import { Resolver } from '../intrinsics/resolver';
import { JobPlan } from '../jobs/job-plan';

/** The services and jobs of an assembly, read for a run. */
export interface VersionPlan {
  readonly resolver: Resolver;
  readonly services: readonly ServicePlan[];
  readonly jobs: readonly JobPlan[];
}

/** What a deployment of one assembly over another one does. */
export interface Changes {
  readonly services: readonly ServicePlan[];
  readonly jobs: readonly JobPlan[];
}

/** What runs here and cannot be another one while it runs: stores, names and networks. */
const FIXED =
  /^AWS::(EC2::(Instance|NetworkInterface)|ElastiCache|RDS::DBInstance|SQS|S3::Bucket$|SSM::Parameter$|EFS|Route53|ServiceDiscovery|ElasticLoadBalancingV2::LoadBalancer$|AutoScaling::AutoScalingGroup$)/;
/** A new one is made up at once; another recipe would be another value. */
const SECRET = 'AWS::SecretsManager::Secret';
/** Its rules may change, and its port may not. */
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

/** Compares two versions; an error names what a deployment cannot change here. */
export function changesBetween(before: VersionPlan, after: VersionPlan): Changes {
  const changed = changedResources(before.resolver.assembly, after.resolver.assembly);
  const isFixed = ({ type, kind }: ChangedResource) =>
    FIXED.test(type) || (type === SECRET && kind === 'changed') || (type === LISTENER && kind !== 'changed');
  const fixed = changed.filter(isFixed);
  if (fixed.length > 0) {
    const list = fixed.map(({ key, type, kind }) => `${key} (${type}) is ${kind}`).join(', ');
    throw new Error(
      `the local run deploys services, jobs, target groups and rules, and not: ${list}; start the second assembly instead`,
    );
  }
  const keys = ({ services, jobs }: VersionPlan) => [...services, ...jobs].map(({ key }) => key);
  const odd = [
    ...keys(before).filter((key) => !keys(after).includes(key)),
    ...keys(after).filter((key) => !keys(before).includes(key)),
  ];
  if (odd.length > 0) {
    throw new Error(
      `the local run deploys services and jobs that are in both assemblies, and not ${odd.join(', ')}; start the second assembly instead`,
    );
  }
  const own = new Set(changed.map(({ key }) => key));
  const families = new Set(
    changed
      .filter(({ type, kind }) => type === 'AWS::ECS::TaskDefinition' && kind === 'changed')
      .map((each) => familyOf(each.resource, after)),
  );
  const isChanged = (plan: ServicePlan, old: ServicePlan) =>
    own.has(plan.key) || families.has(plan.task.family) || !isDeepStrictEqual(essence(plan), essence(old));
  const find = <T extends { readonly key: string }>(list: readonly T[], key: string) => list.find((each) => each.key === key)!;
  return {
    services: after.services.filter((plan) => isChanged(plan, find(before.services, plan.key))),
    jobs: after.jobs.filter((plan) => isChanged(plan.service, find(before.jobs, plan.key).service)),
  };
}

interface ChangedResource {
  readonly key: string;
  readonly type: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly resource: Resource;
}

/** Resources whose texts differ. */
export function changedResources(before: CloudAssembly, after: CloudAssembly): ChangedResource[] {
  const [old, now] = [before, after].map((assembly) => new Map(assembly.resources().map((resource) => [resource.key, resource])));
  const told = (kind: ChangedResource['kind'], resource: Resource): ChangedResource => ({
    ...{ kind, resource, key: resource.key, type: resource.type },
  });
  return [
    ...[...old.values()].filter(({ key }) => !now.has(key)).map((resource) => told('removed', resource)),
    ...[...now.values()].flatMap((resource) => {
      const former = old.get(resource.key);
      if (!former) return [told('added', resource)];
      const same = former.type === resource.type && isDeepStrictEqual(former.properties, resource.properties);
      return same ? [] : [told('changed', resource)];
    }),
  ];
}

function familyOf(resource: Resource, { resolver }: VersionPlan): string {
  return resolver.read(resource).get('Family').string(resource.logicalId);
}

/** The plan without where it was read from: folders differ between assemblies. */
function essence(plan: ServicePlan): unknown {
  const omitted = ['stack', 'after', 'directory', 'dockerfile'];
  return JSON.parse(JSON.stringify(plan, (key, value: unknown) => (omitted.includes(key) ? undefined : value)));
}
