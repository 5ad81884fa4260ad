import { isEverybody } from './addresses';
import { AppTemplates } from './app-templates';
import { common, PortRange } from './port-range';
import { ProofResource } from './proof-resource';
import { Groups, portsFor } from './security-group';
import { isTrue } from './values';
import { ipv4RangesOverlap } from '../../core/private/ip-range';
import { textOf } from '../../template/private/json';

/** A location in a network: subnets, and whether it has an address that the internet can reach. */
export interface NetworkLocation {
  /** Undefined if the subnets are not in the app: nothing is known of them then, and routes are assumed to exist. */
  readonly subnets?: ProofResource[];
  readonly hasPublicAddress: boolean;
}

/** Subnets and their routes. */
export class Network {
  private readonly ranges = new WeakMap<NetworkLocation, string[]>();
  private readonly tables = new Map<ProofResource, ProofResource | undefined>();

  constructor(
    private readonly app: AppTemplates,
    private readonly groups: Groups,
  ) {}

  /** Returns the location of a resource with these subnets; `raw` is a list of IDs, or one string of them. */
  public locate(owner: ProofResource, raw: unknown, hasPublicAddress = false): NetworkLocation {
    const found = owner.followAll(raw).filter(({ type }) => type === 'AWS::EC2::Subnet');
    return { subnets: found.length > 0 ? found : undefined, hasPublicAddress };
  }

  /** Returns the location of an instance. Unless its own properties specify it, it has a public address if its subnet assigns one. */
  public locateInstance(owner: ProofResource, raw: unknown, stated: boolean | undefined): NetworkLocation {
    const place = this.locate(owner, raw);
    const given = place.subnets?.some((subnet) => isTrue(subnet.at('MapPublicIpOnLaunch'))) ?? false;
    return { ...place, hasPublicAddress: stated ?? given };
  }

  public cidrs(place: NetworkLocation): string[] {
    // Of a network that is not in the app, only rules for everybody are sure to mean it.
    const cidrs = () => place.subnets?.map((subnet) => textOf(subnet.at('CidrBlock')) ?? '0.0.0.0/0') ?? ['0.0.0.0/0'];
    const found = this.ranges.get(place) ?? cidrs();
    this.ranges.set(place, found);
    return found;
  }

  /** Returns true if packets between two locations stay in one network. */
  public isOne(a: NetworkLocation, b: NetworkLocation): boolean {
    const [left, right] = [a, b].map(({ subnets }) => subnets?.map((subnet) => subnet.ref('VpcId') ?? textOf(subnet.at('VpcId'))));
    return !left || !right || left.some((vpc) => vpc === undefined || right.includes(vpc));
  }

  /** Describes the route of packets for an address range outside the network; undefined if there is none. */
  public egressPath(place: NetworkLocation, cidr: string, port: PortRange): string | undefined {
    if (!place.subnets) return 'subnets that are not in the app';
    for (const subnet of place.subnets) {
      for (const route of this.routesOf(subnet, cidr)) {
        const way = this.through(route, place, subnet, port);
        if (way) return way;
      }
    }
    return undefined;
  }

  /** Returns true if the internet can send packets to the location. */
  public isOpenToInternet(place: NetworkLocation): boolean {
    if (!place.hasPublicAddress) return false;
    const internet = (subnet: ProofResource) =>
      this.routesOf(subnet, '0.0.0.0/0').some((route) => route.ref('GatewayId')?.type === 'AWS::EC2::InternetGateway');
    return !place.subnets || place.subnets.some(internet);
  }

  /** Returns true if the route tables of the location include a gateway endpoint. */
  public usesEndpoint({ subnets }: NetworkLocation, endpoint: ProofResource): boolean {
    const tables = endpoint.list('RouteTableIds').map((table) => endpoint.follow(table));
    return (subnets ?? []).some((subnet) => tables.includes(this.tableOf(subnet)));
  }

  private tableOf(subnet: ProofResource): ProofResource | undefined {
    if (this.tables.has(subnet)) return this.tables.get(subnet);
    const associations = this.app.all('AWS::EC2::SubnetRouteTableAssociation');
    const table = associations.find((association) => association.ref('SubnetId') === subnet)?.ref('RouteTableId');
    this.tables.set(subnet, table);
    return table;
  }

  private routesOf(subnet: ProofResource, cidr: string): ProofResource[] {
    const table = this.tableOf(subnet);
    const destination = (route: ProofResource) =>
      textOf(route.at('DestinationCidrBlock')) ?? textOf(route.at('DestinationIpv6CidrBlock')) ?? '';
    return this.app
      .all('AWS::EC2::Route')
      .filter((route) => table && route.ref('RouteTableId') === table)
      .filter((route) => destination(route) === cidr || (!isEverybody(cidr) && ipv4RangesOverlap(destination(route), cidr)));
  }

  private through(
    route: ProofResource,
    { hasPublicAddress }: NetworkLocation,
    subnet: ProofResource,
    port: PortRange,
  ): string | undefined {
    const nat = route.ref('NatGatewayId');
    if (nat) return `NAT gateway ${nat.name}`;
    const instance = route.ref('InstanceId');
    if (instance) return this.letsThrough(instance, subnet, port) ? `NAT instance ${instance.name}` : undefined;
    const gateway = route.ref('GatewayId');
    if (gateway?.type !== 'AWS::EC2::InternetGateway') return `the route ${route.name}`;
    return hasPublicAddress ? `internet gateway ${gateway.name}` : undefined;
  }

  private letsThrough(instance: ProofResource, subnet: ProofResource, port: PortRange): boolean {
    const interfaces = instance.list('NetworkInterfaces').flatMap((card) => (card as { GroupSet?: unknown[] }).GroupSet ?? []);
    const groups = [...instance.list('SecurityGroupIds'), ...interfaces].map((id) => this.groups.of(id, instance));
    const cidrs = this.cidrs({ subnets: [subnet], hasPublicAddress: false });
    const admitted = portsFor(
      groups.flatMap(({ ingress }) => ingress),
      [],
      cidrs,
    );
    return common(admitted, [port]).length > 0;
  }
}

/** Returns the public address setting of network interfaces; undefined if they leave it to the subnet. */
export function publicAddressOf(cards: Record<string, unknown>[]): boolean | undefined {
  const stated = cards.flatMap(({ AssociatePublicIpAddress: one }) => (one === undefined ? [] : [isTrue(one)]));
  return stated.length === 0 ? undefined : stated.some(Boolean);
}
