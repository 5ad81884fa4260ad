import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { attribute, servicesOf } from '../load-balancers';
import { Rule, verdict } from '../rule';

export const slowDeregistration: Rule = {
  id: 'SlowDeregistration',
  trap: 'T13',
  level: NagMessageLevel.WARN,
  info: 'The load balancer keeps each leaving task for more than 60 seconds.',
  explanation:
    'Unless it is set, the delay is 300 seconds, which every deployment and every scale-in waits for. Set deregistrationDelay to a little more than your longest request.',
  check: (resource) => {
    const isTarget = resource.type === 'AWS::ElasticLoadBalancingV2::TargetGroup' && servicesOf(resource).length > 0;
    const delay = attribute(resource, 'TargetGroupAttributes', 'deregistration_delay.timeout_seconds');
    if (!isTarget || delay?.isUnknown) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict((delay?.number ?? 300) > 60);
  },
};
