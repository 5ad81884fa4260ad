import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Namespace } from '../namespace';
import { Rule, verdict } from '../rule';
import { serversOf } from '../service-connect';

/** A server has clients to admit if a service in its namespace can open connections to it. */
export const serviceConnectServerAdmitsNobody: Rule = {
  id: 'ServiceConnectServerAdmitsNobody',
  trap: 'T2',
  level: NagMessageLevel.WARN,
  info: 'The service is a Service Connect server, but its security group admits no client on its port.',
  explanation:
    'Service Connect resolves addresses but opens no ports, and CDK adds no security group rule for it. Add one for each client, server.connections.allowFrom(client, Port.tcp(containerPort)), or remove the port from the Service Connect configuration.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const ports = service ? serversOf(service).map((server) => server.proxyPort) : [];
    const callers = service && Namespace.of(service)?.callers;
    const offered = ports.filter((port): port is number => port !== undefined && !!callers?.canCall(service!, port));
    if (!service?.groups || offered.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(offered.some((port) => !service.admits(port)));
  },
};
