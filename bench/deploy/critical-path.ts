import { DURATIONS, OTHER, Pace, TASK_START, secondsOf } from './durations';

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

/** The resources that a resource waits for: DependsOn, Ref, Fn::GetAtt and Fn::Sub, as CloudFormation orders them. */
export function dependencies({ Resources }: Template, id: string): string[] {
  const { DependsOn = [], Properties } = Resources[id];
  const found = new Set([DependsOn].flat());
  collect(Properties, found);
  return [...found].filter((other) => other in Resources && other !== id);
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
  const resource = template.Resources[id];
  if (resource.Type === 'AWS::ECS::Service') return secondsOf(TASK_START, pace) + healthSeconds(template, resource);
  return secondsOf(DURATIONS[resource.Type] ?? OTHER, pace);
}

/**
 * A new image of a service: task definition, new tasks, their health checks, and then the old ones drain. A service with two versions also
 * waits for its bake time.
 */
export function imageUpdate(template: Template, serviceId: string): Step[] {
  const service = template.Resources[serviceId];
  const part = (name: string, seconds: number): Step => ({ id: name, type: service.Type, seconds });
  const configuration = (service.Properties?.DeploymentConfiguration ?? {}) as Record<string, unknown>;
  return [
    part('task definition', secondsOf(OTHER)),
    part('tasks start', secondsOf(TASK_START)),
    part('health checks', healthSeconds(template, service)),
    part('bake time', Number(configuration.BakeTimeInMinutes ?? 0) * 60),
    part('drain', drainSeconds(template, service)),
  ].filter(({ seconds }) => seconds > 0);
}

/** The longest of the load balancers' checks and of the containers' own. */
function healthSeconds(template: Template, service: TemplateResource): number {
  const groups = targetGroups(template, service).map(
    ({ HealthCheckIntervalSeconds: interval = 30, HealthyThresholdCount: count = 5 }) => Number(interval) * Number(count),
  );
  const containers = containersOf(template, service).map(({ HealthCheck }) => Number(HealthCheck?.Interval ?? 0));
  return Math.max(0, ...groups, ...containers);
}

function drainSeconds(template: Template, service: TemplateResource): number {
  const delays = targetGroups(template, service).map(({ TargetGroupAttributes = [] }) => {
    const attributes = TargetGroupAttributes as { Key: string; Value: string }[];
    return Number(attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value ?? 300);
  });
  const stops = containersOf(template, service).map(({ StopTimeout }) => StopTimeout ?? 30);
  return Math.max(0, ...delays) + Math.max(0, ...stops);
}

function targetGroups({ Resources }: Template, service: TemplateResource): Record<string, unknown>[] {
  const balancers = (service.Properties?.LoadBalancers ?? []) as { TargetGroupArn?: { Ref?: string } }[];
  return balancers.flatMap(({ TargetGroupArn }) => [Resources[TargetGroupArn?.Ref ?? '']?.Properties ?? {}]);
}

interface Container {
  readonly StopTimeout?: number;
  readonly HealthCheck?: { readonly Interval?: number };
}

function containersOf({ Resources }: Template, service: TemplateResource): Container[] {
  const definition = (service.Properties?.TaskDefinition as { Ref?: string } | undefined)?.Ref ?? '';
  return (Resources[definition]?.Properties?.ContainerDefinitions ?? []) as Container[];
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((item) => collect(item, found));
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'Ref' && typeof inner === 'string') {
      found.add(inner);
    } else if (key === 'Fn::GetAtt') {
      found.add(String([inner].flat()[0]).split('.')[0]);
    } else if (key === 'Fn::Sub') {
      [...String([inner].flat()[0]).matchAll(/\$\{([A-Za-z0-9]+)/g)].forEach(([, name]) => found.add(name));
    }
    collect(inner, found);
  }
}
