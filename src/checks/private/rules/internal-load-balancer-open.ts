import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Rule, verdict } from '../rule';
import { admitsEverybody, knownGroups } from '../security-groups';

export const internalLoadBalancerOpen: Rule = {
  id: 'InternalLoadBalancerOpen',
  trap: 'T9',
  level: NagMessageLevel.ERROR,
  info: 'The load balancer is internal, but its security group admits all addresses.',
  explanation:
    'By default, CDK opens listeners to 0.0.0.0/0, also on internal load balancers: everything in the network, and in networks connected to it, can call it. Pass open: false to addListener and allow each client.',
  check: (resource) => {
    const isInternal = resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' && resource.at('Scheme').text === 'internal';
    const groups = isInternal ? knownGroups(resource.at('SecurityGroups')) : undefined;
    return groups ? verdict(admitsEverybody(groups)) : NagRuleCompliance.NOT_APPLICABLE;
  },
};
