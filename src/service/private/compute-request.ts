import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { BaseServiceOptions, TaskDefinition, TaskDefinitionProps } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../../core/mesh';

/** What a service asks of its compute. */
export interface ComputeRequest {
  readonly mesh: IMesh;
  readonly taskDefinition: TaskDefinition;
  /** Own security group; absent where tasks share the hosts'. */
  readonly securityGroup?: SecurityGroup;
  readonly service: Omit<BaseServiceOptions, 'cluster' | 'capacityProviderStrategies'>;
}

/** Size and roles of a task. */
export interface TaskSize extends Pick<TaskDefinitionProps, 'taskRole' | 'executionRole'> {
  readonly cpu: number;
  readonly memoryMiB: number;
}
