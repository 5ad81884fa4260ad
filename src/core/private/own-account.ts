import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * Returns a service principal that is restricted to the account of `scope`. Use it for services that are documented to send the account:
 * ECS tasks (for the task role), VPC flow logs, and RDS enhanced monitoring. It would lock out others: the documentation of ECS itself, EC2
 * and AWS Backup does not mention it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 */
export function forOwnAccount(scope: IConstruct, service: string): ServicePrincipal {
  return new ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } } });
}
