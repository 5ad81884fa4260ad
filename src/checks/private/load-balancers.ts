import { EcsService } from './ecs-service';
import { Resource } from '../../template/private/app-templates';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Returns the load balancers that forward to a target group. */
export function loadBalancersOf(targetGroup: Resource): Resource[] {
  const { app } = targetGroup;
  const rules = app.referring(targetGroup, LISTENER_RULE, 'Actions');
  const listeners = [
    ...app.referring(targetGroup, LISTENER, 'DefaultActions'),
    ...rules.map((rule) => rule.at('ListenerArn').resource),
  ];
  const found = listeners.map((listener) => listener?.at('LoadBalancerArn').resource);
  return [...new Set(found.filter((loadBalancer): loadBalancer is Resource => !!loadBalancer))];
}

/** Returns the services that register their tasks in a target group. */
export function servicesOf(targetGroup: Resource): EcsService[] {
  return targetGroup.app
    .referring(targetGroup, 'AWS::ECS::Service', 'LoadBalancers')
    .flatMap((found) => EcsService.of(found) ?? []);
}

/** Returns an attribute of a load balancer or target group. */
export function attribute(resource: Resource, list: string, name: string) {
  return resource
    .at(list)
    .items.find((item) => item.at('Key').text === name)
    ?.at('Value');
}
