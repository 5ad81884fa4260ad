import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource, Value } from '../../../template/private/app-templates';
import { EcsService } from '../ecs-service';
import { attribute, loadBalancersOf } from '../load-balancers';
import { Rule, verdict } from '../rule';
import { ServiceConnectServer, serversOf } from '../service-connect';

export const serviceConnectIdleTimeoutTooShort: Rule = {
  id: 'ServiceConnectIdleTimeoutTooShort',
  trap: 'T31',
  level: NagMessageLevel.WARN,
  info: 'A Service Connect proxy closes idle connections before a request on them can complete, or before the load balancer does.',
  explanation:
    'ECS closes the connection at the idle timeout, even if the request timeout is longer, and a load balancer that keeps connections for the same time sends requests on connections that are being closed, which causes occasional 502 errors. Set idleTimeout above perRequestTimeout and above the idle timeout of the load balancer, or omit it: the default is 5 minutes for HTTP.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const judged = service ? serversOf(service).map((server) => isTooShort(service, server)) : [];
    const known = judged.filter((tooShort) => tooShort !== undefined);
    return known.length > 0 ? verdict(known.includes(true)) : NagRuleCompliance.NOT_APPLICABLE;
  },
};

/**
 * Returns undefined if the timeouts are known only at deployment. Defaults:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TimeoutConfiguration.html.
 */
function isTooShort(service: EcsService, { mapping, configuration }: ServiceConnectServer): boolean | undefined {
  const hasRequests = !mapping?.at('AppProtocol').isAbsent;
  const idle = numberOr(configuration.at('Timeout', 'IdleTimeoutSeconds'), hasRequests ? 300 : 3600);
  const request = hasRequests ? numberOr(configuration.at('Timeout', 'PerRequestTimeoutSeconds'), 15) : 0;
  const containerPort = mapping?.at('ContainerPort').number;
  const groups = service.targets.filter((target) => target.containerPort === containerPort).map(({ targetGroup }) => targetGroup);
  const longest = Math.max(0, ...groups.flatMap((group) => (group ? loadBalancersOf(group) : [])).map(idleTimeoutOf));
  if (!mapping || idle === undefined) return undefined;
  return idle !== 0 && (idle < (request ?? 0) || idle <= longest);
}

function idleTimeoutOf(loadBalancer: Resource): number {
  const type = loadBalancer.at('Type');
  if (!type.isAbsent && type.text !== 'application') return 0;
  const timeout = attribute(loadBalancer, 'LoadBalancerAttributes', 'idle_timeout.timeout_seconds');
  return (timeout ? timeout.number : 60) ?? 0;
}

function numberOr(value: Value, usual: number): number | undefined {
  return value.isAbsent ? usual : value.number;
}
