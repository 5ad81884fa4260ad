import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { Compute } from '../../tasks/compute';
import { ResolvedContainer, resolveContainers } from '../../tasks/private/resolved-container';
import { DEFAULT_SIZE, requireTask, TaskSettings } from '../../tasks/private/task';
import { TaskOwner } from '../../tasks/private/task-resources';
import { JobProps } from '../job-props';

/** The props of a job with every default applied and every rule checked: a Fargate task with the hardening of a service. */
export function resolveJob(job: TaskOwner, props: JobProps): TaskSettings {
  const containers = resolveContainers(job, props, job.discoveryName);
  refusePorts(job, containers);
  const task: TaskSettings = {
    compute: Compute.fargate({ cpuArchitecture: props.cpuArchitecture }),
    size: props.taskSize ?? DEFAULT_SIZE,
    containers,
    ports: [],
    enableExecuteCommand: false,
    existing: props.existing ?? {},
  };
  requireTask(job, task);
  return task;
}

/** Rejects ports: a job is in no namespace and behind no load balancer. */
function refusePorts(scope: IConstruct, containers: ResolvedContainer[]): void {
  const published = containers.find(({ ports }) => ports.length > 0);
  if (!published) return;
  throw validationError(scope, 'JobHasPorts', {
    prop: `${published.prop}.ports`,
    must: 'be left out, because nothing can call a job',
    got: published.ports.map((port) => port.name),
    fix: 'use MeshService for a server',
  });
}
