import { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { ecsArn } from './ecs-arn';
import { IMesh } from '../../core/mesh';

/**
 * Every revision of the task: with the revision of today, a start during a deployment would be refused, and so would one in the seconds
 * that a changed policy takes to be known everywhere.
 */
export function taskFamily(scope: IConstruct, taskDefinition: TaskDefinition): string {
  return ecsArn(scope, `task-definition/${taskDefinition.family}:*`);
}

/** Whoever starts this one job in this one cluster, with these two roles. */
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
