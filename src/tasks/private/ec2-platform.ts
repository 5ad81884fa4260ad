import {
  BaseService,
  CfnService,
  CfnTaskDefinition,
  Compatibility,
  CpuArchitecture,
  Ec2Service,
  NetworkMode,
  PlacementConstraint,
  PlacementStrategy,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct } from 'constructs';
import { requireRoomOnHost } from './host-room';
import { ComputeRequest, Platform, rebalancing, TaskNeeds, TaskRequest } from './platform';
import { renderStrategy } from './strategy';
import { requireGpus, requireHostTaskSize, requireNetworkMode } from './task-limits';
import { taskFamilyOf } from '../../core/private/physical-names';
import { CapacityShare } from '../capacity-share';

/** Tasks on hosts of Auto Scaling groups. */
export class Ec2Platform implements Platform {
  constructor(
    private readonly shares: CapacityShare[],
    public readonly networkMode: NetworkMode,
    private readonly cpuArchitecture: CpuArchitecture,
  ) {}

  public validate(scope: IConstruct, size: TaskNeeds): void {
    requireNetworkMode(scope, this.networkMode, [NetworkMode.AWS_VPC, NetworkMode.BRIDGE, NetworkMode.HOST]);
    requireHostTaskSize(scope, size);
    requireRoomOnHost(
      scope,
      size,
      this.shares.flatMap(({ _ec2 }) => _ec2 ?? []),
    );
    requireGpus(
      scope,
      size.gpus,
      this.shares.map(({ _hosts }) => _hosts!),
    );
  }

  public createTaskDefinition(scope: Construct, { cpu, memoryMiB, taskRole, executionRole }: TaskRequest): TaskDefinition {
    // Not Ec2TaskDefinition: it has no task-level size, which Service Connect and placement need.
    const definition = new TaskDefinition(scope, 'TaskDefinition', {
      family: taskFamilyOf(scope),
      taskRole,
      executionRole,
      compatibility: Compatibility.EC2,
      networkMode: this.networkMode,
      cpu: String(cpu),
      memoryMiB: String(memoryMiB),
    });
    if (this.cpuArchitecture === CpuArchitecture.ARM64) {
      // ECS places by it, and knows without it that x86 is meant. The L2 takes it for Fargate only.
      (definition.node.defaultChild as CfnTaskDefinition).runtimePlatform = {
        cpuArchitecture: 'ARM64',
        operatingSystemFamily: 'LINUX',
      };
    }
    return definition;
  }

  public createService(scope: Construct, { mesh, taskDefinition, securityGroup, service }: ComputeRequest): BaseService {
    const awsvpc = this.networkMode === NetworkMode.AWS_VPC;
    const created = new Ec2Service(scope, 'Service', {
      ...service,
      cluster: mesh.cluster,
      taskDefinition,
      ...(awsvpc ? { securityGroups: [securityGroup!], vpcSubnets: mesh.taskSubnets } : {}),
      capacityProviderStrategies: renderStrategy(this.shares),
      placementStrategies: [
        PlacementStrategy.spreadAcross('attribute:ecs.availability-zone'),
        PlacementStrategy.spreadAcrossInstances(),
      ],
      placementConstraints: this.networkMode === NetworkMode.HOST ? [PlacementConstraint.distinctInstances()] : undefined,
      availabilityZoneRebalancing: rebalancing(service),
    });
    // ECS takes REPLICA by itself. CDK writes it on EC2 only, and it cannot be changed: another compute would replace the service, which
    // CloudFormation refuses while the names of Service Connect are taken.
    (created.node.defaultChild as CfnService).schedulingStrategy = undefined;
    return created;
  }
}
