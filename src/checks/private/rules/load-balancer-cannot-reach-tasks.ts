import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { loadBalancersOf } from '../load-balancers';
import { Rule, verdict } from '../rule';
import { knownGroups } from '../security-groups';

export const loadBalancerCannotReachTasks: Rule = {
  id: 'LoadBalancerCannotReachTasks',
  trap: 'T20',
  level: NagMessageLevel.ERROR,
  info: 'The security group of the tasks does not admit their load balancer.',
  explanation:
    'CDK adds no rule between a Network Load Balancer with security groups and its targets, so health checks fail. Add service.connections.allowFrom(loadBalancer, Port.tcp(containerPort)).',
  check: (resource) => {
    const service = EcsService.of(resource);
    const checks = (service?.targets ?? []).flatMap(({ targetGroup, containerPort }) => {
      const clients = targetGroup ? loadBalancersOf(targetGroup).map((found) => knownGroups(found.at('SecurityGroups'))) : [];
      if (!service!.groups || containerPort === undefined || clients.some((groups) => !groups)) return [];
      return clients.map((groups) => service!.admits(containerPort, groups));
    });
    return checks.length === 0 ? NagRuleCompliance.NOT_APPLICABLE : verdict(checks.includes(false));
  },
};
