import { isIpv4Range } from '../security-groups/ip-range';
import { isPeer, isPermitted, NetworkInterface, rangesOf } from '../security-groups/network-interface';
import { ALL_PORTS } from '../security-groups/port-range';
import { Direction, Peer, Rule, UNGUARDED } from '../security-groups/security-group';

/** An address of the tasks' network, and what has it. */
export interface Station {
  readonly address: string;
  readonly interface: NetworkInterface;
  /** For a container in bridge mode, the address of its host, by which others know it. */
  readonly host?: string;
  /** Whether the gateway has the address, as it has those of load balancers, stores and hosts. */
  readonly atGateway?: boolean;
}

export interface FilteredNetwork {
  readonly subnet: string;
  readonly gateway: string;
  /** What stands in for the services of AWS, which are outside of the network and listen on port 443. */
  readonly aws?: { readonly address: string; readonly port: number };
}

const AWS: NetworkInterface = { key: 'AWS', groups: [UNGUARDED], public: true, ranges: () => [] };
const HTTPS = 443;
/** What belongs to a connection that was let through is let through: security groups are stateful. */
const STATEFUL = 'ct state established,related accept';

/**
 * The rules of nft for each network namespace of a run: what the security groups of a template let in and out, with everything else
 * dropped, so that a connection that no rule permits times out as in EC2.
 */
export class PacketFilter {
  private readonly stations: readonly Station[];

  constructor(
    stations: readonly Station[],
    private readonly network: FilteredNetwork,
  ) {
    this.stations = merged(stations);
  }

  /** Of the namespace of a task, or of a container behind its host. */
  public task(address: string): string {
    const station = this.stations.find((each) => each.address === address)!;
    const { gateway } = this.network;
    // What comes to a host's port was judged at the host's address, and is passed on by the gateway.
    const judged = this.stations.filter(({ atGateway }) => atGateway).map((each) => each.address);
    const input =
      station.host === undefined
        ? [`ip saddr ${gateway} accept`, ...this.ingress(station)]
        : [`ip saddr ${set([gateway, ...judged])} accept`];
    const output = [
      // The resolver, task metadata and time of AWS are beyond security groups; what stands in for them is at the gateway.
      `ip daddr ${gateway} accept`,
      ...(station.host === undefined ? [] : [`ip daddr ${station.host} accept`]),
      ...this.egress(station),
    ];
    return table([
      chain('input', 'drop', [STATEFUL, 'iif lo accept', ...input]),
      chain('output', 'drop', [STATEFUL, 'oif lo accept', ...output]),
    ]);
  }

  /** Of the gateway's namespace: what connects to load balancers, stores and hosts, and what these connect to. */
  public gateway(): string {
    const own = this.stations.filter(({ atGateway }) => atGateway);
    if (own.length === 0) return table([]);
    const addresses = set(own.map(({ address }) => address));
    const behind = this.stations.filter(({ host }) => host !== undefined).map(({ address }) => address);
    const input = own.flatMap((station) => [
      ...this.sameHost(station),
      ...this.ingress(station).map((line) => `ip daddr ${station.address} ${line}`),
    ]);
    const output = own.flatMap((station) => this.egress(station).map((line) => `ip saddr ${station.address} ${line}`));
    const toItself = own.map(({ address }) => `ip saddr ${address} ip daddr ${address} accept`);
    const forwarded = behind.length === 0 ? [] : [`ip saddr ${addresses} ip daddr ${set(behind)} accept`];
    return table([
      chain('input', 'accept', [STATEFUL, ...toItself, ...input, `ip daddr ${addresses} drop`]),
      chain('output', 'accept', [STATEFUL, ...toItself, ...output, ...forwarded, `ip saddr ${addresses} drop`]),
    ]);
  }

  /** Between containers of one host, nothing passes the host's interface. */
  private sameHost({ address }: Station): string[] {
    const inside = this.stations.filter(({ host }) => host === address).map((each) => each.address);
    return inside.length === 0 ? [] : [`ip daddr ${address} ip saddr ${set(inside)} accept`];
  }

