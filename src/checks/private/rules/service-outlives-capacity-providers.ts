import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { associationsOf } from '../capacity';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceOutlivesCapacityProviders: Rule = {
  id: 'ServiceOutlivesCapacityProviders',
  trap: 'T24',
  level: NagMessageLevel.WARN,
  info: 'The stack removes capacity providers from the cluster while the service still uses them.',
  explanation:
    'The deletion of the stack then fails with "the specified capacity provider is in use". Make the service depend on the cluster, so that it is deleted first: service.node.defaultChild!.node.addDependency(cluster).',
  check: (resource) => {
    const service = EcsService.of(resource);
    const associations = service && associationsOf(service);
    const usesThem = service && service.resource.at('LaunchType').isAbsent;
    if (!associations || !usesThem) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(!resource.waitsFor(associations));
  },
};
