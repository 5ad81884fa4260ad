import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { acknowledge, inFinding } from '../../core/private/acknowledge';
import { validationError } from '../../core/private/errors';
import { rememberStatements } from '../../core/private/existing-role';
import { httpsGroupOf } from '../../core/private/https-group';
import { createLogGroup } from '../../core/private/log-group';
import { NameRegistry } from '../../core/private/name-registry';
import { forOwnAccount } from '../../core/private/own-account';
import { createRole } from '../../core/private/role';
import { isUnknown } from '../../core/private/unknown';
import { ExistingTaskResources } from '../existing-task-resources';

/** The owner of tasks in a mesh: a service, or a schedule. */
export interface TaskOwner extends Construct {
  readonly mesh: IMesh;
  readonly discoveryName: string;
}

/**
 * Registers a name in the mesh, or throws.
 *
 * @param prop where the owner takes the name
 */
export function claimName(owner: Construct, mesh: IMesh, name: string, prop: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw validationError(owner, 'BadDiscoveryName', {
      prop,
      must: 'be 1 to 63 lowercase letters, digits and hyphens',
      got: name,
      fix: 'write it like "api"',
    });
  }
  NameRegistry.of(mesh).claim({ kind: 'service name', name, owner, prop });
  return name;
}

/** Returns the role of the code in the containers. */
export function taskRoleOf(owner: TaskOwner, { taskRole }: ExistingTaskResources): IRole {
  return taskRole ? rememberStatements(owner, 'existing.taskRole', taskRole) : createTaskRole(owner);
}

/** Returns the role with which ECS starts the tasks. */
export function executionRoleOf(owner: TaskOwner, { executionRole }: ExistingTaskResources): IRole {
  const role = executionRole ? rememberStatements(owner, 'existing.executionRole', executionRole) : createExecutionRole(owner);
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Only ecr:GetAuthorizationToken is granted on every resource; it has no resource level.',
  );
  return role;
}

function createTaskRole(owner: TaskOwner): Role {
  const assumedBy = forOwnAccount(owner, 'ecs-tasks.amazonaws.com');
  return createRole(owner, 'TaskRole', { assumedBy, description: `Own code of ${owner.discoveryName}` });
}

function createExecutionRole(owner: TaskOwner): Role {
  // AWS shows the condition on the account for the role of tasks, and not for this one.
  return createRole(owner, 'ExecutionRole', {
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    description: `Start of ${owner.discoveryName}: image, secrets, logs`,
  });
}

/** Returns the log group of the containers, in which the execution role may create streams. */
export function logGroupOf(owner: TaskOwner, executionRole: IRole, { logGroup }: ExistingTaskResources): ILogGroup {
  if (logGroup === undefined) return createTaskLogs(owner);
  requireOwnLogs(owner, logGroup);
  acknowledge(
    executionRole,
    `AwsSolutions-IAM5[Resource::${inFinding(owner, logGroup.logGroupArn)}]`,
    'Streams are named by the ID of each task; the policy is limited to one log group.',
  );
  return logGroup;
}

/** Rejects a log group of another account. The log driver names a group and a Region, and writes with the role of its own account. */
function requireOwnLogs(owner: TaskOwner, { logGroupArn, env }: ILogGroup): void {
  const { account } = Stack.of(owner);
  if (isUnknown(account) || isUnknown(env.account) || env.account === account) return;
  throw validationError(owner, 'LogGroupOfOtherAccount', {
    prop: 'existing.logGroup',
    must: `be a log group of the account of the tasks (${account})`,
    got: isUnknown(logGroupArn) ? env.account : logGroupArn,
    fix: 'leave it out or give one of this account, and send its events on with a subscription filter',
  });
}

function createTaskLogs(owner: TaskOwner): LogGroup {
  return createLogGroup(owner, 'Logs', {
    logGroupName: `/ecs/${owner.mesh.meshName}/${owner.discoveryName}`,
    disposable: owner.mesh.removalPolicy === RemovalPolicy.DESTROY,
  });
}

/**
 * Returns the security group of tasks with their own address: no ingress, HTTPS egress; undefined for tasks that share that of their hosts.
 */
export function securityGroupOf(
  owner: TaskOwner,
  networkMode: NetworkMode,
  { securityGroup }: ExistingTaskResources,
): ISecurityGroup | undefined {
  if (networkMode === NetworkMode.AWS_VPC) {
    return httpsGroupOf(owner, {
      vpc: owner.mesh.vpc,
      description: `Tasks of ${owner.discoveryName}`,
      existing: securityGroup,
    });
  }
  if (securityGroup === undefined) return undefined;
  throw validationError(owner, 'SecurityGroupOnHosts', {
    prop: 'existing.securityGroup',
    must: 'be left out in bridge and host mode, in which tasks have the security groups of their hosts',
    got: securityGroup.securityGroupId,
    fix: 'use NetworkMode.AWS_VPC',
  });
}

export function acknowledgeTask(taskDefinition: TaskDefinition): void {
  acknowledge(
    taskDefinition,
    'AwsSolutions-ECS2',
    'Variables carry addresses and settings; secrets come by reference, and a plain value under a secret-like name raises the PlainSecret warning.',
  );
  if (taskDefinition.networkMode === NetworkMode.HOST) {
    acknowledge(
      taskDefinition,
      '*-ECSTaskDefinitionUserForHostMode',
      'In host mode the rule wants privileged containers, which may do anything on their host; these have no privilege.',
    );
  }
}
