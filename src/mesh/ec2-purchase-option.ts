import { SpotAllocationStrategy } from 'aws-cdk-lib/aws-autoscaling';

/** Choices of Spot hosts. */
export interface Ec2SpotOptions {
  /**
   * Which of the possible types EC2 starts.
   *
   * @default SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED
   */
  readonly allocationStrategy?: SpotAllocationStrategy;

  /**
   * Most USD an hour for a host, such as `0.02`. A limit makes interruptions more likely, so leave it out unless you must.
   *
   * @default - the on-demand price
   */
  readonly maxPrice?: string;
}

/**
 * How container hosts are bought.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const spot = mesh.addEc2Capacity('Spot', { purchase: Ec2PurchaseOption.spot(), maxInstances: 10 });
 */
export class Ec2PurchaseOption {
  /** Hosts that stay until they are given back. */
  public static onDemand(): Ec2PurchaseOption {
    return new Ec2PurchaseOption(false, {});
  }

  /**
   * Spare hosts at a discount, which EC2 takes back with two minutes' notice. Hosts at risk are replaced early, and a host that gets the
   * notice stops taking tasks, leaves its target groups and sends SIGTERM to its tasks.
   *
   * @param options how EC2 chooses, and a price limit
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-spot.html
   */
  public static spot(options: Ec2SpotOptions = {}): Ec2PurchaseOption {
    return new Ec2PurchaseOption(true, options);
  }

  private constructor(
    /** Whether EC2 may take the hosts back. */
    public readonly isSpot: boolean,
    /** @internal */
    public readonly _options: Ec2SpotOptions,
  ) {}
}
