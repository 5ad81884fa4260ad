import { DeploymentPlan } from './deployment-plan';

/** How many tasks a service has during a deployment. */
export interface TaskLimits {
  /** Of healthy tasks: a percentage of the desired count, rounded up. */
  readonly least: number;
  /** Of tasks that have not ended: a percentage of the desired count, rounded down. */
  readonly most: number;
}

type Percentages = Pick<DeploymentPlan, 'minimumHealthyPercent' | 'maximumPercent' | 'strategy'>;

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
export function taskLimits({ minimumHealthyPercent, maximumPercent, strategy }: Percentages, desiredCount: number): TaskLimits {
  const most = Math.floor((desiredCount * maximumPercent) / 100);
  return {
    least: Math.ceil((desiredCount * minimumHealthyPercent) / 100),
    // Two whole versions run at once, whatever the percentages are.
    most: Math.max(strategy === 'ROLLING' ? most : 2 * desiredCount, 1),
  };
}

/**
 * How many tasks of the former version a rolling deployment still wants: as many as the minimum needs beside the healthy tasks of the
 * new one. It stops none while fewer than that are healthy.
 */
export function formerWanted(
  least: number,
  newHealthy: number,
  former: { readonly wanted: number; readonly healthy: number },
): number {
  const needed = Math.max(0, least - newHealthy);
  return former.healthy >= needed ? Math.min(former.wanted, needed) : former.wanted;
}

/** The tasks of one version of a service, by their state. */
export interface RevisionState {
  readonly wanted: number;
  /** Started, and neither healthy nor unhealthy yet. */
  readonly pending: number;
  readonly healthy: number;
  readonly unhealthy: number;
  /** Told to stop, and not stopped yet. */
  readonly leaving: number;
  /** How many more tasks the service may have. */
  readonly room: number;
}

export interface Moves {
  readonly start: number;
  /** Tasks that are healthy or may become it. */
  readonly stop: number;
  readonly stopUnhealthy: number;
}

/**
 * What brings a version to its number of tasks. An unhealthy task is stopped once another is healthy in its place; where there is no room
 * for another one, it is stopped first, one at a time.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
 */
export function movesOf({ wanted, pending, healthy, unhealthy, leaving, room }: RevisionState): Moves {
  const start = Math.max(0, Math.min(wanted - pending - healthy, room));
  const replaced = healthy >= wanted ? unhealthy : 0;
  const isStuck = unhealthy > 0 && start === 0 && pending + healthy < wanted && pending === 0 && leaving === 0;
  return {
    start,
    stop: Math.max(0, pending + healthy - wanted),
    stopUnhealthy: Math.max(replaced, isStuck ? 1 : 0),
  };
}
