import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const noRollback: Rule = {
  id: 'NoRollback',
  trap: 'T13',
  level: NagMessageLevel.WARN,
  info: 'The service has no deployment circuit breaker with rollback.',
  explanation:
    'ECS keeps restarting a version that never becomes healthy, and CloudFormation waits three hours for it. Set circuitBreaker: { rollback: true }.',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (service?.strategy !== 'ROLLING') return NagRuleCompliance.NOT_APPLICABLE;
    const breaker = service.deployment.at('DeploymentCircuitBreaker');
    if (breaker.isUnknown) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(!breaker.at('Enable').isTrue || !breaker.at('Rollback').isTrue);
  },
};
