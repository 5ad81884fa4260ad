import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { EcsService } from '../ecs-service';
import { Rule, verdict } from '../rule';
import { serversOf } from '../service-connect';

export const serviceConnectSilentTimeout: Rule = {
  id: 'ServiceConnectSilentTimeout',
  trap: 'T5',
  level: NagMessageLevel.WARN,
  info: 'Requests of a load balancer pass a Service Connect proxy that ends them after 15 seconds, which nobody chose.',
  explanation:
    'The proxy of an HTTP server carries the requests of load balancers too, and its request timeout is 15 seconds unless it is set. Set perRequestTimeout (0 turns it off) next to the idle timeout of the load balancer.',
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
