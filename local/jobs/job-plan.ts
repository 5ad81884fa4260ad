import { Resource } from '../assembly/stack-template';
import { readDeployment } from '../deploy/deployment-plan';
import { ImageSource } from '../ecs/image';
import { readTaskDefinitions, ServicePlan } from '../ecs/service-plan';
import { ContainerPlan, TaskPlan } from '../ecs/task-definition';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

/** A task that runs to its end. */
export interface JobPlan {
  /** The resource that starts it: the run of a deployment job, or a schedule. */
  readonly key: string;
  readonly label: string;
  /** What starts it: the deployment, or a clock. */
  readonly start:
    { readonly kind: 'deployment'; readonly timeoutMs: number } | { readonly kind: 'schedule'; readonly expression: string };
  /** The container whose exit code counts. */
  readonly container: string;
  /** Keys of the resources that CloudFormation completes before. */
  readonly after: readonly string[];
  /** As ECS runs it: a task that belongs to no service, has no target group and no name. */
  readonly service: ServicePlan;
}

const SCHEDULE_TIMEOUT_MS = 120_000;

/** Everything in the template that starts tasks outside of services. */
export function readJobs(resolver: Resolver, imageOf: (image: string, path: string) => ImageSource): JobPlan[] {
  const runs = resolver.resources('Custom::EcsMeshDeploymentJob');
  const schedules = resolver
    .resources('AWS::Scheduler::Schedule')
    .filter((schedule) => resolver.read(schedule).get('Target').get('EcsParameters').exists);
  if (runs.length + schedules.length === 0) return [];
  const definitions = readTaskDefinitions(resolver, imageOf);
  return [
    ...runs
      .filter((run) => !resolver.read(run).get('Placeholder').boolean(false))
      .map((run) => readRun(resolver, run, definitions)),
    ...schedules.map((schedule) => readSchedule(resolver, schedule, definitions)),
  ];
}

function readRun(resolver: Resolver, resource: Resource, definitions: ReadonlyMap<string, TaskPlan>): JobPlan {
  const props = resolver.read(resource);
  const task = taskOf(props.get('TaskDefinition'), definitions);
  return {
    key: resource.key,
    label: props.get('Job').string(resource.logicalId),
    start: { kind: 'deployment', timeoutMs: props.get('TimeoutSeconds').number() * 1000 },
    container: props.get('Container').string(),
    after: resource.after,
    service: outside(resource, props.get('Job').string(resource.logicalId), props.get('Cluster'), task),
  };
}

function readSchedule(resolver: Resolver, resource: Resource, definitions: ReadonlyMap<string, TaskPlan>): JobPlan {
  const props = resolver.read(resource);
  const target = props.get('Target');
  const task = taskOf(target.get('EcsParameters').get('TaskDefinitionArn'), definitions);
  const { name } = task.containers.find(({ essential }) => essential) ?? task.containers[0];
  return {
    key: resource.key,
    label: name,
    start: { kind: 'schedule', expression: props.get('ScheduleExpression').string() },
    container: name,
    after: resource.after,
    service: outside(resource, name, target.get('Arn'), task),
  };
}

function taskOf(definition: Reader, definitions: ReadonlyMap<string, TaskPlan>): TaskPlan {
  const task = definitions.get(definition.string());
  if (!task) throw new Error(`${definition.path}: no task definition ${definition.string()} in the assembly`);
  return task;
}

/** What does not concern a task that nobody replaces. */
const ONCE = readDeployment(new Reader({}, 'deployment', (value) => value));

function outside({ key, after }: Resource, label: string, cluster: Reader, task: TaskPlan): ServicePlan {
  return {
    ...{ key, label, task, after, cluster: cluster.string('default').split('/').at(-1)! },
    ...{ desiredCount: 1, fargate: true, targets: [], aliases: [], registries: [], healthGraceMs: 0 },
    deployment: ONCE,
  };
}

/** What `RunTask` may change about a task. */
export interface TaskOverrides {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export function timeoutOf({ start }: JobPlan): number {
  return start.kind === 'deployment' ? start.timeoutMs : SCHEDULE_TIMEOUT_MS;
}

/** The job with another command or more variables in its container, as `aws ecs run-task --overrides` has it. */
export function overridden(plan: JobPlan, { command, environment }: TaskOverrides): ServicePlan {
  const change = (container: ContainerPlan): ContainerPlan =>
    container.name === plan.container
      ? { ...container, command: command ?? container.command, environment: { ...container.environment, ...environment } }
      : container;
  const { task } = plan.service;
  return { ...plan.service, task: { ...task, containers: task.containers.map(change) } };
}
