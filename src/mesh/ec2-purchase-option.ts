import { SpotAllocationStrategy } from 'aws-cdk-lib/aws-autoscaling';
import { guard } from '../core/private/guard';

/** Options for Spot hosts. */
export interface Ec2SpotOptions {
  /**
   * The Spot allocation strategy.
   *
   * @default SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED
   */
  readonly allocationStrategy?: SpotAllocationStrategy;

  /**
   * The maximum price per hour and host in USD, such as `0.02`. A maximum price makes interruptions more likely, so we recommend that you
   * do not set one.
   *
   * @default - the on-demand price
   */
  readonly maxPrice?: string;
}

/**
 * The purchase option of container hosts.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const spot = mesh.addEc2Capacity('Spot', { purchase: Ec2PurchaseOption.spot(), maxInstances: 10 });
 */
export class Ec2PurchaseOption {
  /** On-Demand hosts, which are not interrupted. */
  public static onDemand(): Ec2PurchaseOption {
    return new Ec2PurchaseOption(false, {});
  }

  /**
   * Spot hosts at a discount, which EC2 can reclaim with two minutes' notice. Hosts at risk are replaced early, and a host that receives
   * the notice accepts no more tasks, is deregistered from its target groups and sends SIGTERM to its tasks.
   *
   * @param options allocation strategy and maximum price
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-spot.html
   */
  public static spot(options: Ec2SpotOptions = {}): Ec2PurchaseOption {
    return new Ec2PurchaseOption(true, options);
  }

  private constructor(
    /** Indicates whether EC2 can reclaim the hosts. @internal */
    public readonly _isSpot: boolean,
    /** @internal */
    public readonly _options: Ec2SpotOptions,
  ) {}
}

guard({ Ec2PurchaseOption });
