import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { requireContainerLimits } from './container-limits';
import { requireStartOrder } from './container-order';
import { requireContainerShares } from './container-shares';
import { addContainers } from './containers';
import { addLogRouter } from './log-router';
import { NamedPort } from './named-ports';
import { ResolvedContainer, TaskContainer } from './resolved-container';
import { checkStopTimes } from './stop-time';
import { checkTaskDefinitionSize } from './task-definition-size';
import { gpusOf } from './task-limits';
import { acknowledgeTask, executionRoleOf, logGroupOf, securityGroupOf, TaskOwner, taskRoleOf } from './task-resources';
import { requireTmpfsFit } from './writable-paths';
import { countQuotas } from '../../core/private/quota-count';
import { Compute } from '../compute';
import { ExistingTaskResources } from '../existing-task-resources';
import { TaskSize } from '../task-size';

/** The smallest size of Fargate. */
export const DEFAULT_SIZE: TaskSize = { cpu: 256, memoryMiB: 512 };

/** A task of a service or job, with every default applied. */
export interface TaskSettings {
  readonly compute: Compute;
  readonly size: TaskSize;
  readonly containers: ResolvedContainer[];
  readonly ports: NamedPort[];
  readonly enableExecuteCommand: boolean;
  readonly existing: ExistingTaskResources;
}

/** The task of a service or a job, whatever starts it. */
export interface Task {
  readonly taskRole: IRole;
  readonly executionRole: IRole;
  readonly logGroup: ILogGroup;
  readonly taskDefinition: TaskDefinition;
  readonly containers: TaskContainer[];
  /** The security group; undefined if the tasks share that of their hosts. */
  readonly securityGroup?: ISecurityGroup;
}

/** Rejects a task that ECS would reject, or that could not start. */
export function requireTask(scope: IConstruct, { compute, size, containers }: TaskSettings): void {
  requireContainerLimits(scope, containers);
  requireStartOrder(scope, containers);
  checkStopTimes(scope, compute, containers);
  compute._validate(scope, { ...size, gpus: gpusOf(scope, containers) });
  requireTmpfsFit(scope, containers, size.memoryMiB);
  requireContainerShares(scope, containers, size);
}

/** Creates the task definition with its containers, and what each task has of its own: roles, log group, security group. */
export function createTask(owner: TaskOwner, settings: TaskSettings): Task {
  const { compute, size, containers, ports, enableExecuteCommand, existing } = settings;
  const taskRole = taskRoleOf(owner, existing);
  const executionRole = executionRoleOf(owner, existing);
  const logGroup = logGroupOf(owner, executionRole, existing);
  const taskDefinition = compute._createTaskDefinition(owner, { ...size, taskRole, executionRole });
  acknowledgeTask(taskDefinition);
  checkTaskDefinitionSize(taskDefinition);
  countQuotas(owner);
  addLogRouter(taskDefinition, logGroup);
  return {
    taskRole,
    executionRole,
    logGroup,
    taskDefinition,
    containers: addContainers(owner, containers, {
      taskDefinition,
      logGroup,
      ports,
      enableExecuteCommand,
      cpuArchitecture: compute._cpuArchitecture,
    }),
    securityGroup: securityGroupOf(owner, compute.networkMode, existing),
  };
}
