import { ServiceScheduler } from '../ecs/scheduler';
import { TargetGroup } from '../elb/target-group';

/** What of some services is not as the template wants it yet: tasks that are missing, targets and containers that are not healthy. */
export function unready(services: readonly ServiceScheduler[], groups: ReadonlyMap<string, TargetGroup>): string[] {
  const tasks = services.flatMap(({ tasks: own }) => own);
  const ids = new Set(tasks.map(({ id }) => id));
  const targets = [...groups.values()].flatMap(({ plan, targets: list }) =>
    list
      .filter(({ id, state }) => state !== 'healthy' && ids.has(id))
      .map(({ state, address, port }) => `${plan.label}: target ${address}:${port} is ${state}`),
  );
  const missing = services
    .filter(({ running, plan }) => running.length < plan.desiredCount)
    .map(({ running, plan }) => `${plan.label}: ${running.length} of ${plan.desiredCount} tasks run`);
  const containers = tasks
    .filter(({ health, checked }) => checked && health !== 'HEALTHY')
    .map(({ label, health }) => `${label}: container health is ${health}`);
  return [...missing, ...targets, ...containers];
}
