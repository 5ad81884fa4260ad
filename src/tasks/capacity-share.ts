import { IContainerHosts } from '../core/container-hosts';
import { IEc2Capacity } from '../core/ec2-capacity';
import { IManagedInstances } from '../core/managed-instances';
import { guard } from '../core/private/guard';

/** Options for the share of a capacity. */
export interface ShareOptions {
  /**
   * The number of tasks that always run on this capacity, 0 to 100,000. One share of a mix can have a base.
   *
   * @default - none
   */
  readonly base?: number;

  /**
   * The weight of the share for tasks beyond the base, relative to the other shares, 0 to 1,000. With 0, the share has only its base.
   *
   * @default 1
   */
  readonly weight?: number;
}

/**
 * A capacity in `Compute.mix`, with its base and weight.
 *
 * @example
 * declare const onDemand: Ec2Capacity;
 * declare const spot: Ec2Capacity;
 * // Two tasks always on demand; of the others three of four on Spot.
 * const compute = Compute.mix([CapacityShare.ec2(onDemand, { base: 2 }), CapacityShare.ec2(spot, { weight: 3 })]);
 */
export class CapacityShare {
  /**
   * Fargate On-Demand.
   *
   * @param options base and weight
   */
  public static fargate(options: ShareOptions = {}): CapacityShare {
    return new CapacityShare('Fargate', 'FARGATE', options);
  }

  /**
   * Fargate Spot.
   *
   * @param options base and weight
   */
  public static fargateSpot(options: ShareOptions = {}): CapacityShare {
    return new CapacityShare('Fargate', 'FARGATE_SPOT', options);
  }

  /**
   * A group of EC2 hosts, On-Demand or Spot.
   *
   * @param capacity hosts from `mesh.addEc2Capacity`
   * @param options base and weight
   */
  public static ec2(capacity: IEc2Capacity, options: ShareOptions = {}): CapacityShare {
    return new CapacityShare('EC2', capacity.capacityProviderName, options, capacity, capacity);
  }

  /**
   * ECS Managed Instances, On-Demand or Spot.
   *
   * @param instances instances from `mesh.addManagedInstances`
   * @param options base and weight
   */
  public static managedInstances(instances: IManagedInstances, options: ShareOptions = {}): CapacityShare {
    return new CapacityShare('Managed Instances', instances.capacityProviderName, options, instances);
  }

  /** The number of tasks that always run on this capacity. */
  public readonly base?: number;

  /** The weight for tasks beyond the base. */
  public readonly weight: number;

  private constructor(
    /** The kind of the capacity: a mix can contain only one, because AWS supports no others. @internal */
    public readonly _kind: 'Fargate' | 'EC2' | 'Managed Instances',
    /** @internal */
    public readonly _provider: string,
    options: ShareOptions,
    /** @internal */
    public readonly _hosts?: IContainerHosts,
    /** @internal */
    public readonly _ec2?: IEc2Capacity,
  ) {
    this.base = options.base;
    this.weight = options.weight ?? 1;
  }

  /** The name for the topology diagram. @internal */
  public get _label(): string {
    if (this._hosts) return this._hosts.onSpot ? `${this._kind} Spot` : this._kind;
    return this._provider === 'FARGATE' ? 'Fargate' : 'Fargate Spot';
  }

  /** Indicates whether AWS can reclaim the capacity. @internal */
  public get _onSpot(): boolean {
    return this._hosts?.onSpot ?? this._provider === 'FARGATE_SPOT';
  }
}

guard({ CapacityShare });
