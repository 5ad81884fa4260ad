import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { BaseService, BaseServiceOptions, NetworkMode, TaskDefinition, TaskDefinitionProps } from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { TaskSize } from '../task-size';

/** What a service asks of its compute. */
export interface ComputeRequest {
  readonly mesh: IMesh;
  readonly taskDefinition: TaskDefinition;
  /** Own security group; absent where tasks share the hosts'. */
  readonly securityGroup?: SecurityGroup;
  readonly service: Omit<BaseServiceOptions, 'cluster' | 'capacityProviderStrategies'>;
}

/** What a task needs of its compute. */
export interface TaskNeeds extends TaskSize {
  /** GPUs of all containers. */
  readonly gpus: number;
}

/** Size and roles of a task. */
export interface TaskRequest extends TaskSize, Pick<TaskDefinitionProps, 'taskRole' | 'executionRole'> {}

/** What runs tasks: Fargate, EC2 hosts, or hosts that ECS manages. */
export interface Platform {
  readonly networkMode: NetworkMode;
  validate(scope: IConstruct, size: TaskNeeds): void;
  createTaskDefinition(scope: Construct, request: TaskRequest): TaskDefinition;
  createService(scope: Construct, request: ComputeRequest): BaseService;
}
