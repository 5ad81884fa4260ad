import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Namespace, namesOf } from '../namespace';
import { Rule, verdict } from '../rule';

export const serviceConnectAliasTaken: Rule = {
  id: 'ServiceConnectAliasTaken',
  trap: 'T4',
  level: NagMessageLevel.ERROR,
  info: 'Two services of one namespace have the same discovery name or client alias.',
  explanation:
    'A discovery name must be unique in its namespace, and clients reach an arbitrary one of two equal aliases. Change the discoveryName and dnsName of one of the services.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const own = service ? namesOf(service) : [];
    if (!service || own.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    const namespace = Namespace.of(service);
    return verdict(new Set(own).size < own.length || own.some((name) => namespace?.isTaken(name, service)));
  },
};
