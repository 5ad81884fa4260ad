import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { associationsOf } from '../capacity';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceOutlivesCapacityProviders: Rule = {
  id: 'ServiceOutlivesCapacityProviders',
  trap: 'T24',
  level: NagMessageLevel.WARN,
  info: 'The stack takes capacity providers off the cluster while the service still uses them.',
  explanation:
    'A deletion of the stack then fails with "the specified capacity provider is in use". Make the service depend on the cluster, so that it goes first: service.node.defaultChild!.node.addDependency(cluster).',
  check: (resource) => {
    const service = EcsService.of(resource);
    const associations = service && associationsOf(service);
    const usesThem = service && service.resource.at('LaunchType').isAbsent;
    if (!associations || !usesThem) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(!resource.waitsFor(associations));
  },
};
