import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Rule, verdict } from '../rule';
import { admitsEverybody, knownGroups } from '../security-groups';

export const internalLoadBalancerOpen: Rule = {
  id: 'InternalLoadBalancerOpen',
  trap: 'T9',
  level: NagMessageLevel.ERROR,
  info: 'The load balancer is internal, and its security group admits everybody.',
  explanation:
    'Listeners of CDK are open to 0.0.0.0/0 unless told otherwise, on internal load balancers too: everything in the network, and in networks joined to it, can call. Pass open: false to addListener and allow each client.',
  check: (resource) => {
    const isInternal = resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' && resource.at('Scheme').text === 'internal';
    const groups = isInternal ? knownGroups(resource.at('SecurityGroups')) : undefined;
    return groups ? verdict(admitsEverybody(groups)) : NagRuleCompliance.NOT_APPLICABLE;
  },
};
