import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';

export const serviceConnectInHostMode: Rule = {
  id: 'ServiceConnectInHostMode',
  trap: 'T7',
  level: NagMessageLevel.ERROR,
  info: 'The service uses Service Connect, but its tasks use host network mode.',
  explanation: 'Service Connect supports only awsvpc and bridge mode. Choose another network mode, or use a DNS record.',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!service?.serviceConnect || !service.networkMode) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(service.networkMode === 'host');
  },
};
