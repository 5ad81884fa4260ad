import {
  BaseService,
  Compatibility,
  CpuArchitecture,
  FargatePlatformVersion,
  FargateService,
  NetworkMode,
  OperatingSystemFamily,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct } from 'constructs';
import { ComputeRequest, Platform, rebalancing, TaskNeeds, TaskRequest } from './platform';
import { renderStrategy } from './strategy';
import { refuseGpusOnFargate, requireFargateSize, requireNetworkMode } from './task-limits';
import { taskFamilyOf } from '../../core/private/physical-names';
import { CapacityShare } from '../capacity-share';

/** Serverless tasks, each with its own address. */
export class FargatePlatform implements Platform {
  constructor(
    private readonly shares: CapacityShare[],
    private readonly cpuArchitecture: CpuArchitecture,
    public readonly networkMode = NetworkMode.AWS_VPC,
  ) {}

  public validate(scope: IConstruct, { cpu, memoryMiB, gpus }: TaskNeeds): void {
    requireNetworkMode(scope, this.networkMode, [NetworkMode.AWS_VPC]);
    refuseGpusOnFargate(scope, gpus);
    requireFargateSize(scope, cpu, memoryMiB);
  }

  public createTaskDefinition(scope: Construct, { cpu, memoryMiB, taskRole, executionRole }: TaskRequest): TaskDefinition {
    return new TaskDefinition(scope, 'TaskDefinition', {
      family: taskFamilyOf(scope),
      taskRole,
      executionRole,
      compatibility: Compatibility.FARGATE,
      networkMode: NetworkMode.AWS_VPC,
      cpu: String(cpu),
      memoryMiB: String(memoryMiB),
      runtimePlatform: { cpuArchitecture: this.cpuArchitecture, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
  }

  public createService(scope: Construct, { mesh, taskDefinition, securityGroup, service }: ComputeRequest): BaseService {
    return new FargateService(scope, 'Service', {
      ...service,
      cluster: mesh.cluster,
      taskDefinition,
      securityGroups: [securityGroup!],
      vpcSubnets: mesh.taskSubnets,
      assignPublicIp: false,
      platformVersion: FargatePlatformVersion.LATEST,
      capacityProviderStrategies: renderStrategy(this.shares),
      availabilityZoneRebalancing: rebalancing(service),
    });
  }
}
