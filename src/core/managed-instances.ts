import { ManagedInstancesCapacityProvider } from 'aws-cdk-lib/aws-ecs';
import { IContainerHosts } from './container-hosts';

/** Container hosts that ECS selects, launches, patches and terminates. */
export interface IManagedInstances extends IContainerHosts {
  /** The ECS capacity provider. */
  readonly capacityProvider: ManagedInstancesCapacityProvider;
}
