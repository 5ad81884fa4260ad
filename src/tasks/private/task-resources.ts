import { RemovalPolicy } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { acknowledge } from '../../core/private/acknowledge';
import { validationError } from '../../core/private/errors';
import { createHttpsGroup } from '../../core/private/https-group';
import { createLogGroup } from '../../core/private/log-group';
import { NameRegistry } from '../../core/private/name-registry';
import { forOwnAccount } from '../../core/private/own-account';
import { createRole } from '../../core/private/role';

/** The owner of tasks in a mesh: a service, or a schedule. */
export interface TaskOwner extends Construct {
  readonly mesh: IMesh;
  readonly discoveryName: string;
}

/** Registers a name in the mesh, or throws. */
export function claimName(owner: Construct, mesh: IMesh, name: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw validationError(owner, 'BadDiscoveryName', {
      prop: 'discoveryName',
      must: 'be 1 to 63 lowercase letters, digits and hyphens',
      got: name,
      fix: 'write it like "api"',
    });
  }
  NameRegistry.of(mesh).claim('service name', name, owner, 'discoveryName');
  return name;
}

export function createTaskRole(owner: TaskOwner): Role {
  const assumedBy = forOwnAccount(owner, 'ecs-tasks.amazonaws.com');
  return createRole(owner, 'TaskRole', { assumedBy, description: `Own code of ${owner.discoveryName}` });
}

export function createExecutionRole(owner: TaskOwner): Role {
  // AWS shows the condition on the account for the role of tasks, and not for this one.
  const role = createRole(owner, 'ExecutionRole', {
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    description: `Start of ${owner.discoveryName}: image, secrets, logs`,
  });
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'Only ecr:GetAuthorizationToken is granted on every resource; it has no resource level.',
  );
  return role;
}

export function createTaskLogs(owner: TaskOwner): LogGroup {
  return createLogGroup(owner, 'Logs', {
    logGroupName: `/ecs/${owner.mesh.meshName}/${owner.discoveryName}`,
    disposable: owner.mesh.removalPolicy === RemovalPolicy.DESTROY,
  });
}

/** Creates a security group for tasks with their own address: no ingress, HTTPS egress. */
export function createSecurityGroup(owner: TaskOwner): SecurityGroup {
  return createHttpsGroup(owner, { vpc: owner.mesh.vpc, description: `Tasks of ${owner.discoveryName}` });
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
