import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  BaseService,
  BaseServiceOptions,
  DeploymentControllerType,
  NetworkMode,
  TaskDefinition,
  TaskDefinitionProps,
} from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { TaskSize } from '../task-size';

/** The requirements of a service for its compute. */
export interface ComputeRequest {
  readonly mesh: IMesh;
  readonly taskDefinition: TaskDefinition;
  /** The security group of the tasks; undefined if tasks share that of the hosts. */
  readonly securityGroup?: ISecurityGroup;
  readonly service: Omit<BaseServiceOptions, 'cluster' | 'capacityProviderStrategies'>;
}

/** The requirements of a task for its compute. */
export interface TaskNeeds extends TaskSize {
  /** The GPUs of all containers. */
  readonly gpus: number;
}

/** The size and roles of a task. */
export interface TaskRequest extends TaskSize, Pick<TaskDefinitionProps, 'taskRole' | 'executionRole'> {}

/** The platform that runs tasks: Fargate, EC2 hosts, or ECS Managed Instances. */
export interface Platform {
  readonly networkMode: NetworkMode;
  validate(scope: IConstruct, size: TaskNeeds): void;
  createTaskDefinition(scope: Construct, request: TaskRequest): TaskDefinition;
  createService(scope: Construct, request: ComputeRequest): BaseService;
}

/**
 * Returns the rebalancing setting. ECS starts a task in another zone before it stops one, so it rejects rebalancing if no additional task
 * can run. It does not move tasks that CodeDeploy has placed.
 */
export function rebalancing({ maxHealthyPercent, deploymentController }: ComputeRequest['service']): AvailabilityZoneRebalancing {
  const isOwn = deploymentController?.type === DeploymentControllerType.ECS;
  return isOwn && maxHealthyPercent! > 100 ? AvailabilityZoneRebalancing.ENABLED : AvailabilityZoneRebalancing.DISABLED;
}
