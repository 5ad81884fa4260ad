import { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { ecsArn } from './ecs-arn';
import { IMesh } from '../../core/mesh';

/**
 * Returns an ARN that matches every revision of the task. If the policy allowed only the current revision, ECS would reject tasks that are
 * started during a deployment or before a changed policy takes effect.
 */
export function taskFamily(scope: IConstruct, taskDefinition: TaskDefinition): string {
  return ecsArn(scope, `task-definition/${taskDefinition.family}:*`);
}

/** Returns the statement for tasks that are started with the tags of their task definition. */
export function tagStatement(tasks: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['ecs:TagResource'],
    resources: [tasks],
    conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
  });
}

/** Returns the statements for starting this one job in this one cluster, with these two roles. */
export function runStatements(scope: IConstruct, mesh: IMesh, taskDefinition: TaskDefinition): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources: [taskFamily(scope, taskDefinition)],
      conditions: { ArnEquals: { 'ecs:cluster': mesh.cluster.clusterArn } },
    }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [taskDefinition.taskRole.roleArn, taskDefinition.executionRole!.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  ];
}
