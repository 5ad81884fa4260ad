import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { IMesh } from '../core/mesh';

/** Choices of a group of container hosts. */
export interface Ec2CapacityOptions {
  /**
   * Type of the hosts. ARM types get the ARM image.
   *
   * @default - t3.small: 2 vCPU, 2 GiB, x86_64
   */
  readonly instanceType?: InstanceType;

  /**
   * Fewest hosts; two or more keep one in each of two zones.
   *
   * @default 2
   */
  readonly minInstances?: number;

  /**
   * Most hosts.
   *
   * @default 4
   */
  readonly maxInstances?: number;

  /**
   * Share of the hosts that ECS managed scaling aims to keep in use, 1 to 100 percent. Below 100 keeps spare room for quick starts.
   *
   * @default 100
   */
  readonly targetCapacityPercent?: number;
}

/** Choices of a group of container hosts in a mesh. */
export interface Ec2CapacityProps extends Ec2CapacityOptions {
  /** Mesh whose cluster the hosts join. */
  readonly mesh: IMesh;
}
