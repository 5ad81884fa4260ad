import { BaseService, CpuArchitecture, NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { CapacityShare } from './capacity-share';
import { IContainerHosts } from '../core/container-hosts';
import { IEc2Capacity } from '../core/ec2-capacity';
import { IManagedInstances } from '../core/managed-instances';
import { Ec2Platform } from './private/ec2-platform';
import { FargatePlatform } from './private/fargate-platform';
import { ManagedInstancesPlatform } from './private/managed-instances-platform';
import { ComputeRequest, Platform, TaskRequest, TaskNeeds } from './private/platform';
import { requireProviders, requireStrategy } from './private/strategy';
import { requireOneArchitecture } from './private/task-limits';
import { requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { requireResolved } from '../core/private/resolved';

/** Options for tasks on Fargate. */
export interface FargateOptions {
  /**
   * The CPU architecture that the images are built for.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: CpuArchitecture;
}

/** Options for tasks on Fargate Spot. */
export interface FargateSpotOptions extends FargateOptions {
  /**
   * The number of tasks that always run On-Demand, 0 to 100,000; all others run on Spot.
   *
   * @default 1
   */
  readonly onDemandBase?: number;
}

/** Options for tasks on EC2 hosts. */
export interface Ec2Options {
  /**
   * The Docker network mode of the tasks: `AWS_VPC` (own address and security group), `BRIDGE` (shared address, dynamic ports) or `HOST`.
   *
   * @default NetworkMode.AWS_VPC
   */
  readonly networkMode?: NetworkMode;
}

/** Options for tasks on ECS Managed Instances. */
export interface ManagedInstancesComputeOptions {
  /**
   * The network mode of the tasks: `AWS_VPC` (own address and security group) or `HOST`.
   *
   * @default NetworkMode.AWS_VPC
   */
  readonly networkMode?: NetworkMode;
}

/** Options for tasks on several capacities. */
export interface MixOptions {
  /**
   * The network mode of the tasks: any on EC2, `AWS_VPC` or `HOST` on Managed Instances, `AWS_VPC` on Fargate.
   *
   * @default NetworkMode.AWS_VPC
   */
  readonly networkMode?: NetworkMode;

  /**
   * The CPU architecture that the images are built for.
   *
   * @default - that of the hosts; CpuArchitecture.X86_64 on Fargate
   */
  readonly cpuArchitecture?: CpuArchitecture;
}

/**
 * Specifies the capacity that the tasks of a service run on.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const hosts = mesh.addEc2Capacity('Hosts');
 * const compute = Compute.ec2(hosts, { networkMode: ecs.NetworkMode.BRIDGE });
 */
export class Compute {
  /**
   * Serverless containers, each with its own network interface, in private subnets. They use the FARGATE capacity provider, so that adding
   * Spot later does not replace the service.
   *
   * @param options CPU architecture
   */
  public static fargate(options: FargateOptions = {}): Compute {
    return Compute.onFargate('Fargate', [CapacityShare.fargate()], options);
  }

  /**
   * Fargate at about a third of the price, for tasks that can be stopped with two minutes' notice: ECS sends SIGTERM and starts others;
   * requests can still arrive until the task has stopped. An On-Demand base keeps the service available when Spot has no capacity.
   *
   * @param options CPU architecture, and number of On-Demand tasks
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
   */
  public static fargateSpot(options: FargateSpotOptions = {}): Compute {
    const base = options.onDemandBase ?? 1;
    // Weight 0: the base, and nothing beyond it.
    const shares = [CapacityShare.fargate({ base, weight: 0 }), CapacityShare.fargateSpot()];
    return Compute.onFargate(`Fargate Spot, ${base} on demand`, shares, options, base);
  }

  /**
   * Containers on EC2 hosts of the mesh, spread over Availability Zones and then over hosts. With Spot hosts, it is EC2 Spot.
   *
   * @param capacity hosts from `mesh.addEc2Capacity`
   * @param options network mode
   */
  public static ec2(capacity: IEc2Capacity, options: Ec2Options = {}): Compute {
    return Compute.mix([CapacityShare.ec2(capacity)], options);
  }

  /**
   * Containers on instances that ECS selects, patches and terminates: EC2 instance types without their management.
   *
   * @param instances instances from `mesh.addManagedInstances`
   * @param options network mode
   */
  public static managedInstances(instances: IManagedInstances, options: ManagedInstancesComputeOptions = {}): Compute {
    return Compute.mix([CapacityShare.managedInstances(instances)], options);
  }

  /**
   * Tasks distributed over several capacities of one kind: first the base, then in proportion to the weights.
   *
   * @param shares 1 to 20 capacities with their base and weight, all Fargate, all EC2 or all Managed Instances
   * @param options network mode and CPU architecture
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
   */
  public static mix(shares: CapacityShare[], options: MixOptions = {}): Compute {
    return new Compute(mixLabel(shares, options.networkMode), shares, mixPlatform(shares, options), options.cpuArchitecture);
  }

  private static onFargate(label: string, shares: CapacityShare[], options: FargateOptions, onDemandBase?: number): Compute {
    const architecture = options.cpuArchitecture ?? CpuArchitecture.X86_64;
    return new Compute(label, shares, new FargatePlatform(shares, architecture), architecture, onDemandBase);
  }

  /** The Docker network mode of the tasks. */
  public readonly networkMode: NetworkMode;

  /** The groups of hosts that the tasks can run on; empty on Fargate. */
  public readonly hosts: IContainerHosts[];

  private constructor(
    /** The line in the topology diagram. @internal */
    public readonly _label: string,
    private readonly shares: CapacityShare[],
    private readonly platform: Platform,
    private readonly wantedArchitecture?: CpuArchitecture,
    private readonly onDemandBase?: number,
  ) {
    this.networkMode = platform.networkMode;
    this.hosts = shares.flatMap(({ _hosts }) => _hosts ?? []);
  }

  /** The groups of hosts whose ports must be reserved. @internal */
  public get _ec2(): IEc2Capacity[] {
    return this.shares.flatMap(({ _ec2 }) => _ec2 ?? []);
  }

  /** Returns the groups of hosts with the number of tasks that surely run on each, of `count`. @internal */
  public _tasksOn(count: number): [IEc2Capacity, number][] {
    const sum = (each: (share: CapacityShare) => number) => this.shares.reduce((total, share) => total + each(share), 0);
    const beyond = Math.max(0, count - sum(({ base = 0 }) => base));
    const weights = sum(({ weight }) => weight);
    return this.shares.flatMap(({ _ec2, base = 0, weight }): [IEc2Capacity, number][] =>
      _ec2 ? [[_ec2, Math.min(count, base) + Math.floor((beyond * weight) / weights)]] : [],
    );
  }

  /** The CPU architecture of the tasks. @internal */
  public get _cpuArchitecture(): CpuArchitecture {
    return this.wantedArchitecture ?? this.hosts[0]?.cpuArchitecture ?? CpuArchitecture.X86_64;
  }

  /** Indicates whether AWS can stop a task with two minutes' notice. @internal */
  public get _onSpot(): boolean {
    return this.shares.some(({ _onSpot }) => _onSpot);
  }

  /** @internal */
  public _validate(scope: Construct, size: TaskNeeds): void {
    requireInteger(scope, 'OnDemandBaseOutOfRange', 'compute.onDemandBase', this.onDemandBase, 0, 100_000);
    requireStrategy(scope, this.shares);
    requireOneArchitecture(scope, this.hosts, this.wantedArchitecture);
    requireResolved(scope, 'taskSize.cpu', size.cpu);
    requireResolved(scope, 'taskSize.memoryMiB', size.memoryMiB);
    this.platform.validate(scope, size);
  }

  /** @internal */
  public _createTaskDefinition(scope: Construct, request: TaskRequest): TaskDefinition {
    return this.platform.createTaskDefinition(scope, request);
  }

  /** @internal */
  public _createService(scope: Construct, request: ComputeRequest): BaseService {
    requireProviders(scope, request.mesh.cluster, this.shares);
    return this.platform.createService(scope, request);
  }
}

guard({ Compute });

function mixPlatform(shares: CapacityShare[], { networkMode = NetworkMode.AWS_VPC, cpuArchitecture }: MixOptions): Platform {
  const architecture = cpuArchitecture ?? shares[0]?._hosts?.cpuArchitecture ?? CpuArchitecture.X86_64;
  switch (shares[0]?._kind) {
    case 'EC2':
      return new Ec2Platform(shares, networkMode, architecture);
    case 'Managed Instances':
      return new ManagedInstancesPlatform(shares, networkMode, architecture);
    default:
      return new FargatePlatform(shares, architecture, networkMode);
  }
}

function mixLabel(shares: CapacityShare[], networkMode = NetworkMode.AWS_VPC): string {
  const parts = shares.map(({ _label, base, weight }) =>
    shares.length === 1 ? _label : `${_label} ${base ? `${base} + ` : ''}${weight}`,
  );
  return `${parts.join(' : ')}${shares[0]?._hosts ? `, ${networkMode} network` : ''}`;
}
