import { Size } from 'aws-cdk-lib';
import { InstanceRequirementsConfig } from 'aws-cdk-lib/aws-ec2';
import { CapacityOptionType, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../core/mesh';

/** Choices of hosts that ECS manages. */
export interface ManagedInstancesOptions {
  /**
   * What the hosts must have: vCPUs, memory, GPUs, allowed types. Without makers of processors it gets those of `cpuArchitecture`.
   *
   * @default - 1 vCPU and 1 GiB or more; ECS chooses the cheapest general-purpose types that fit the waiting tasks
   */
  readonly requirements?: InstanceRequirementsConfig;

  /**
   * Processor of the hosts, for which images must be built.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * How the hosts are bought.
   *
   * @default CapacityOptionType.ON_DEMAND
   */
  readonly purchase?: CapacityOptionType;

  /**
   * Disk of each host for images, logs and writable paths, 30 GiB to 16 TiB.
   *
   * @default Size.gibibytes(80)
   */
  readonly diskSize?: Size;
}

/** Choices of hosts that ECS manages in a mesh. */
export interface ManagedInstancesProps extends ManagedInstancesOptions {
  /** Mesh whose cluster the hosts join. */
  readonly mesh: IMesh;
}
