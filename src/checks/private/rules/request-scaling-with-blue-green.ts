import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { scaledServices } from '../scaling';

export const requestScalingWithBlueGreen: Rule = {
  id: 'RequestScalingWithBlueGreen',
  trap: 'T14',
  level: NagMessageLevel.ERROR,
  info: 'The service scales on the requests of one target group, but its deployments shift traffic to another one.',
  explanation:
    'ALBRequestCountPerTarget reads a single target group; after the shift, it has no requests, and the service scales in under full load. Scale on CPU, or on a metric of your own.',
  check: (resource) => {
    const predefined = resource.at('TargetTrackingScalingPolicyConfiguration', 'PredefinedMetricSpecification');
    const isByRequests = predefined.at('PredefinedMetricType').text === 'ALBRequestCountPerTarget';
    const strategies = isByRequests ? scaledServices(resource).map((service: EcsService) => service.strategy) : [];
    if (strategies.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(strategies.some((strategy) => strategy !== undefined && strategy !== 'ROLLING'));
  },
};
