import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceConnectInHostMode: Rule = {
  id: 'ServiceConnectInHostMode',
  trap: 'T7',
  level: NagMessageLevel.ERROR,
  info: 'The service uses Service Connect, and its tasks share the network of their hosts.',
  explanation: 'Service Connect works in awsvpc and bridge mode only. Choose another network mode, or a DNS record of your own.',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!service?.serviceConnect || !service.networkMode) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(service.networkMode === 'host');
  },
};
