import { Task } from './task';
import { TimeScale } from '../run/time-scale';

/** What a scheduler thinks of a task that it has not told to stop. */
export type Standing = 'pending' | 'healthy' | 'unhealthy';

/** The state of a task's targets together; undefined if it has none. */
export type TargetHealth = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' | undefined;

/**
 * A task without any health check counts as healthy after this time.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
const UNCHECKED_MS = 40_000;

/** Container health checks and load balancers decide together; failures do not count within the grace period of the service. */
export function standingOf(task: Task, targets: TargetHealth, time: TimeScale, now = Date.now()): Standing {
  const age = now - (task.runningAt ?? task.createdAt);
  const signals = [task.checked ? task.health : undefined, targets].filter((signal) => signal !== undefined);
  if (signals.includes('UNHEALTHY')) return age < time.here(task.service.healthGraceMs) ? 'pending' : 'unhealthy';
  if (task.state !== 'RUNNING') return 'pending';
  if (signals.length === 0) return age < time.here(UNCHECKED_MS) ? 'pending' : 'healthy';
  return signals.every((signal) => signal === 'HEALTHY') ? 'healthy' : 'pending';
}
