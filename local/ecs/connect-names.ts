import { ClientAlias, ServicePlan } from './service-plan';

/**
 * The names of Service Connect that a service's tasks know: those of its namespace that were there when its deployment began. What the
 * template does not put before the service may come later, and is not known then (T1).
 */
export function knownAliases(service: ServicePlan, all: readonly ServicePlan[]): ClientAlias[] {
  const before = new Set<ServicePlan>();
  const add = (plan: ServicePlan) => {
    if (before.has(plan)) return;
    before.add(plan);
    const earlierStacks = plan.stack?.dependencies ?? [];
    all.filter(({ key, stack }) => plan.after.includes(key) || earlierStacks.includes(stack?.id ?? '')).forEach(add);
  };
  add(service);
  return all
    .filter((plan) => before.has(plan) && plan.namespace !== undefined && plan.namespace === service.namespace)
    .flatMap(({ aliases }) => aliases);
}
