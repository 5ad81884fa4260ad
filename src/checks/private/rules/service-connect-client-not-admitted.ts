import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { toldServers } from '../told-addresses';

export const serviceConnectClientNotAdmitted: Rule = {
  id: 'ServiceConnectClientNotAdmitted',
  trap: 'T2',
  level: NagMessageLevel.ERROR,
  info: 'The service calls a Service Connect server whose security group does not admit it.',
  explanation:
    'Service Connect resolves addresses but opens no ports, and CDK adds no security group rule for it. Add one: server.connections.allowFrom(client, Port.tcp(containerPort)).',
  check: (resource) => {
    const client = EcsService.of(resource);
    const groups = client?.groups;
    if (!client || !groups) return NagRuleCompliance.NOT_APPLICABLE;
    const calls = toldServers(client).filter(({ service, server }) => server.proxyPort !== undefined && service.groups);
    if (calls.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(calls.some(({ service, server }) => !service.admits(server.proxyPort!, groups)));
  },
};
