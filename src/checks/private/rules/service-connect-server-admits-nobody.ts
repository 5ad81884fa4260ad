import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { neighboursOf, serversOf } from '../service-connect';

/** A server alone in its namespace has nobody to admit yet. */
export const serviceConnectServerAdmitsNobody: Rule = {
  id: 'ServiceConnectServerAdmitsNobody',
  trap: 'T2',
  level: NagMessageLevel.WARN,
  info: 'The service is a Service Connect server, and its security group admits nobody on its port.',
  explanation:
    'Service Connect finds the way, it opens no port, and CDK adds no security-group rule for it. Add one for each client: server.connections.allowFrom(client, Port.tcp(containerPort)); or do not offer the port.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const ports = service ? serversOf(service).map((server) => server.proxyPort) : [];
    const known = ports.filter((port): port is number => port !== undefined);
    if (!service?.groups || known.length === 0 || neighboursOf(service).length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(known.some((port) => !service.admits(port)));
  },
};
