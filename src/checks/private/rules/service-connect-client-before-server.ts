import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Namespace } from '../namespace';
import { Rule, verdict } from '../rule';
import { names } from '../security-groups';
import { serversOf, ServiceConnectServer } from '../service-connect';
import { toldServers } from '../told-addresses';

/**
 * A service in the namespace does not necessarily call the others: an address in its variables, or a security group rule, shows that it
 * does.
 */
export const serviceConnectClientBeforeServer: Rule = {
  id: 'ServiceConnectClientBeforeServer',
  trap: 'T1',
  level: NagMessageLevel.ERROR,
  info: 'The service calls a Service Connect server that can be created after it.',
  explanation:
    'Tasks do not resolve endpoints that are added to the namespace after they started. Add a dependency between the resources, not between the constructs, which would be circular because of the security group rules: client.node.defaultChild!.node.addDependency(server.node.defaultChild!).',
  check: (resource) => {
    const client = EcsService.of(resource);
    if (!client?.serviceConnect) return NagRuleCompliance.NOT_APPLICABLE;
    const admitting = [...(Namespace.of(client)?.admittingAny(client.groups ?? []) ?? [])].filter(
      (other) => other !== client && serversOf(other).some((server) => isAdmitted(client, other, server)),
    );
    const called = [...toldServers(client).map(({ service }) => service), ...admitting];
    if (called.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(called.some((server) => !resource.waitsFor(server.resource)));
  },
};

function isAdmitted(client: EcsService, other: EcsService, { proxyPort }: ServiceConnectServer): boolean {
  const [from, to] = [client.groups, other.groups];
  if (!from || !to || proxyPort === undefined || from.some((group) => to.includes(group))) return false;
  return names(to, { from: proxyPort, to: proxyPort }, from);
}
