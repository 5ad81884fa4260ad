import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { acknowledge, inFinding } from '../../core/private/acknowledge';

/** The logs that RDS for PostgreSQL can export. */
export const DATABASE_LOGS = ['postgresql', 'upgrade'];

/**
 * Sets the retention of the log groups. RDS creates them itself, so their retention can be set only by a custom resource, which CDK shares
 * in the stack. The instance's own `cloudwatchLogsRetention` would do the same, and retain the groups in development mode.
 */
export function limitDatabaseLogs(instance: DatabaseInstance, kept: boolean): void {
  for (const log of DATABASE_LOGS) {
    const logGroupName = `/aws/rds/instance/${instance.instanceIdentifier}/${log}`;
    new LogRetention(instance, `LogRetention${log}`, {
      logGroupName,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: kept ? undefined : RemovalPolicy.DESTROY,
    });
    acknowledgeFunction(instance, logGroupName, kept);
  }
}

function acknowledgeFunction(instance: DatabaseInstance, logGroupName: string, kept: boolean): void {
  const stack = Stack.of(instance);
  for (const setter of stack.node.children.filter((child) => child.node.id.startsWith('LogRetention'))) {
    acknowledge(
      setter,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      'CDK attaches the AWS managed policy for logging to its log retention function.',
    );
    acknowledge(
      setter,
      'AwsSolutions-IAM5[Resource::*]',
      'CDK shares one log retention function in the stack; it can set the retention of any log group, which deletes older events, but cannot read them.',
    );
    if (kept) continue;
    const resourceName = `${logGroupName}:*`;
    const arn = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    acknowledge(
      setter,
      `AwsSolutions-IAM5[Resource::${inFinding(stack, arn)}]`,
      'In development mode, the function deletes this one log group with its database; the wildcard covers the log streams in it.',
    );
  }
}
