import { isEverybody } from './addresses';
import { Network } from './network';
import { NetworkNode } from './network-node';
import { ANY_PORT, common, PortRange, single } from './port-range';
import { ProofResource } from './proof-resource';
import { egressOf, Group, ingressOf, portsFor, Rule } from './security-group';
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
  /** The security group of a peer that no component of the app has. Its members call and are called at private addresses. */
  readonly group?: Group;
  /** Indicates whether the peer is a prefix list, which can contain private addresses that are known only in its account. */
  readonly isPrefixList?: boolean;
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
  const carried = new Set(components.flatMap(({ groups }) => groups.filter(({ isKnown }) => isKnown)));
  const named = new Map<string, ExternalPeer>();
  for (const { peer } of rules) {
    if (peer.prefixList !== undefined) {
      const name = `prefix list ${peer.prefixList}`;
      const isMeant = (rule: Rule) => rule.peer.prefixList === peer.prefixList;
      named.set(name, { name, cidr: '0.0.0.0/0', isMeant, isPrefixList: true });
    } else if (peer.group && !carried.has(peer.group)) {
      const { group } = peer;
      named.set(group.name, { name: group.name, cidr: '0.0.0.0/0', group, isMeant: (rule) => rule.peer.group === group });
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
  const wanted = outside.endpoint ? [single(80), single(443)] : portsAtGroup('ingress', outside, component, network);
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
  if (outside.group) return { ports, path: [`egress of ${groupNames(component)}`] };
  const way = network.egressPath(component.place, outside.cidr, ports[0]);
  return way
    ? { ports, path: [`egress of ${groupNames(component)}`, way] }
    : closed(`route: the subnets of ${component.name} have no way to ${outside.name}`);
}

/** Finds the path from a peer outside the app to a component. */
export function pathFrom(outside: ExternalPeer, component: NetworkNode, network: Network): NetworkPath {
  if (component.atEdge) return fromViewers(outside, component);
  const rules = ingressOf(component).filter(outside.isMeant);
  const heard = common(
    rules.map((rule) => rule.ports),
    component.listens?.map(single) ?? [ANY_PORT],
  );
  const ports = common(heard, portsAtGroup('egress', outside, component, network));
  if (ports.length === 0 || outside.endpoint) return closed(`ingress: no rule of ${groupNames(component)} admits ${outside.name}`);
  // Private ranges come through peering or a VPN, which may be declared elsewhere.
  if (isPrivate(outside.cidr) || outside.group) return { ports, path: [`ingress of ${groupNames(component)}`] };
  if (network.isOpenToInternet(component.place)) return { ports, path: ['public address', `ingress of ${groupNames(component)}`] };
  // Nor is it known where the addresses of a prefix list are.
  return outside.isPrefixList
    ? { ports, path: [`ingress of ${groupNames(component)}`] }
    : closed(`route: ${component.name} has no public address in a subnet with an internet gateway`);
}

function fromViewers(outside: ExternalPeer, { name, listens = [] }: NetworkNode): NetworkPath {
  return outside === INTERNET
    ? { ports: listens.map(single), path: ['public address'] }
    : closed(`edge: ${outside.name} calls ${name} as everyone does`);
}

/** Returns the ports that a group of the app opens towards a component or to it. The rules of an imported group are unknown. */
function portsAtGroup(
  direction: 'ingress' | 'egress',
  { group }: ExternalPeer,
  { groups, place }: NetworkNode,
  network: Network,
): PortRange[] {
  return group?.isKnown ? portsFor(group[direction], groups, network.cidrs(place)) : [ANY_PORT];
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
