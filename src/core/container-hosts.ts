import { IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';

/** A group of container hosts that services can run on, whoever manages them. */
export interface IContainerHosts extends IConstruct, IConnectable {
  /** Name of the ECS capacity provider. */
  readonly capacityProviderName: string;

  /** Security group of the hosts; tasks in bridge and host mode share it. */
  readonly securityGroup: ISecurityGroup;

  /** Processor of the hosts, for which images must be built. */
  readonly cpuArchitecture: CpuArchitecture;

  /** GPUs of each host, the fewest where hosts differ; 0 without. */
  readonly gpusPerHost: number;

  /** Whether EC2 may take hosts back with two minutes' notice. */
  readonly onSpot: boolean;
}
