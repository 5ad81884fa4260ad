import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceInDependencyCircle: Rule = {
  id: 'ServiceInDependencyCircle',
  trap: 'T25',
  level: NagMessageLevel.ERROR,
  info: 'The service waits for a resource that waits for the service.',
  explanation:
    'CloudFormation refuses the template. The usual reason is a deployment alarm on a metric of the service itself: give the service a name, and use that name in the dimensions of the alarm instead of service.serviceName.',
  check: (resource) => {
    const service = EcsService.of(resource);
    return service ? verdict(resource.waitsFor(resource)) : NagRuleCompliance.NOT_APPLICABLE;
  },
};
