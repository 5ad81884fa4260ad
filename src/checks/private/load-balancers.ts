import { EcsService } from './ecs-service';
import { Resource } from './template';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Load balancers that forward to a target group. */
export function loadBalancersOf(targetGroup: Resource): Resource[] {
  const { template } = targetGroup;
  const forwards = (resource: Resource, key: string) => resource.at(key).references.includes(targetGroup);
  const listeners = [
    ...template.all(LISTENER).filter((listener) => forwards(listener, 'DefaultActions')),
    ...template
      .all(LISTENER_RULE)
      .filter((rule) => forwards(rule, 'Actions'))
      .map((rule) => rule.at('ListenerArn').resource),
  ];
  const found = listeners.map((listener) => listener?.at('LoadBalancerArn').resource);
  return [...new Set(found.filter((loadBalancer): loadBalancer is Resource => !!loadBalancer))];
}

/** Services that register their tasks in a target group. */
export function servicesOf(targetGroup: Resource): EcsService[] {
  return EcsService.all(targetGroup).filter((service) => service.resource.at('LoadBalancers').references.includes(targetGroup));
}

/** An attribute of a load balancer or target group. */
export function attribute(resource: Resource, list: string, name: string) {
  return resource
    .at(list)
    .items.find((item) => item.at('Key').text === name)
    ?.at('Value');
}
