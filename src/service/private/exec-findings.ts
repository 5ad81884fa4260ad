import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { acknowledge, inFinding } from '../../core/private/acknowledge';

/**
 * Acknowledges the permissions of ECS Exec that do not support resource-level permissions; they are added only with `enableExecuteCommand`.
 */
export function acknowledgeExec(taskRole: IConstruct, { cluster }: IMesh): void {
  const { partition, region, account } = Stack.of(taskRole);
  const logGroup = cluster.executeCommandConfiguration?.logConfiguration?.cloudWatchLogGroup;
  const sessions = `arn:${partition}:logs:${region}:${account}:log-group:${logGroup?.logGroupRef.logGroupName ?? '*'}:*`;
  acknowledge(
    taskRole,
    'AwsSolutions-IAM5[Resource::*]',
    'The ssmmessages actions of ECS Exec and logs:DescribeLogGroups have no resource level.',
  );
  acknowledge(
    taskRole,
    `AwsSolutions-IAM5[Resource::${inFinding(taskRole, sessions)}]`,
    'The sessions of ECS Exec write streams of one log group, whose names are made up at run time.',
  );
}
