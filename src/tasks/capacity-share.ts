import { IContainerHosts } from '../core/container-hosts';
import { IEc2Capacity } from '../core/ec2-capacity';
import { IManagedInstances } from '../core/managed-instances';

/** What part of a service's tasks a capacity takes. */
export interface ShareOptions {
  /**
   * Tasks that always run here, 0 to 100000. One share of a mix may have a base.
   *
   * @default - none
   */
  readonly base?: number;

  /**
   * Part of the tasks beyond the base, relative to the other shares, 0 to 1000. With 0 the share has its base and nothing beyond it.
   *
   * @default 1
   */
  readonly weight?: number;
}

/**
 * One capacity in `Compute.mix`, with its base and weight.
 *
 * @example
 * declare const onDemand: Ec2Capacity;
 * declare const spot: Ec2Capacity;
 * // Two tasks always on demand; of the others three of four on Spot.
 * const compute = Compute.mix([CapacityShare.ec2(onDemand, { base: 2 }), CapacityShare.ec2(spot, { weight: 3 })]);
 */
export class CapacityShare {
  /**
   * Fargate on demand.
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
   * A group of EC2 hosts, on demand or on Spot.
   *
   * @param capacity the hosts, from `mesh.addEc2Capacity`
   * @param options base and weight
   */
  public static ec2(capacity: IEc2Capacity, options: ShareOptions = {}): CapacityShare {
    return new CapacityShare('EC2', capacity.capacityProviderName, options, capacity, capacity);
  }

  /**
   * A group of hosts that ECS manages, on demand or on Spot.
   *
   * @param instances the hosts, from `mesh.addManagedInstances`
   * @param options base and weight
   */
  public static managedInstances(instances: IManagedInstances, options: ShareOptions = {}): CapacityShare {
    return new CapacityShare('Managed Instances', instances.capacityProviderName, options, instances);
  }

  /** Tasks that always run here. */
  public readonly base?: number;

  /** Part of the tasks beyond the base. */
  public readonly weight: number;

  private constructor(
    /** Of one kind in a mix, since AWS mixes no others. @internal */
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

  /** Name for the picture. @internal */
  public get _label(): string {
    if (this._hosts) return this._hosts.onSpot ? `${this._kind} Spot` : this._kind;
    return this._provider === 'FARGATE' ? 'Fargate' : 'Fargate Spot';
  }

  /** Whether AWS may take the capacity back. @internal */
  public get _onSpot(): boolean {
    return this._hosts?.onSpot ?? this._provider === 'FARGATE_SPOT';
  }
}
