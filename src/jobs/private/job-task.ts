import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ContainerDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { Compute } from '../../tasks/compute';
import { addContainer, containerNames } from '../../tasks/private/containers';
import { gpusOf } from '../../tasks/private/gpus';
import { checkStopTimes } from '../../tasks/private/stop-time';
import {
  acknowledgeTask,
  createExecutionRole,
  createSecurityGroup,
  createTaskLogs,
  createTaskRole,
  ownVariables,
  TaskOwner,
} from '../../tasks/private/task-resources';
import { requireTmpfsFit } from '../../tasks/private/writable-paths';
import { JobProps } from '../job-props';

/** What a job runs, whoever starts it. */
export interface JobTask {
  readonly taskRole: Role;
  readonly executionRole: Role;
  readonly logGroup: LogGroup;
  readonly taskDefinition: TaskDefinition;
  readonly containers: ContainerDefinition[];
  readonly securityGroup: SecurityGroup;
  /** Names of the variables and secrets that each container has from its own options. */
  readonly ownVariables: Map<string, string[]>;
}

/** A Fargate task with the hardening of a service. */
export function createJobTask(job: TaskOwner, props: JobProps): JobTask {
  const names = containerNames(job, props.containers, job.discoveryName);
  refusePorts(job, props);
  const taskRole = createTaskRole(job);
  const executionRole = createExecutionRole(job);
  const logGroup = createTaskLogs(job);
  const taskDefinition = createTaskDefinition(job, props, { taskRole, executionRole });
  const containers = props.containers.map((container, index) =>
    addContainer(job, index, container, {
      taskDefinition,
      logGroup,
      ports: [],
      containerNames: names,
      enableExecuteCommand: false,
    }),
  );
  const securityGroup = createSecurityGroup(job);
  const own = ownVariables(props.containers, names);
  return { taskRole, executionRole, logGroup, taskDefinition, containers, securityGroup, ownVariables: own };
}

function createTaskDefinition(job: TaskOwner, props: JobProps, roles: Pick<JobTask, 'taskRole' | 'executionRole'>): TaskDefinition {
  const compute = Compute.fargate({ cpuArchitecture: props.cpuArchitecture });
  const size = { cpu: props.cpu ?? 256, memoryMiB: props.memoryMiB ?? 512, gpus: gpusOf(job, props.containers) };
  compute._validate(job, size);
  requireTmpfsFit(job, props.containers, size.memoryMiB);
  checkStopTimes(job, compute, props.containers);
  const taskDefinition = compute._createTaskDefinition(job, { ...size, ...roles });
  acknowledgeTask(taskDefinition);
  return taskDefinition;
}

/** A job is in no namespace and behind no load balancer. */
function refusePorts(scope: IConstruct, props: JobProps): void {
  props.containers.forEach((container, i) => {
    if (!container.ports || container.ports.length === 0) return;
    throw validationError(scope, 'JobHasPorts', {
      prop: `containers[${i}].ports`,
      must: 'be left out, since nothing can call a job',
      got: container.ports.map((port) => port.name),
      fix: 'use MeshService for what others call',
    });
  });
}
