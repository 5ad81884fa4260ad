import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { servicesOf } from '../load-balancers';
import { Rule, verdict } from '../rule';

export const fixedHealthCheckPort: Rule = {
  id: 'FixedHealthCheckPort',
  trap: 'T6',
  level: NagMessageLevel.ERROR,
  info: 'The target group checks a fixed port of hosts, but tasks have dynamic ports.',
  explanation:
    'With a host port of 0, each task has a different port, so the health check reaches no task, or another one. Remove the port of the health check: the default, traffic-port, is the port of the task.',
  check: (resource) => {
    if (resource.type !== 'AWS::ElasticLoadBalancingV2::TargetGroup') return NagRuleCompliance.NOT_APPLICABLE;
    const dynamic = servicesOf(resource).filter((service) =>
      service.targets.some((target) => target.targetGroup === resource && service.hostPort(target.containerPort) === 0),
    );
    if (dynamic.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    const port = resource.at('HealthCheckPort');
    return verdict(port.text !== undefined && port.text !== 'traffic-port');
  },
};
