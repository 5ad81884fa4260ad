import { AvailabilityZoneRebalancing, DeploymentControllerType } from 'aws-cdk-lib/aws-ecs';
import { ComputeRequest } from './compute-request';

/**
 * ECS starts a task in the emptier zone before it stops one, so it refuses rebalancing where no further task may run. It does not move tasks that
 * CodeDeploy has placed.
 */
export function rebalancing({ maxHealthyPercent, deploymentController }: ComputeRequest['service']): AvailabilityZoneRebalancing {
  const isOwn = deploymentController?.type === DeploymentControllerType.ECS;
  return isOwn && maxHealthyPercent! > 100 ? AvailabilityZoneRebalancing.ENABLED : AvailabilityZoneRebalancing.DISABLED;
}
