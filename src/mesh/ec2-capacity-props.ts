import { Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Ec2PurchaseOption } from './ec2-purchase-option';
import { HostImage } from './host-image';
import { HostScaleIn } from './host-scale-in';
import { IMesh } from '../core/mesh';

/** Options for a group of container hosts. */
export interface Ec2CapacityOptions {
  /**
   * The instance type of the hosts. ARM types use the ARM image, types with NVIDIA GPUs the GPU image.
   *
   * @default - t3.small: 2 vCPU, 2 GiB, x86_64
   */
  readonly instanceType?: InstanceType;

  /**
   * Additional instance types with the same CPU architecture, in order of preference, up to 40 including `instanceType`. Spot needs
   * several.
   *
   * @default - none On-Demand or if you specify `instanceType`; t3.medium, t3a.medium and t3.large on Spot, or t3.medium and
   * t3.large in Regions without T3a instances
   */
  readonly otherInstanceTypes?: InstanceType[];

  /**
   * The purchase option of the hosts.
   *
   * @default Ec2PurchaseOption.onDemand()
   */
  readonly purchase?: Ec2PurchaseOption;

  /**
   * The operating system of the hosts.
   *
   * @default HostImage.amazonLinux2023()
   */
  readonly image?: HostImage;

  /**
   * The disk of each host for images and containers, 30 GiB to 16 TiB, gp3 and encrypted.
   *
   * @default - 30 GiB; 100 GiB with GPUs, whose images are large
   */
  readonly diskSize?: Size;

  /**
   * The minimum number of hosts. With two or more, each of two zones has one.
   *
   * @default 2
   */
  readonly minInstances?: number;

  /**
   * The maximum number of hosts.
   *
   * @default 4
   */
  readonly maxInstances?: number;

  /**
   * The target capacity of ECS managed scaling, 1 to 100 percent. A value below 100 keeps spare capacity, so that tasks start faster.
   *
   * @default 100
   */
  readonly targetCapacityPercent?: number;

  /**
   * Specifies how the group scales in.
   *
   * @default HostScaleIn.DRAIN
   */
  readonly scaleIn?: HostScaleIn;
}

/** Properties for a group of container hosts in a mesh. */
export interface Ec2CapacityProps extends Ec2CapacityOptions {
  /** The mesh whose cluster the hosts join. */
  readonly mesh: IMesh;
}
