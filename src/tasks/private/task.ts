import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
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
import {
  acknowledgeTask,
  createExecutionRole,
  createSecurityGroup,
  createTaskLogs,
  createTaskRole,
  TaskOwner,
} from './task-resources';
import { requireTmpfsFit } from './writable-paths';
import { countQuotas } from '../../core/private/quota-count';
import { Compute } from '../compute';
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
}

/** The task of a service or a job, whatever starts it. */
export interface Task {
  readonly taskRole: Role;
  readonly executionRole: Role;
  readonly logGroup: LogGroup;
  readonly taskDefinition: TaskDefinition;
  readonly containers: TaskContainer[];
  /** The security group; undefined if the tasks share that of their hosts. */
  readonly securityGroup?: SecurityGroup;
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
  const { compute, size, containers, ports, enableExecuteCommand } = settings;
  const taskRole = createTaskRole(owner);
  const executionRole = createExecutionRole(owner);
  const logGroup = createTaskLogs(owner);
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
    securityGroup: compute.networkMode === NetworkMode.AWS_VPC ? createSecurityGroup(owner) : undefined,
  };
}
