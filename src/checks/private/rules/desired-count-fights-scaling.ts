import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const desiredCountFightsScaling: Rule = {
  id: 'DesiredCountFightsScaling',
  trap: 'T12',
  level: NagMessageLevel.WARN,
  info: 'The service scales automatically, but its template sets the number of tasks.',
  explanation:
    'An update of the service resets the count to that of the template, even under peak load. Remove desiredCount, and set minCapacity.',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!service || service.scalableTargets.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(!resource.at('DesiredCount').isAbsent);
  },
};
