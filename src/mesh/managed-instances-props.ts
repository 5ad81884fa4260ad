import { Size } from 'aws-cdk-lib';
import { InstanceRequirementsConfig } from 'aws-cdk-lib/aws-ec2';
import { CapacityOptionType, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../core/mesh';

/** Options for ECS Managed Instances. */
export interface ManagedInstancesOptions {
  /**
   * The requirements for the instances: vCPUs, memory, GPUs, allowed instance types. If you specify no CPU manufacturers, those of
   * `cpuArchitecture` are used.
   *
   * @default - 1 vCPU and 1 GiB or more; ECS chooses the cheapest general-purpose types that fit the waiting tasks
   */
  readonly requirements?: InstanceRequirementsConfig;

  /**
   * The CPU architecture of the instances. Images must be built for it.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * The purchase option of the instances.
   *
   * @default CapacityOptionType.ON_DEMAND
   */
  readonly purchase?: CapacityOptionType;

  /**
   * The disk of each instance for images, logs and writable paths, 30 GiB to 16 TiB.
   *
   * @default Size.gibibytes(80)
   */
  readonly diskSize?: Size;
}

/** Properties for ECS Managed Instances in a mesh. */
export interface ManagedInstancesProps extends ManagedInstancesOptions {
  /** The mesh whose cluster the instances join. */
  readonly mesh: IMesh;
}
