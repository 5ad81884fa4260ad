import { CfnResource } from 'aws-cdk-lib';
import { CfnListener, CfnListenerCertificate, CfnListenerRule, CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { Violation, warn } from './errors';
import { QUOTAS } from './quotas';
import { lengthOf, Tally, targetOf } from './tally';

/** Warns of load balancers with more rules or certificates than the default quotas. A listener of another app counts for itself. */
export function countListenerParts(resources: CfnResource[]): Violation[] {
  const rules = new Tally<IConstruct>();
  const certificates = new Tally<IConstruct>();
  const imported = new Map<string, IConstruct>();
  const holderOf = (listenerArn: string, user: CfnResource): IConstruct => {
    const listener = targetOf(user, listenerArn);
    if (listener instanceof CfnListener) return loadBalancerOf(listener);
    if (!imported.has(listenerArn)) imported.set(listenerArn, user);
    return imported.get(listenerArn)!;
  };
  for (const node of resources) {
    if (CfnListenerRule.isCfnListenerRule(node) && node.listenerArn) rules.add(holderOf(node.listenerArn, node));
    if (node instanceof CfnListenerCertificate) {
      certificates.add(holderOf(node.listenerArn, node), lengthOf(node, node.certificates));
    }
  }
  for (const [holder, count] of rules.above(QUOTAS.rulesOfLoadBalancer.limit)) {
    warnOf(holder, 'ListenerRules', `${count} listener rules`, QUOTAS.rulesOfLoadBalancer);
  }
  for (const [holder, count] of certificates.above(QUOTAS.certificatesOfLoadBalancer.limit)) {
    warnOf(holder, 'ListenerCertificates', `${count} additional certificates`, QUOTAS.certificatesOfLoadBalancer);
  }
  return [];
}

/** Returns the load balancer of a listener, or the listener if the load balancer is not in the app. */
export function loadBalancerOf(listener: CfnListener): IConstruct {
  const target = targetOf(listener, listener.loadBalancerArn);
  return target instanceof CfnLoadBalancer ? target : listener;
}

function warnOf(holder: IConstruct, id: string, count: string, { limit, source }: { limit: number; source: string }): void {
  warn(
    holder,
    id,
    `The load balancer of ${holder.node.path} has ${count}; a load balancer has at most ${limit} unless the quota was raised (${source}). ` +
      'Raise it before you deploy, or add a second DualAlbGateway.',
  );
}
