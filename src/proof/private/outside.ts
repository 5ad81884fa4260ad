import { isEverybody, overlap } from './addresses';
import { Network } from './network';
import { Party } from './party';
import { ANY_PORT, common, PortRange, single } from './port-range';
import { ProofResource } from './proof-resource';
import { egressOf, ingressOf, Rule } from './security-group';

/** Ways between two ports of the network or out of it; no ports where something blocks, and then what. */
export interface Way {
  readonly ports: PortRange[];
  readonly path: string[];
  readonly blocked?: string;
}

/** Someone who is in no subnet of the app: the internet, an address range, a prefix list, or what a gateway endpoint leads to. */
export interface Outside {
  readonly name: string;
  readonly isMeant: (rule: Rule) => boolean;
  readonly endpoint?: ProofResource;
  readonly cidr: string;
}

export const INTERNET: Outside = {
  name: 'Internet',
  cidr: '0.0.0.0/0',
  isMeant: ({ peer }) => peer.cidr !== undefined && isEverybody(peer.cidr),
};

/** Everybody outside whom some rule means, the internet first. */
export function outsidesOf(parties: Party[], network: Network, endpoints: ProofResource[]): Outside[] {
  const cidrs = parties.flatMap(({ place }) => network.cidrs(place));
  const rules = parties.flatMap(({ groups }) => groups.flatMap(({ ingress, egress }) => [...ingress, ...egress]));
  const named = new Map<string, Outside>();
  for (const { peer } of rules) {
    if (peer.prefixList !== undefined) {
      const name = `prefix list ${peer.prefixList}`;
      named.set(name, { name, cidr: '0.0.0.0/0', isMeant: (rule) => rule.peer.prefixList === peer.prefixList });
    } else if (peer.group && !peer.group.isKnown) {
      const { group } = peer;
      named.set(group.name, { name: group.name, cidr: '0.0.0.0/0', isMeant: (rule) => rule.peer.group === group });
    } else if (peer.cidr !== undefined && !isEverybody(peer.cidr) && !cidrs.some((cidr) => overlap(cidr, peer.cidr!))) {
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

/** How a party opens connections to somebody outside. */
export function wayTo(party: Party, outside: Outside, network: Network): Way {
  if (!party.opens || (party.forwards && !party.callsOutside)) {
    return closed(`${party.name} opens no connections of its own to the outside`);
  }
  const rules = egressOf(party).filter(outside.isMeant);
  const wanted = outside.endpoint ? [single(80), single(443)] : [ANY_PORT];
  const ports = common(
    rules.map((rule) => rule.ports),
    wanted,
  );
  if (ports.length === 0) return closed(`egress: no rule of ${groupNames(party)} lets anything out to ${outside.name}`);
  if (outside.endpoint) {
    return network.usesEndpoint(party.place, outside.endpoint)
      ? { ports, path: [`egress of ${groupNames(party)}`, `route to ${outside.name}`] }
      : closed(`route: ${outside.name} is in no route table of ${party.name}`);
  }
  const way = network.wayOut(party.place, outside.cidr, ports[0]);
  return way
    ? { ports, path: [`egress of ${groupNames(party)}`, way] }
    : closed(`route: the subnets of ${party.name} have no way to ${outside.name}`);
}

/** How somebody outside opens connections to a party. */
export function wayFrom(outside: Outside, party: Party, network: Network): Way {
  const rules = ingressOf(party).filter(outside.isMeant);
  const ports = common(
    rules.map((rule) => rule.ports),
    party.listens?.map(single) ?? [ANY_PORT],
  );
  if (ports.length === 0 || outside.endpoint) return closed(`ingress: no rule of ${groupNames(party)} admits ${outside.name}`);
  // Private ranges come through peering or a VPN, which may be declared elsewhere.
  if (isPrivate(outside.cidr)) return { ports, path: [`ingress of ${groupNames(party)}`] };
  return network.isOpenToInternet(party.place)
    ? { ports, path: ['public address', `ingress of ${groupNames(party)}`] }
    : closed(`route: ${party.name} has no public address in a subnet with an internet gateway`);
}

export function closed(blocked: string): Way {
  return { ports: [], path: [], blocked };
}

export function groupNames({ groups }: Party): string {
  return groups.length === 0 ? 'no security group' : groups.map(({ name }) => name).join(', ');
}

function isPrivate(cidr: string): boolean {
  return ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].some(
    (range) => cidr !== '0.0.0.0/0' && overlap(range, cidr),
  );
}
