import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { hostGroups } from '../capacity';
import { EcsService } from '../ecs-service';
import { loadBalancersOf } from '../load-balancers';
import { Rule, verdict } from '../rule';
import { admits, knownGroups } from '../security-groups';

/** The ephemeral port range of Linux, from which Docker assigns a port to a host port of 0. */
const DYNAMIC_PORTS = { from: 32768, to: 60999 };

export const loadBalancerCannotReachHosts: Rule = {
  id: 'LoadBalancerCannotReachHosts',
  trap: 'T6',
  level: NagMessageLevel.ERROR,
  info: 'The hosts of the service do not admit its load balancer on the ports of the tasks.',
  explanation:
    'CDK adds the rules only if the security group of the hosts is in cluster.connections, to which an AsgCapacityProvider does not add it; health checks then fail without an error. Call autoScalingGroup.connections.allowFrom(loadBalancer, Port.tcpRange(32768, 65535)) for dynamic ports, or Port.tcp of a fixed one.',
  check: (resource) => {
    const service = EcsService.of(resource);
    if (!service || !['bridge', 'host'].includes(service.networkMode ?? '')) return NagRuleCompliance.NOT_APPLICABLE;
    const hosts = hostGroups(service);
    const checks = service.targets.flatMap(({ targetGroup, containerPort }) => {
      const port = service.hostPort(containerPort);
      const clients = targetGroup ? loadBalancersOf(targetGroup).map((found) => knownGroups(found.at('SecurityGroups'))) : [];
      if (!hosts || port === undefined || clients.length === 0 || clients.some((groups) => !groups)) return [];
      return clients.map((groups) => admits(hosts, port === 0 ? DYNAMIC_PORTS : { from: port, to: port }, groups));
    });
    return checks.length === 0 ? NagRuleCompliance.NOT_APPLICABLE : verdict(checks.includes(false));
  },
};
