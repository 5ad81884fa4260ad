import { EcsService } from './ecs-service';
import { knownGroups } from './security-groups';
import { Resource } from '../../template/private/app-templates';

const ASSOCIATIONS = 'AWS::ECS::ClusterCapacityProviderAssociations';

/** Returns the resource that associates capacity providers with the cluster of a service. */
export function associationsOf(service: EcsService): Resource | undefined {
  const cluster = service.resource.at('Cluster').resource;
  return service.resource.app.all(ASSOCIATIONS).find((found) => cluster && found.at('Cluster').resource === cluster);
}

/** Returns the security groups of the hosts that the service can run on; undefined if one of them is not in the app. */
export function hostGroups(service: EcsService): Resource[] | undefined {
  const chosen = service.resource.at('CapacityProviderStrategy').references;
  const providers = chosen.length > 0 ? chosen : (associationsOf(service)?.at('CapacityProviders').references ?? []);
  const groups = providers.map((provider) => {
    const managed = provider.at('ManagedInstancesProvider', 'InstanceLaunchTemplate', 'NetworkConfiguration', 'SecurityGroups');
    if (!managed.isAbsent) return knownGroups(managed);
    const asg = provider.at('AutoScalingGroupProvider', 'AutoScalingGroupArn').resource;
    return asg && groupsOfScalingGroup(asg);
  });
  return groups.length > 0 && groups.every((found) => found) ? groups.flatMap((found) => found!) : undefined;
}

function groupsOfScalingGroup(asg: Resource): Resource[] | undefined {
  const launchConfiguration = asg.at('LaunchConfigurationName').resource;
  if (launchConfiguration) return knownGroups(launchConfiguration.at('SecurityGroups'));
  const mixed = asg.at('MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification', 'LaunchTemplateId').resource;
  const launchTemplate = mixed ?? asg.at('LaunchTemplate', 'LaunchTemplateId').resource;
  const data = launchTemplate?.at('LaunchTemplateData');
  const [networkInterface] = data?.at('NetworkInterfaces').items ?? [];
  return data && knownGroups(networkInterface ? networkInterface.at('Groups') : data.at('SecurityGroupIds'));
}
