import { isIpv4Range, overlap } from './ip-range';
import { includes, PortRange, shared } from './port-range';
import { Direction, Peer, Rule, SecurityGroup, UNGUARDED } from './security-group';

/** What connects and is connected to: the interfaces of a service's tasks, of a load balancer, of a store, of a machine. */
export interface NetworkInterface {
  /** Of the resource that has it. */
  readonly key: string;
  readonly groups: readonly SecurityGroup[];
  /** Whether the internet finds it, as far as its groups let it. */
  readonly public: boolean;
  /** The address ranges of its subnets. */
  ranges(): readonly string[];
}

/** Everybody outside of the network. */
export const INTERNET: NetworkInterface = { key: 'Internet', groups: [UNGUARDED], public: true, ranges: () => [] };

/** Whether a rule that names a peer means an interface of the network. A range means the interfaces whose subnets share addresses with it. */
export function isPeer(peer: Peer, { groups, ranges }: NetworkInterface): boolean {
  if (peer.kind === 'group') return groups.includes(peer.group);
  return rangesOf(peer).some((cidr) => isEverybody(cidr) || ranges().some((range) => overlap(range, cidr)));
}

/** The address ranges that a peer is given by. */
export function rangesOf(peer: Peer): readonly string[] {
  if (peer.kind === 'group') return [];
  return peer.kind === 'range' ? [peer.cidr] : (peer.ranges ?? []);
}

/** The TCP ports on which one may open a connection to the other: both the groups of the first and those of the second let it through. */
export function permittedPorts(from: NetworkInterface, to: NetworkInterface): PortRange[] {
  if (from === INTERNET && !to.public) return [];
  return shared(tcpPorts(from, 'egress', to), tcpPorts(to, 'ingress', from));
}

export function isPermitted(from: NetworkInterface, to: NetworkInterface, port: number): boolean {
  return includes(permittedPorts(from, to), port);
}

/** Whether a visitor from the internet may connect; whoever a rule names by address stands in for everybody that it means. */
export function isVisitable(to: NetworkInterface, port: number): boolean {
  const ports = to.groups.flatMap(({ ingress }) => ingress.filter(({ peer }) => peer.kind !== 'group').flatMap(tcpPortsOf));
  return includes(ports, port);
}

function tcpPorts({ groups }: NetworkInterface, direction: Direction, other: NetworkInterface): PortRange[] {
  return groups.flatMap((group) => group[direction].filter(({ peer }) => isPeer(peer, other)).flatMap(tcpPortsOf));
}

function tcpPortsOf({ protocol, ports }: Rule): PortRange[] {
  return ['all', 'tcp'].includes(protocol) ? [ports] : [];
}

/** The network of a run has IPv4 alone, so that `::/0` means nobody there. */
function isEverybody(cidr: string): boolean {
  return isIpv4Range(cidr) && cidr.endsWith('/0');
}
