import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Rule, verdict } from '../rule';
import { admits, knownGroups } from '../security-groups';

export const networkLoadBalancerAdmitsNobody: Rule = {
  id: 'NetworkLoadBalancerAdmitsNobody',
  trap: 'T20',
  level: NagMessageLevel.ERROR,
  info: 'The security group of the Network Load Balancer admits no client on the port of a listener.',
  explanation:
    'CDK opens only listeners of Application Load Balancers. Add a rule for each client: loadBalancer.connections.allowFrom(client, Port.tcp(port)).',
  check: (resource) => {
    const isNetwork = resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer' && resource.at('Type').text === 'network';
    const groups = isNetwork ? knownGroups(resource.at('SecurityGroups')) : undefined;
    const ports = resource.app
      .all('AWS::ElasticLoadBalancingV2::Listener')
      .filter(
        (listener) =>
          listener.at('LoadBalancerArn').resource === resource && /^(TCP|TLS)$/.test(listener.at('Protocol').text ?? ''),
      )
      .map((listener) => listener.at('Port').number)
      .filter((port): port is number => port !== undefined);
    if (!groups || ports.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(ports.some((port) => !admits(groups, { from: port, to: port })));
  },
};
