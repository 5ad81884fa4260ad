import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { neighboursOf, serversOf } from '../service-connect';

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
    const taken = neighboursOf(service).flatMap(namesOf);
    return verdict(new Set(own).size < own.length || own.some((name) => taken.includes(name)));
  },
};

function namesOf(service: EcsService): string[] {
  return serversOf(service).flatMap(({ discoveryName, aliases }) => [
    ...(discoveryName === undefined ? [] : [discoveryName]),
    ...aliases.filter(({ dnsName, port }) => dnsName && port).map(({ dnsName, port }) => `${dnsName}:${port}`),
  ]);
}
