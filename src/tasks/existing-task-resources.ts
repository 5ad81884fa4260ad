import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';

/**
 * Resources of tasks that exist already, because another team creates them: roles with a path and a permissions boundary, a security group,
 * a log group. Each that you leave out is created.
 */
export interface ExistingTaskResources {
  /**
   * The task role, with which the code in the containers calls AWS. It trusts `ecs-tasks.amazonaws.com`.
   *
   * Connections add a policy to it. To a role from `Role.fromRoleArn(..., { mutable: false })`, CDK adds none: the warning
   * RoleStatementsLeft then lists the statements that its owner must add. A role of another account is rejected.
   *
   * @default - a role of this service or job
   */
  readonly taskRole?: IRole;

  /**
   * The execution role, with which ECS pulls images, reads secrets and writes logs. As for the task role, statements that cannot be added
   * are listed in a warning.
   *
   * @default - a role of this service or job
   */
  readonly executionRole?: IRole;

  /**
   * The log group of the containers and the proxy, of this account. Its retention and encryption are its owner's.
   *
   * @default - `/ecs/<mesh>/<name>`
   */
  readonly logGroup?: ILogGroup;

  /**
   * The security group of the tasks, which must have their own address (network mode `awsvpc`).
   *
   * Connections and routes add their rules to it. To a group from `SecurityGroup.fromSecurityGroupId(..., { mutable: false })`, CDK adds
   * none: the warning SecurityGroupRuleLeft then names each rule that its owner must add. Two services with one group that can be changed
   * would both add the same rules, which EC2 rejects; give each its own, or import the group as immutable.
   *
   * @default - a group without ingress and with HTTPS egress
   */
  readonly securityGroup?: ISecurityGroup;
}
