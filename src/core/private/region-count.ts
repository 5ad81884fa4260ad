import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { CfnEIP, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Violation, warn } from './errors';
import { Quota, QUOTAS } from './quotas';
import { targetOf } from './tally';

/** Warns of more in an account and Region than the default quota. */
export function countInRegions(resources: CfnResource[]): Violation[] {
  warnAbove('NetworkCount', QUOTAS.networksOfRegion, byPlace(resources, CfnVPC, regionOf), {
    what: 'networks in one Region, of which an account has at most 5',
    advice: 'let several meshes use one with `MeshNetwork.fromVpc`',
  });
  warnAbove('ElasticAddresses', QUOTAS.addressesOfRegion, byPlace(resources, CfnEIP, regionOf), {
    what: 'Elastic IP addresses in one Region, such as that of each NAT gateway, of which an account has at most 5',
    advice:
      'choose `NatStrategy.single()` where the loss of a zone may stop calls to the internet, or let several meshes use one network',
  });
  warnAbove('EventRules', QUOTAS.rulesOfEventBus, byPlace(resources, CfnRule, busOf), {
    what: 'rules on one event bus, which has at most 300, in some Regions 100,',
    advice: 'deploy some of the stacks to another account or Region',
  });
  return [];
}

interface Words {
  readonly what: string;
  readonly advice: string;
}

function warnAbove(id: string, { limit, source }: Quota, places: CfnResource[][], { what, advice }: Words): void {
  for (const found of places) {
    if (found.length <= limit) continue;
    const stack = Stack.of(found[limit]);
    warn(
      stack,
      id,
      `The stacks up to ${stack.node.path} have ${found.length} ${what} unless the quota was raised (${source}). Raise it before you deploy, or ${advice}.`,
    );
  }
}

/** Returns the resources of a type, those of one place together. */
function byPlace<T extends CfnResource>(
  resources: CfnResource[],
  type: new (...args: never[]) => T,
  placeOf: (resource: T) => unknown,
): T[][] {
  const places = new Map<unknown, T[]>();
  for (const resource of resources) {
    if (!(resource instanceof type)) continue;
    const place = placeOf(resource);
    places.set(place, [...(places.get(place) ?? []), resource]);
  }
  return [...places.values()];
}

/** The account and Region of a resource. Stacks of which they are not known may be in one. */
function regionOf(resource: CfnResource): string {
  const { account, region } = Stack.of(resource);
  return [account, region].map((part) => (Token.isUnresolved(part) ? '' : part)).join(' ');
}

/** Returns the bus in the app, or the place and name of another one. */
function busOf(rule: CfnRule): unknown {
  const { eventBusName = 'default' } = rule;
  return targetOf(rule, eventBusName) ?? `${regionOf(rule)} ${eventBusName}`;
}
