import {
  AvailabilityZoneRebalancing,
  BaseService,
  CapacityProviderStrategy,
  Compatibility,
  CpuArchitecture,
  Ec2Service,
  FargatePlatformVersion,
  FargateService,
  NetworkMode,
  OperatingSystemFamily,
  PlacementConstraint,
  PlacementStrategy,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { IEc2Capacity } from '../core/ec2-capacity';
import { ComputeRequest, TaskSize } from './private/compute-request';
import { requireFargateSize } from './private/fargate-sizes';
import { invalid, requireInteger } from '../core/private/errors';

/** Choices of tasks on Fargate. */
export interface FargateOptions {
  /**
   * Processor that the images are built for.
   *
   * @default CpuArchitecture.X86_64
   */
  readonly cpuArchitecture?: CpuArchitecture;
}

/** Choices of tasks on Fargate Spot. */
export interface FargateSpotOptions extends FargateOptions {
  /**
   * Tasks that always run on demand, 0 to 100000; all further ones run on Spot.
   *
   * @default 1
   */
  readonly onDemandBase?: number;
}

/** Choices of tasks on EC2 hosts. */
export interface Ec2Options {
  /**
   * Docker network of the tasks: `AWS_VPC` (own address and security group), `BRIDGE` (shared address, dynamic ports) or `HOST`.
   *
   * @default NetworkMode.AWS_VPC
   */
  readonly networkMode?: NetworkMode;
}

/**
 * Where the tasks of a service run.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const hosts = mesh.addEc2Capacity('Hosts');
 * const compute = Compute.ec2(hosts, { networkMode: ecs.NetworkMode.BRIDGE });
 */
export abstract class Compute {
  /**
   * Serverless containers, each with its own network interface, in private subnets. Runs through the FARGATE capacity provider, so
   * that adding Spot later does not replace the service.
   *
   * @param options processor
   */
  public static fargate(options: FargateOptions = {}): Compute {
    return new FargateCompute(options);
  }

  /**
   * Fargate at about a third of the price, for tasks that may be stopped with two minutes' notice: ECS sends SIGTERM and takes them out of
   * their target groups. A base on demand keeps the service up when Spot has no capacity.
   *
   * @param options processor, and tasks on demand
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
   */
  public static fargateSpot(options: FargateSpotOptions = {}): Compute {
    return new FargateCompute(options, options.onDemandBase ?? 1);
  }

  /**
   * Containers on EC2 hosts of the mesh, spread over zones and then over hosts.
   *
   * @param capacity the hosts, from `mesh.addEc2Capacity`
   * @param options network mode
   */
  public static ec2(capacity: IEc2Capacity, options: Ec2Options = {}): Compute {
    return new Ec2Compute(capacity, options.networkMode ?? NetworkMode.AWS_VPC);
  }

  /** Docker network of the tasks. */
  public abstract readonly networkMode: NetworkMode;

  /** The hosts, where there are any. */
  public abstract readonly capacity?: IEc2Capacity;

  /** One line for the picture. @internal */
  public abstract readonly _label: string;

  /** @internal */
  public abstract _validate(scope: Construct, cpu: number, memoryMiB: number): void;

  /** @internal */
  public abstract _createTaskDefinition(scope: Construct, size: TaskSize): TaskDefinition;

  /** @internal */
  public abstract _createService(scope: Construct, request: ComputeRequest): BaseService;
}

class FargateCompute extends Compute {
  public readonly networkMode = NetworkMode.AWS_VPC;
  public readonly capacity = undefined;
  public readonly _label: string;

  /** Without a base everything is on demand. */
  public constructor(
    private readonly options: FargateOptions,
    private readonly onDemandBase?: number,
  ) {
    super();
    this._label = onDemandBase === undefined ? 'Fargate' : `Fargate Spot, ${onDemandBase} on demand`;
  }

  /** @internal */
  public _validate(scope: Construct, cpu: number, memoryMiB: number): void {
    requireInteger(scope, 'OnDemandBaseOutOfRange', 'compute.onDemandBase', this.onDemandBase, 0, 100_000);
    requireFargateSize(scope, cpu, memoryMiB);
  }

  /** @internal */
  public _createTaskDefinition(scope: Construct, { cpu, memoryMiB, ...roles }: TaskSize): TaskDefinition {
    return new TaskDefinition(scope, 'TaskDefinition', {
      ...roles,
      compatibility: Compatibility.FARGATE,
      networkMode: NetworkMode.AWS_VPC,
      cpu: String(cpu),
      memoryMiB: String(memoryMiB),
      runtimePlatform: {
        cpuArchitecture: this.options.cpuArchitecture ?? CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
  }

  /** @internal */
  public _createService(scope: Construct, { mesh, taskDefinition, securityGroup, service }: ComputeRequest): BaseService {
    return new FargateService(scope, 'Service', {
      ...service,
      cluster: mesh.cluster,
      taskDefinition,
      securityGroups: [securityGroup!],
      vpcSubnets: mesh.taskSubnets,
      assignPublicIp: false,
      platformVersion: FargatePlatformVersion.LATEST,
      capacityProviderStrategies: this.strategy(),
      availabilityZoneRebalancing: rebalancing(service),
    });
  }

  private strategy(): CapacityProviderStrategy[] {
    if (this.onDemandBase === undefined) return [{ capacityProvider: 'FARGATE', weight: 1 }];
    return [
      // Weight 0: the base, and nothing beyond it.
      { capacityProvider: 'FARGATE', base: this.onDemandBase, weight: 0 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ];
  }
}

class Ec2Compute extends Compute {
  public readonly _label: string;

  public constructor(
    public readonly capacity: IEc2Capacity,
    public readonly networkMode: NetworkMode,
  ) {
    super();
    this._label = `EC2, ${networkMode} network`;
  }

  /** @internal */
  public _validate(scope: Construct, cpu: number, memoryMiB: number): void {
    if (![NetworkMode.AWS_VPC, NetworkMode.BRIDGE, NetworkMode.HOST].includes(this.networkMode)) {
      throw invalid(scope, 'NetworkModeUnsupported', {
        prop: 'compute.networkMode',
        must: 'be AWS_VPC, BRIDGE or HOST',
        got: this.networkMode,
        fix: 'a task without one of these networks cannot be called or scaled',
      });
    }
    if (!Number.isInteger(cpu) || cpu < 128 || cpu > 10240 || !Number.isInteger(memoryMiB) || memoryMiB < 6) {
      throw invalid(scope, 'Ec2TaskSizeOutOfRange', {
        prop: 'cpu` and `memoryMiB',
        must: 'be 128 to 10240 CPU units and 6 MiB or more on EC2',
        got: { cpu, memoryMiB },
        fix: 'choose a size that leaves room on the hosts',
      });
    }
  }

  /** @internal */
  public _createTaskDefinition(scope: Construct, { cpu, memoryMiB, ...roles }: TaskSize): TaskDefinition {
    // Not Ec2TaskDefinition: it has no task-level size, which Service Connect and placement need.
    return new TaskDefinition(scope, 'TaskDefinition', {
      ...roles,
      compatibility: Compatibility.EC2,
      networkMode: this.networkMode,
      cpu: String(cpu),
      memoryMiB: String(memoryMiB),
    });
  }

  /** @internal */
  public _createService(scope: Construct, { mesh, taskDefinition, securityGroup, service }: ComputeRequest): BaseService {
    const awsvpc = this.networkMode === NetworkMode.AWS_VPC;
    return new Ec2Service(scope, 'Service', {
      ...service,
      cluster: mesh.cluster,
      taskDefinition,
      ...(awsvpc ? { securityGroups: [securityGroup!], vpcSubnets: mesh.taskSubnets } : {}),
      capacityProviderStrategies: [{ capacityProvider: this.capacity.capacityProviderName, weight: 1 }],
      placementStrategies: [
        PlacementStrategy.spreadAcross('attribute:ecs.availability-zone'),
        PlacementStrategy.spreadAcrossInstances(),
      ],
      placementConstraints: this.networkMode === NetworkMode.HOST ? [PlacementConstraint.distinctInstances()] : undefined,
      availabilityZoneRebalancing: rebalancing(service),
    });
  }
}

function rebalancing(service: ComputeRequest['service']): AvailabilityZoneRebalancing {
  return service.maxHealthyPercent! > 100 ? AvailabilityZoneRebalancing.ENABLED : AvailabilityZoneRebalancing.DISABLED;
}
