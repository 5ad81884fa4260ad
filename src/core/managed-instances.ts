import { ManagedInstancesCapacityProvider } from 'aws-cdk-lib/aws-ecs';
import { IContainerHosts } from './container-hosts';

/** Container hosts that ECS chooses, starts, patches and ends by itself. */
export interface IManagedInstances extends IContainerHosts {
  /** The ECS capacity provider. */
  readonly capacityProvider: ManagedInstancesCapacityProvider;
}
