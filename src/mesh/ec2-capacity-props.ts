import { Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Ec2PurchaseOption } from './ec2-purchase-option';
import { HostImage } from './host-image';
import { HostScaleIn } from './host-scale-in';
import { IMesh } from '../core/mesh';

/** Choices of a group of container hosts. */
export interface Ec2CapacityOptions {
  /**
   * Type of the hosts. ARM types get the ARM image, types with NVIDIA GPUs the GPU image.
   *
   * @default - t3.small: 2 vCPU, 2 GiB, x86_64
   */
  readonly instanceType?: InstanceType;

  /**
   * Further types of the same processor that do as well, the best one first, up to 40 with `instanceType`. Spot needs some.
   *
   * @default - none on demand, and none beside an `instanceType`; t3a.small, t3.medium and t3a.medium on Spot
   */
  readonly otherInstanceTypes?: InstanceType[];

  /**
   * How the hosts are bought.
   *
   * @default Ec2PurchaseOption.onDemand()
   */
  readonly purchase?: Ec2PurchaseOption;

  /**
   * Operating system of the hosts.
   *
   * @default HostImage.amazonLinux2023()
   */
  readonly image?: HostImage;

  /**
   * Disk of each host for images and containers, 30 GiB to 16 TiB, gp3 and encrypted.
   *
   * @default - 30 GiB; 100 GiB with GPUs, whose images are large
   */
  readonly diskSize?: Size;

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

  /**
   * How the group gets smaller.
   *
   * @default HostScaleIn.DRAIN
   */
  readonly scaleIn?: HostScaleIn;
}

/** Choices of a group of container hosts in a mesh. */
export interface Ec2CapacityProps extends Ec2CapacityOptions {
  /** Mesh whose cluster the hosts join. */
  readonly mesh: IMesh;
}
