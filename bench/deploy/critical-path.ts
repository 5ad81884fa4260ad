import { DURATIONS, OTHER, Pace, TASK_START, secondsOf } from './durations';
import { Resource, Template as TemplateReader, Value } from '../../src/template/private/app-templates';
import { readTemplate } from '../../src/template/private/assembly';

/** What is read of a template. */
export interface Template {
  readonly Resources: Record<string, TemplateResource>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | string[];
}

/** One resource on the way. */
export interface Step {
  readonly id: string;
  readonly type: string;
  readonly seconds: number;
}

const read = new WeakMap<Template, TemplateReader>();

function readerOf(template: Template): TemplateReader {
  const found = read.get(template) ?? readTemplate(template);
  read.set(template, found);
  return found;
}

/** The resources that CloudFormation creates before a resource. */
export function dependencies(template: Template, id: string): string[] {
  const found = readerOf(template).resource(id)?.dependencies ?? [];
  return found.map((other) => other.id).filter((other) => other !== id);
}

/** The way that decides how long a first deployment takes: its last resource is the last to be ready. */
export function criticalPath(template: Template, pace: Pace = 'median'): Step[] {
  const ready = new Map<string, { end: number; path: Step[] }>();
  const visit = (id: string): { end: number; path: Step[] } => {
    const known = ready.get(id);
    if (known) return known;
    const waits = dependencies(template, id).map(visit);
    const last = waits.reduce((a, b) => (b.end > a.end ? b : a), { end: 0, path: [] as Step[] });
    const seconds = creationTime(template, id, pace);
    const result = { end: last.end + seconds, path: [...last.path, { id, type: template.Resources[id].Type, seconds }] };
    ready.set(id, result);
    return result;
  };
  const all = Object.keys(template.Resources).map(visit);
  return all.reduce((a, b) => (b.end > a.end ? b : a), { end: 0, path: [] as Step[] }).path;
}

export const total = (path: Step[]): number => path.reduce((sum, { seconds }) => sum + seconds, 0);

/** A service is complete when its tasks are healthy. */
function creationTime(template: Template, id: string, pace: Pace): number {
  const resource = resourceOf(template, id);
  if (resource.type === 'AWS::ECS::Service') return secondsOf(TASK_START, pace) + healthSeconds(resource);
  return secondsOf(DURATIONS[resource.type] ?? OTHER, pace);
}

/**
 * A new image of a service: task definition, new tasks, their health checks, and then the old ones drain. A service with two versions also
 * waits for its bake time.
 */
export function imageUpdate(template: Template, serviceId: string): Step[] {
  const service = resourceOf(template, serviceId);
  const part = (name: string, seconds: number): Step => ({ id: name, type: service.type, seconds });
  return [
    part('task definition', secondsOf(OTHER)),
    part('tasks start', secondsOf(TASK_START)),
    part('health checks', healthSeconds(service)),
    part('bake time', numberIn(service.at('DeploymentConfiguration', 'BakeTimeInMinutes'), 0) * 60),
    part('drain', drainSeconds(service)),
  ].filter(({ seconds }) => seconds > 0);
}

/** The longest of the load balancers' checks and of the containers' own. */
function healthSeconds(service: Resource): number {
  const groups = targetGroups(service).map(
    (group) => numberIn(group.at('HealthCheckIntervalSeconds'), 30) * numberIn(group.at('HealthyThresholdCount'), 5),
  );
  const containers = containersOf(service).map((container) => numberIn(container.at('HealthCheck', 'Interval'), 0));
  return Math.max(0, ...groups, ...containers);
}

function drainSeconds(service: Resource): number {
  const delays = targetGroups(service).map((group) => {
    const attributes = group.at('TargetGroupAttributes').items;
    const delay = attributes.find((one) => one.at('Key').text === 'deregistration_delay.timeout_seconds');
    return delay ? numberIn(delay.at('Value'), 300) : 300;
  });
  const stops = containersOf(service).map((container) => numberIn(container.at('StopTimeout'), 30));
  return Math.max(0, ...delays) + Math.max(0, ...stops);
}

function targetGroups(service: Resource): Resource[] {
  return service.at('LoadBalancers').items.flatMap((balancer) => balancer.at('TargetGroupArn').resource ?? []);
}

function containersOf(service: Resource): Value[] {
  return service.at('TaskDefinition').resource?.at('ContainerDefinitions').items ?? [];
}

/** A number, or AWS's default where the property is absent. No time is made up for what only a deployment knows. */
function numberIn(value: Value, usual: number): number {
  if (value.isAbsent) return usual;
  if (value.number === undefined) throw new Error(`${value.path} must be a number, and ${value.because ?? 'is none'}`);
  return value.number;
}

function resourceOf(template: Template, id: string): Resource {
  return readerOf(template).resource(id)!;
}
