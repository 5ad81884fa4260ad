import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const desiredCountFightsScaling: Rule = {
  id: 'DesiredCountFightsScaling',
  trap: 'T12',
  level: NagMessageLevel.WARN,
  info: 'The service scales by itself, and its template fixes the number of tasks.',
  explanation:
    'An update of the service sets the count back to that of the template, in the middle of the rush if need be. Leave desiredCount out, and set minCapacity.',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!service || service.scalableTargets.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(!resource.at('DesiredCount').isAbsent);
  },
};
