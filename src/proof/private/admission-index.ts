import { Network } from './network';
import { NetworkNode } from './network-node';
import { Group, ingressOf } from './security-group';
import { ipv4RangesOverlap } from '../../core/private/ip-range';

/** The components of a network by whom they admit, so that not every pair of components has to be looked at. */
export class AdmissionIndex {
  private readonly places: ReadonlyMap<NetworkNode, number>;
  private readonly byGroup = new Map<Group, Set<NetworkNode>>();
  private readonly byCidr = new Map<string, Set<NetworkNode>>();
  private readonly byHosts = new Map<string, Set<NetworkNode>>();

  constructor(
    components: NetworkNode[],
    private readonly network: Network,
  ) {
    this.places = new Map(components.map((component, place) => [component, place]));
    for (const component of components) {
      if (component.hosts !== undefined) add(this.byHosts, component.hosts, component);
      for (const { peer } of ingressOf(component)) {
        if (peer.group) add(this.byGroup, peer.group, component);
        if (peer.cidr !== undefined) add(this.byCidr, peer.cidr, component);
      }
    }
  }

  /** Returns the components that can admit a client, in their order: those that a rule admits it to, and those on its own host. */
  public candidates({ groups, place, hosts }: NetworkNode): NetworkNode[] {
    const cidrs = this.network.cidrs(place);
    const ranges = [...this.byCidr.keys()].filter((range) => cidrs.some((cidr) => ipv4RangesOverlap(cidr, range)));
    const found = new Set([
      ...groups.flatMap((group) => [...(this.byGroup.get(group) ?? [])]),
      ...ranges.flatMap((range) => [...this.byCidr.get(range)!]),
      ...(hosts === undefined ? [] : this.byHosts.get(hosts)!),
    ]);
    return [...found].sort((a, b) => this.places.get(a)! - this.places.get(b)!);
  }
}

function add<K>(sets: Map<K, Set<NetworkNode>>, key: K, component: NetworkNode): void {
  const found = sets.get(key) ?? new Set();
  sets.set(key, found.add(component));
}
