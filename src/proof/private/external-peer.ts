import { isEverybody } from './addresses';
import { Network } from './network';
import { NetworkNode } from './network-node';
import { ANY_PORT, common, PortRange, single } from './port-range';
import { ProofResource } from './proof-resource';
import { egressOf, ingressOf, Rule } from './security-group';
import { ipv4RangesOverlap } from '../../core/private/ip-range';

/** The paths between two ports of the network or out of it. Without ports, a reason says what blocks them. */
export interface NetworkPath {
  readonly ports: PortRange[];
  readonly path: string[];
  readonly blocked?: string;
}

/** A peer in no subnet of the app: the internet, an address range, a prefix list, or the service of a gateway endpoint. */
export interface ExternalPeer {
  readonly name: string;
  readonly isMeant: (rule: Rule) => boolean;
  readonly endpoint?: ProofResource;
  readonly cidr: string;
}

export const INTERNET: ExternalPeer = {
  name: 'Internet',
  cidr: '0.0.0.0/0',
  isMeant: ({ peer }) => peer.cidr !== undefined && isEverybody(peer.cidr),
};

/** Returns all peers outside the app that a rule names, the internet first. */
export function externalPeersOf(components: NetworkNode[], network: Network, endpoints: ProofResource[]): ExternalPeer[] {
  const cidrs = components.flatMap(({ place }) => network.cidrs(place));
  const rules = components.flatMap(({ groups }) => groups.flatMap(({ ingress, egress }) => [...ingress, ...egress]));
  const named = new Map<string, ExternalPeer>();
  for (const { peer } of rules) {
    if (peer.prefixList !== undefined) {
      const name = `prefix list ${peer.prefixList}`;
      named.set(name, { name, cidr: '0.0.0.0/0', isMeant: (rule) => rule.peer.prefixList === peer.prefixList });
    } else if (peer.group && !peer.group.isKnown) {
      const { group } = peer;
      named.set(group.name, { name: group.name, cidr: '0.0.0.0/0', isMeant: (rule) => rule.peer.group === group });
    } else if (peer.cidr !== undefined && !isEverybody(peer.cidr) && !cidrs.some((cidr) => ipv4RangesOverlap(cidr, peer.cidr!))) {
      const cidr = peer.cidr;
      named.set(cidr, { name: cidr, cidr, isMeant: (rule) => rule.peer.cidr === cidr || INTERNET.isMeant(rule) });
    }
  }
  const gateways = endpoints.map((endpoint) => ({
    name: endpoint.name,
    cidr: '0.0.0.0/0',
    endpoint,
    isMeant: (rule: Rule) => INTERNET.isMeant(rule) || rule.peer.prefixList !== undefined,
  }));
  return [INTERNET, ...named.values(), ...gateways];
}

/** Finds the path from a component to a peer outside the app. */
export function pathTo(component: NetworkNode, outside: ExternalPeer, network: Network): NetworkPath {
  if (!component.opens || (component.forwards && !component.callsOutside)) {
    return closed(`${component.name} opens no connections of its own to the outside`);
  }
  const rules = egressOf(component).filter(outside.isMeant);
  const wanted = outside.endpoint ? [single(80), single(443)] : [ANY_PORT];
  const ports = common(
    rules.map((rule) => rule.ports),
    wanted,
  );
  if (ports.length === 0) return closed(`egress: no rule of ${groupNames(component)} lets anything out to ${outside.name}`);
  if (outside.endpoint) {
    return network.usesEndpoint(component.place, outside.endpoint)
      ? { ports, path: [`egress of ${groupNames(component)}`, `route to ${outside.name}`] }
      : closed(`route: ${outside.name} is in no route table of ${component.name}`);
  }
  const way = network.egressPath(component.place, outside.cidr, ports[0]);
  return way
    ? { ports, path: [`egress of ${groupNames(component)}`, way] }
    : closed(`route: the subnets of ${component.name} have no way to ${outside.name}`);
}

/** Finds the path from a peer outside the app to a component. */
export function pathFrom(outside: ExternalPeer, component: NetworkNode, network: Network): NetworkPath {
  const rules = ingressOf(component).filter(outside.isMeant);
  const ports = common(
    rules.map((rule) => rule.ports),
    component.listens?.map(single) ?? [ANY_PORT],
  );
  if (ports.length === 0 || outside.endpoint) return closed(`ingress: no rule of ${groupNames(component)} admits ${outside.name}`);
  // Private ranges come through peering or a VPN, which may be declared elsewhere.
  if (isPrivate(outside.cidr)) return { ports, path: [`ingress of ${groupNames(component)}`] };
  return network.isOpenToInternet(component.place)
    ? { ports, path: ['public address', `ingress of ${groupNames(component)}`] }
    : closed(`route: ${component.name} has no public address in a subnet with an internet gateway`);
}

export function closed(blocked: string): NetworkPath {
  return { ports: [], path: [], blocked };
}

export function groupNames({ groups }: NetworkNode): string {
  return groups.length === 0 ? 'no security group' : groups.map(({ name }) => name).join(', ');
}

function isPrivate(cidr: string): boolean {
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].some(
    (range) => cidr !== '0.0.0.0/0' && ipv4RangesOverlap(range, cidr),
  );
}
