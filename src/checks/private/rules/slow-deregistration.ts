import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { attribute, servicesOf } from '../load-balancers';
import { Rule, verdict } from '../rule';

export const slowDeregistration: Rule = {
  id: 'SlowDeregistration',
  trap: 'T13',
  level: NagMessageLevel.WARN,
  info: 'The load balancer takes more than 60 seconds to deregister a task.',
  explanation:
    'The default delay is 300 seconds, and every deployment and scale-in waits for it. Set deregistrationDelay to slightly more than your longest request.',
  check: (resource) => {
    const isTarget = resource.type === 'AWS::ElasticLoadBalancingV2::TargetGroup' && servicesOf(resource).length > 0;
    const delay = attribute(resource, 'TargetGroupAttributes', 'deregistration_delay.timeout_seconds');
    if (!isTarget || delay?.isUnknown) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict((delay?.number ?? 300) > 60);
  },
};
