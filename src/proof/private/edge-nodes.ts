import { isEverybody } from './addresses';
import { AppTemplates } from './app-templates';
import { named } from './ecs-nodes';
import { closed, groupNames, NetworkPath } from './external-peer';
import { Network } from './network';
import { Forward, NetworkNode } from './network-node';
import { common, single } from './port-range';
import { ProofResource } from './proof-resource';
import { ingressOf } from './security-group';
import { isObject, numberOf, textOf } from '../../template/private/json';

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
/** The ports on which CloudFront serves viewers. */
const VIEWERS = [80, 443];

/** The distributions of CloudFront, which everyone calls, and which call the load balancers that are their origins. */
export class EdgeParties {
  constructor(
    private readonly app: AppTemplates,
    private readonly network: Network,
    private readonly loadBalancers: NetworkNode[],
  ) {}

  public all(): NetworkNode[] {
    return this.app.all(DISTRIBUTION).map((distribution) => {
      const origins = distribution.list('DistributionConfig', 'Origins').filter(isObject);
      return {
        ...named(distribution, 'distribution'),
        groups: [],
        place: this.network.locate(distribution, []),
        opens: true,
        listens: VIEWERS,
        forwards: origins.flatMap((origin) => this.forwards(distribution, origin)),
        atEdge: true,
      };
    });
  }

  private forwards(distribution: ProofResource, origin: Record<string, unknown>): Forward[] {
    const { VpcOriginConfig: inVpc, CustomOriginConfig: custom } = origin;
    const vpcOrigin = isObject(inVpc) ? distribution.follow(inVpc.VpcOriginId) : undefined;
    const endpoint = vpcOrigin?.at('VpcOriginEndpointConfig');
    if (vpcOrigin && isObject(endpoint)) return this.through(vpcOrigin.follow(endpoint.Arn), vpcOrigin.name, endpoint);
    return isObject(custom) ? this.through(distribution.follow(origin.DomainName), distribution.name, custom) : [];
  }

  /** Returns the connections to a load balancer, on the ports that the protocol policy allows. */
  private through(target: ProofResource | undefined, by: string, config: Record<string, unknown>): Forward[] {
    const to = this.loadBalancers.find(({ path }) => path === target?.path);
    if (!to) return [];
    const policy = textOf(config.OriginProtocolPolicy) ?? 'match-viewer';
    const http = policy === 'https-only' ? [] : [numberOf(config.HTTPPort) ?? 80];
    const https = policy === 'http-only' ? [] : [numberOf(config.HTTPSPort) ?? 443];
    const ports = [...http, ...https];
    return ports.flatMap((port) => VIEWERS.map((listener) => ({ to, port, ports: single(port), listener, by })));
  }
}

/**
 * Finds the path from a distribution to a load balancer that is one of its origins. An internal one is reached through interfaces in its
 * subnets, which have a security group of AWS; nothing in a template has that group, and a prefix list can be that of CloudFront.
 */
export function pathFromEdge(from: NetworkNode, to: NetworkNode, network: Network): NetworkPath {
  const targets = from.forwards!.filter((forward) => forward.to === to);
  if (targets.length === 0) return closed(`origin: ${to.name} is no origin of ${from.name}`);
  const isPublic = network.isOpenToInternet(to.place);
  const admitting = ingressOf(to).filter(({ peer }) => {
    if (peer.prefixList !== undefined) return true;
    return isPublic ? peer.cidr !== undefined && isEverybody(peer.cidr) : peer.group?.isKnown === false;
  });
  const ports = common(
    common(
      admitting.map((rule) => rule.ports),
      targets.map((target) => target.ports),
    ),
    (to.listens ?? []).map(single),
  );
  if (ports.length === 0) return closed(`ingress: no rule of ${groupNames(to)} admits CloudFront`);
  return { ports, path: [...new Set(targets.map(({ by }) => by)), `ingress of ${groupNames(to)}`] };
}
