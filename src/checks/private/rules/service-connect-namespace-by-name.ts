import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { namespaceNamed } from '../service-connect';

export const serviceConnectNamespaceByName: Rule = {
  id: 'ServiceConnectNamespaceByName',
  trap: 'T3',
  level: NagMessageLevel.ERROR,
  info: 'The service specifies its Service Connect namespace by a literal name, and does not depend on it.',
  explanation:
    'ECS creates a second namespace of that name if the service is created first, or in another stack. Pass the ARN of the namespace, namespace.namespaceArn, or make the service depend on it.',
  check: (resource) => {
    const namespace = EcsService.of(resource)?.serviceConnect?.at('Namespace');
    if (!namespace || namespace.isAbsent || namespace.isUnknown) return NagRuleCompliance.NOT_APPLICABLE;
    if (namespace.text?.startsWith('arn:')) return NagRuleCompliance.COMPLIANT;
    const own = namespaceNamed(resource, namespace.text ?? '');
    return verdict(!own || !resource.waitsFor(own));
  },
};
