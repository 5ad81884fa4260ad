import { CircuitBreaker } from './circuit-breaker';
import { Revision } from '../ecs/revision';
import { ServiceScheduler, TaskNews } from '../ecs/scheduler';
import { TimeScale } from '../run/time-scale';

/** A deployment that ECS or CloudFormation has given up. */
export class DeploymentFailed extends Error {}

/** CloudFormation waits for a service to be steady for three hours. */
const STABLE_MS = 3 * 3600_000;
const LOOKS_EVERY_MS = 100;

/** Calls `step` until it returns true; an error ends the wait. */
export async function watch(service: ServiceScheduler, time: TimeScale, step: () => boolean): Promise<void> {
  for (const until = Date.now() + time.here(STABLE_MS); !step();) {
    if (service.closed) throw new DeploymentFailed('the run is over');
    if (Date.now() > until) throw new DeploymentFailed(`${service.plan.label} was not steady after ${time.describe(STABLE_MS)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
  }
}

/** Counts what becomes of the tasks of a version while `during` runs. */
export async function withBreaker(
  service: ServiceScheduler,
  revision: Revision,
  during: (check: () => void) => Promise<void>,
): Promise<void> {
  const { deployment, desiredCount, label } = revision.plan;
  const breaker = new CircuitBreaker(deployment.breaker, desiredCount);
  const listen = (news: TaskNews) => {
    if (news.revision !== revision) return;
    if (news.what === 'failed') breaker.taskFailed();
    else breaker.taskIsHealthy();
  };
  service.on('news', listen);
  try {
    await during(() => {
      if (!breaker.tripped) return;
      throw new DeploymentFailed(
        `${label}: ECS Deployment Circuit Breaker was triggered (${breaker.failures} failed tasks, the threshold is ${breaker.threshold})`,
      );
    });
  } finally {
    service.off('news', listen);
  }
}
