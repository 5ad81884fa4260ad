import {
  BaseService,
  CfnService,
  Compatibility,
  CpuArchitecture,
  FargateService,
  NetworkMode,
  OperatingSystemFamily,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct } from 'constructs';
import { ComputeRequest, Platform, rebalancing, TaskNeeds, TaskRequest } from './platform';
import { renderStrategy } from './strategy';
import { requireGpus, requireHostTaskSize, requireNetworkMode } from './task-limits';
import { taskFamilyOf } from '../../core/private/physical-names';
import { CapacityShare } from '../capacity-share';

/** Tasks on ECS Managed Instances. */
export class ManagedInstancesPlatform implements Platform {
  constructor(
    private readonly shares: CapacityShare[],
    public readonly networkMode: NetworkMode,
    private readonly cpuArchitecture: CpuArchitecture,
  ) {}

  public validate(scope: IConstruct, size: TaskNeeds): void {
    requireNetworkMode(scope, this.networkMode, [NetworkMode.AWS_VPC, NetworkMode.HOST]);
    requireHostTaskSize(scope, size);
    requireGpus(
      scope,
      size.gpus,
      this.shares.map(({ _hosts }) => _hosts!),
    );
  }

  public createTaskDefinition(scope: Construct, { cpu, memoryMiB, taskRole, executionRole }: TaskRequest): TaskDefinition {
    return new TaskDefinition(scope, 'TaskDefinition', {
      family: taskFamilyOf(scope),
      taskRole,
      executionRole,
      compatibility: Compatibility.MANAGED_INSTANCES,
      networkMode: this.networkMode,
      cpu: String(cpu),
      memoryMiB: String(memoryMiB),
      runtimePlatform: { cpuArchitecture: this.cpuArchitecture, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
  }

  /**
   * Creates the service. CDK's Fargate class also supports Managed Instances: with a strategy and no platform version, it contains nothing
   * specific to Fargate. ECS spreads the tasks over zones itself, and does not support placement strategies here.
   */
  public createService(scope: Construct, { mesh, taskDefinition, securityGroup, service }: ComputeRequest): BaseService {
    const created = new FargateService(scope, 'Service', {
      ...service,
      cluster: mesh.cluster,
      taskDefinition,
      securityGroups: securityGroup ? [securityGroup] : this.shares.map(({ _hosts }) => _hosts!.securityGroup),
      vpcSubnets: mesh.taskSubnets,
      assignPublicIp: false,
      capacityProviderStrategies: renderStrategy(this.shares),
      availabilityZoneRebalancing: rebalancing(service),
    });
    // The class always describes a network for each task, and ECS refuses one in host mode.
    if (!securityGroup) (created.node.defaultChild as CfnService).networkConfiguration = undefined;
    return created;
  }
}
