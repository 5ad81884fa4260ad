import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const noBakeTime: Rule = {
  id: 'NoBakeTime',
  trap: 'T14',
  level: NagMessageLevel.WARN,
  info: 'The service shifts traffic between two versions, but has no bake time.',
  explanation: 'By default, both versions run and CloudFormation waits for 36 hours. Set bakeTime.',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!['BLUE_GREEN', 'LINEAR', 'CANARY'].includes(service?.strategy ?? '')) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(service!.deployment.at('BakeTimeInMinutes').isAbsent);
  },
};
