import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const blueGreenOnDefaultAction: Rule = {
  id: 'BlueGreenOnDefaultAction',
  trap: 'T14',
  level: NagMessageLevel.ERROR,
  info: 'The service shifts traffic with the default action of a listener.',
  explanation:
    'On an Application Load Balancer, ECS changes the weights of a listener rule and cannot change a default action. Add an ApplicationListenerRule, and pass ListenerRuleConfiguration.applicationListenerRule(rule).',
  check: (resource) => {
    const targets = EcsService.of(resource)?.resource.at('LoadBalancers').items ?? [];
    const rules = targets.flatMap((target) => {
      const configuration = target.at('AdvancedConfiguration');
      return [configuration.at('ProductionListenerRule').resource, configuration.at('TestListenerRule').resource];
    });
    const known = rules.filter((rule) => rule);
    if (known.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(
      known.some(
        (rule) => rule!.type === 'AWS::ElasticLoadBalancingV2::Listener' && /^HTTPS?$/.test(rule!.at('Protocol').text ?? ''),
      ),
    );
  },
};
