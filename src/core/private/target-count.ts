import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnListener, CfnListenerRule, CfnLoadBalancer, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { Violation, warn } from './errors';
import { loadBalancerOf } from './listener-count';
import { QUOTAS } from './quotas';
import { Tally, targetsIn } from './tally';

/** Warns of load balancers with more targets than the default quota when all services have their maximum number of tasks. */
export function countTargets(resources: CfnResource[]): Violation[] {
  const most = maximumTasks(resources);
  const holders = loadBalancersOf(resources);
  const targets = new Tally<IConstruct>();
  for (const service of resources) {
    if (!(service instanceof CfnService)) continue;
    // The other target group of a service with two versions is empty except during a deployment.
    for (const group of targetsIn(service, service.loadBalancers, 'targetGroupArn')) {
      for (const loadBalancer of holders.get(group) ?? []) targets.add(loadBalancer, most.get(service) ?? 0);
    }
  }
  const { limit, source } = QUOTAS.targetsOfLoadBalancer;
  for (const [loadBalancer, count] of targets.above(limit)) {
    warn(
      loadBalancer,
      'LoadBalancerTargets',
      `${loadBalancer.node.path} has ${count} targets when its services have their maximum number of tasks; a load balancer has at most ` +
        `${limit} unless the quota was raised (${source}). Raise it before you deploy, lower the maximum of \`scaling\`, or add a second ` +
        'DualAlbGateway.',
    );
  }
  return [];
}

/** Returns the maximum number of tasks of each service, as far as it is known. */
function maximumTasks(resources: CfnResource[]): Map<IConstruct, number> {
  const most = new Map<IConstruct, number>();
  const raise = (service: IConstruct | undefined, counts: (number | undefined)[]) => {
    const known = counts.filter((count) => count !== undefined && !Token.isUnresolved(count)) as number[];
    if (service) most.set(service, Math.max(most.get(service) ?? 0, ...known));
  };
  for (const resource of resources) {
    if (resource instanceof CfnService) raise(resource, [resource.desiredCount]);
    if (!(resource instanceof CfnScalableTarget)) continue;
    const [service] = targetsIn(resource, resource.resourceId).filter((target) => target instanceof CfnService);
    raise(service, [resource.maxCapacity, ...scheduledMaximums(resource)]);
  }
  return most;
}

function scheduledMaximums(target: CfnScalableTarget): (number | undefined)[] {
  const actions = target.stack.resolve(target.scheduledActions) as CfnScalableTarget.ScheduledActionProperty[] | undefined;
  return (actions ?? []).map(
    ({ scalableTargetAction }) => (scalableTargetAction as CfnScalableTarget.ScalableTargetActionProperty | undefined)?.maxCapacity,
  );
}

/** Returns the load balancers of each target group: one, or more if listeners of several forward to it. */
function loadBalancersOf(resources: CfnResource[]): Map<IConstruct, Set<IConstruct>> {
  const holders = new Map<IConstruct, Set<IConstruct>>();
  for (const resource of resources) {
    if (!(resource instanceof CfnListenerRule || resource instanceof CfnListener)) continue;
    const actions = resource instanceof CfnListener ? resource.defaultActions : resource.actions;
    const [listener] =
      resource instanceof CfnListener
        ? [resource]
        : targetsIn(resource, resource.listenerArn).filter((target) => target instanceof CfnListener);
    const loadBalancer = listener && loadBalancerOf(listener);
    if (!(loadBalancer instanceof CfnLoadBalancer) || loadBalancer.type === 'network') continue;
    for (const group of targetsIn(resource, actions)) {
      if (group instanceof CfnTargetGroup) holders.set(group, (holders.get(group) ?? new Set()).add(loadBalancer));
    }
  }
  return holders;
}
