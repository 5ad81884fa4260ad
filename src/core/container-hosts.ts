import { IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';

/** A group of container hosts that services can run on. */
export interface IContainerHosts extends IConstruct, IConnectable {
  /** The name of the ECS capacity provider. */
  readonly capacityProviderName: string;

  /** The security group of the hosts, which tasks in bridge and host mode share. */
  readonly securityGroup: ISecurityGroup;

  /** The CPU architecture of the hosts. Images must be built for it. */
  readonly cpuArchitecture: CpuArchitecture;

  /** The number of GPUs on each host; the smallest number if hosts differ. */
  readonly gpusPerHost: number;

  /** Indicates whether EC2 can reclaim the hosts with two minutes' notice. */
  readonly onSpot: boolean;
}
