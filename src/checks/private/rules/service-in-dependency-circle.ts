import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceInDependencyCircle: Rule = {
  id: 'ServiceInDependencyCircle',
  trap: 'T25',
  level: NagMessageLevel.ERROR,
  info: 'The service depends on a resource that depends on the service.',
  explanation:
    'CloudFormation rejects the template. The usual cause is a deployment alarm on a metric of the service itself: set a name for the service, and use that name in the dimensions of the alarm instead of service.serviceName.',
  check: (resource) => {
    const service = EcsService.of(resource);
    return service ? verdict(resource.waitsFor(resource)) : NagRuleCompliance.NOT_APPLICABLE;
  },
};
