import { AvailabilityZoneRebalancing } from 'aws-cdk-lib/aws-ecs';
import { ComputeRequest } from './compute-request';

/** ECS starts a task in the emptier zone before it stops one, so it refuses rebalancing where no further task may run. */
export function rebalancing({ maxHealthyPercent }: ComputeRequest['service']): AvailabilityZoneRebalancing {
  return maxHealthyPercent! > 100 ? AvailabilityZoneRebalancing.ENABLED : AvailabilityZoneRebalancing.DISABLED;
}
