import { AvailabilityZoneRebalancing, DeploymentControllerType } from 'aws-cdk-lib/aws-ecs';
import { ComputeRequest } from './compute-request';

/**
 * Returns the rebalancing setting. ECS starts a task in another zone before it stops one, so it rejects rebalancing if no additional task
 * can run. It does not move tasks that CodeDeploy has placed.
 */
export function rebalancing({ maxHealthyPercent, deploymentController }: ComputeRequest['service']): AvailabilityZoneRebalancing {
  const isOwn = deploymentController?.type === DeploymentControllerType.ECS;
  return isOwn && maxHealthyPercent! > 100 ? AvailabilityZoneRebalancing.ENABLED : AvailabilityZoneRebalancing.DISABLED;
}
