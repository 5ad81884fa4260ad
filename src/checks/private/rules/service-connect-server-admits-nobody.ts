import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { hostGroups } from '../capacity';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { mayLeave } from '../security-groups';
import { neighboursOf, serversOf } from '../service-connect';

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
    const offered = ports.filter((port): port is number => port !== undefined && hasCaller(service!, port));
    if (!service?.groups || offered.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(offered.some((port) => !service.admits(port)));
  },
};

function hasCaller(server: EcsService, port: number): boolean {
  return neighboursOf(server).some((neighbour) => {
    const groups = neighbour.groups ?? hostGroups(neighbour);
    return !groups || mayLeave(groups, { from: port, to: port }, server.groups ?? []);
  });
}
