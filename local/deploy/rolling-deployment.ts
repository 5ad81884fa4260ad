import { DeploymentContext } from './deployment-context';
import { formerWanted } from './percentages';
import { watch, withBreaker } from './watch';
import { Revision } from '../ecs/revision';
import { ServiceScheduler } from '../ecs/scheduler';
import { ServicePlan } from '../ecs/service-plan';

/**
 * Replaces the tasks of a service within the minimum and the maximum of its template, and goes back where that fails: by the circuit breaker, or
 * without it as CloudFormation does when it rolls the stack back.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export async function rollOut(
  service: ServiceScheduler,
  plan: ServicePlan,
  { time, say }: Pick<DeploymentContext, 'time' | 'say'>,
): Promise<void> {
  const former = service.current;
  const next = service.revise(plan);
  const { least, most } = service.limits;
  say(`${plan.label}: rolling deployment of ${plan.desiredCount} tasks, at least ${least} healthy, at most ${most}`);
  try {
    await withBreaker(service, next, async (check) => {
      await watch(service, time, () => {
        check();
        return replaced(service, former, next);
      });
    });
  } catch (error) {
    if (service.closed) throw error;
    say(`${(error as Error).message}; ${plan.deployment.breaker.rollback ? 'rolling back' : 'the stack rolls back'}`);
    service.restore(former);
    await watch(service, time, () => replaced(service, next, former));
    service.forget(next);
    throw error;
  }
  service.forget(former);
}

/** Moves a service on from one version to the other; returns true once it is steady with the other alone. */
function replaced(service: ServiceScheduler, from: Revision, to: Revision): boolean {
  to.wanted = to.plan.desiredCount;
  const { least } = service.limits;
  from.wanted = formerWanted(least, service.healthy(to), { wanted: from.wanted, healthy: service.healthy(from) });
  return from.tasks.length === 0 && from.wanted === 0 && to.tasks.length === to.wanted && service.healthy(to) === to.wanted;
}
