import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { serversOf } from '../service-connect';

export const serviceConnectSilentTimeout: Rule = {
  id: 'ServiceConnectSilentTimeout',
  trap: 'T5',
  level: NagMessageLevel.WARN,
  info: 'Requests from a load balancer pass through a Service Connect proxy with the default request timeout of 15 seconds.',
  explanation:
    'The proxy of an HTTP server also handles the requests of load balancers, and its default request timeout is 15 seconds. Set perRequestTimeout (0 disables it) to match the idle timeout of the load balancer.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const routed = service?.targets.map((target) => target.containerPort) ?? [];
    const servers = service ? serversOf(service) : [];
    const http = servers.filter(
      ({ mapping }) =>
        /^(http|http2|grpc)$/.test(mapping?.at('AppProtocol').text ?? '') && routed.includes(mapping?.at('ContainerPort').number),
    );
    if (http.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(http.some(({ configuration }) => configuration.at('Timeout', 'PerRequestTimeoutSeconds').isAbsent));
  },
};
