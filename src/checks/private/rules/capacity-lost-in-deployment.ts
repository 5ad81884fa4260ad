import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

/** A maximum of 100 % means that tasks are replaced in place on purpose, as a single writer must be. */
export const capacityLostInDeployment: Rule = {
  id: 'CapacityLostInDeployment',
  trap: 'T13',
  level: NagMessageLevel.WARN,
  info: 'Each deployment can stop tasks before new ones are healthy.',
  explanation:
    'The CDK default for the minimum of healthy tasks is 50 %, so each deployment can stop half of the capacity. Set minHealthyPercent: 100, or maxHealthyPercent: 100 if tasks must be replaced in place.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const minimum = service?.deployment.at('MinimumHealthyPercent').number;
    const maximum = service?.deployment.at('MaximumPercent');
    if (service?.strategy !== 'ROLLING' || minimum === undefined || service.tasks === undefined || maximum?.isUnknown) {
      return NagRuleCompliance.NOT_APPLICABLE;
    }
    // ECS rounds up: of a single task, 50 % are one.
    const kept = Math.ceil((service.tasks * minimum) / 100);
    return verdict(kept < service.tasks && (maximum?.number ?? 200) > 100);
  },
};