  private ingress({ interface: own }: Station): string[] {
    return this.lines(own, 'ingress', (peer) => {
      const sources = this.peers(peer);
      return sources.length === 0 ? [] : [`ip saddr ${set(sources)}`];
    });
  }

  private egress({ interface: own }: Station): string[] {
    const lines = this.lines(own, 'egress', (peer) => {
      // Containers behind a host are reached by its address.
      const targets = this.peers(peer, ({ host }) => host === undefined);
      const outside = rangesOf(peer).filter(isIpv4Range);
      return [
        ...(targets.length === 0 ? [] : [`ip daddr ${set(targets)}`]),
        ...outside.map((cidr) => `ip daddr != ${this.network.subnet} ip daddr ${cidr}`),
      ];
    });
    return [...lines, ...this.toAws(own)];
  }

  /** AWS has prefix lists of its services that no template shows: who may leave by one may call them. */
  private toAws(own: NetworkInterface): string[] {
    const { aws } = this.network;
    if (!aws) return [];
    const listed = own.groups.flatMap(({ egress }) => egress).some(({ peer }) => peer.kind === 'prefixList' && !peer.ranges);
    return listed || isPermitted(own, AWS, HTTPS) ? [`ip daddr ${aws.address} tcp dport ${aws.port} accept`] : [];
  }

  private lines(own: NetworkInterface, direction: Direction, placesOf: (peer: Peer) => string[]): string[] {
    const rules = own.groups.flatMap((group) => group[direction]);
    const lines = rules.flatMap((rule) =>
      placesOf(rule.peer).map((place) => [place, traffic(rule), 'accept'].filter(Boolean).join(' ')),
    );
    return [...new Set(lines)];
  }

  private peers(peer: Peer, wanted: (station: Station) => boolean = () => true): string[] {
    return this.stations.filter((station) => wanted(station) && isPeer(peer, station.interface)).map(({ address }) => address);
  }
}

/** The traffic that a rule is about, by the port that it came to: a proxy in the task may have been put in front of it. */
function traffic({ protocol, ports }: Rule): string {
  const { from, to } = ports;
  if (protocol === 'all') return '';
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    const code = to < 0 ? '' : ` ${protocol} code ${to}`;
    return from < 0 ? `meta l4proto ${protocol}` : `${protocol} type ${from}${code}`;
  }
  if (protocol !== 'tcp' && protocol !== 'udp') return `meta l4proto ${protocol}`;
  return ports === ALL_PORTS
    ? `meta l4proto ${protocol}`
    : `meta l4proto ${protocol} ct original proto-dst ${from === to ? from : `${from}-${to}`}`;
}

/** A host is one station, whatever tasks it was told of by. */
function merged(stations: readonly Station[]): Station[] {
  const byAddress = new Map<string, Station>();
  for (const station of stations) {
    const known = byAddress.get(station.address);
    byAddress.set(station.address, known ? { ...known, interface: both(known.interface, station.interface) } : station);
  }
  return [...byAddress.values()];
}

function both(one: NetworkInterface, other: NetworkInterface): NetworkInterface {
  if (one === other) return one;
  return { ...one, groups: [...new Set([...one.groups, ...other.groups])], ranges: () => [...one.ranges(), ...other.ranges()] };
}

function set(addresses: readonly string[]): string {
  return `{ ${[...new Set(addresses)].sort().join(', ')} }`;
}

function chain(name: string, policy: string, rules: readonly string[]): string {
  const head = `type filter hook ${name} priority 0; policy ${policy};`;
  return `  chain ${name} {\n${[head, ...rules].map((line) => `    ${line}`).join('\n')}\n  }\n`;
}

/** Replaces the table in one step: at no moment is there none. */
function table(chains: readonly string[]): string {
  const name = 'table inet security_groups';
  return `${name}\ndelete ${name}\n${name} {\n${chains.join('')}}\n`;
}
