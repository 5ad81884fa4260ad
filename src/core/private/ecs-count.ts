import { CfnResource } from 'aws-cdk-lib';
import { CfnClusterCapacityProviderAssociations, CfnService, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Violation } from './errors';
import { Quota, QUOTAS } from './quotas';

/** Counts what ECS takes a fixed number of, whichever calls have added it. */
export function countEcsParts(resources: CfnResource[]): Violation[] {
  return resources.flatMap((resource) => {
    if (resource instanceof CfnTaskDefinition) return partsOfTask(resource);
    if (resource instanceof CfnService) return partsOfService(resource);
    if (!(resource instanceof CfnClusterCapacityProviderAssociations)) return [];
    const fix = 'use fewer groups of hosts, whose services can share them, or a second mesh';
    return above(resource, 'capacityProviders', resource.capacityProviders, QUOTAS.capacityProvidersOfCluster, fix);
  });
}

function partsOfTask(task: CfnTaskDefinition): Violation[] {
  const fix = 'divide them into two services; `operations.tracing` and logging by FireLens add a container each';
  return above(task, 'containerDefinitions', task.containerDefinitions, QUOTAS.containersOfTask, fix);
}

function partsOfService(service: CfnService): Violation[] {
  const network = service.stack.resolve(service.networkConfiguration) as CfnService.NetworkConfigurationProperty | undefined;
  const { subnets } = (network?.awsvpcConfiguration ?? {}) as Partial<CfnService.AwsVpcConfigurationProperty>;
  const fix = 'choose fewer with `taskSubnets` of `MeshNetwork.fromVpc`';
  return above(service, 'subnets', subnets, QUOTAS.subnetsOfService, fix);
}

function above(holder: CfnResource, property: string, list: unknown, { limit, of, source }: Quota, fix: string): Violation[] {
  const resolved: unknown = holder.stack.resolve(list);
  const count = Array.isArray(resolved) ? resolved.length : 0;
  if (count <= limit) return [];
  return [
    { prop: `${property} of ${holder.node.path}`, must: `have at most ${limit} entries (${of}: ${source})`, got: count, fix },
  ];
}
