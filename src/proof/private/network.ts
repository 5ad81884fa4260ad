import { isEverybody, overlap } from './addresses';
import { AppTemplates } from './app-templates';
import { common, PortRange } from './port-range';
import { ProofResource } from './proof-resource';
import { Groups, portsFor } from './security-group';
import { isTrue } from './values';
import { textOf } from '../../template/private/json';

/** Somewhere in a network: subnets, and whether it has an address that the internet can call. */
export interface NetworkLocation {
  /** Absent where the subnets are not in the app: then nothing is known of them, and routes count as given. */
  readonly subnets?: ProofResource[];
  readonly hasPublicAddress: boolean;
}

/** Subnets and their routes. */
export class Network {
  public constructor(
    private readonly app: AppTemplates,
    private readonly groups: Groups,
  ) {}

  /** The place of something with these subnets; `raw` is a list of ids, or one string of them. */
  public locate(owner: ProofResource, raw: unknown, hasPublicAddress = false): NetworkLocation {
    const found = owner.followAll(raw).filter(({ type }) => type === 'AWS::EC2::Subnet');
    return { subnets: found.length > 0 ? found : undefined, hasPublicAddress };
  }

  /** The place of an instance: unless its own definition says so or not, it has a public address where its subnet gives one. */
  public locateInstance(owner: ProofResource, raw: unknown, stated: boolean | undefined): NetworkLocation {
    const place = this.locate(owner, raw);
    const given = place.subnets?.some((subnet) => isTrue(subnet.at('MapPublicIpOnLaunch'))) ?? false;
    return { ...place, hasPublicAddress: stated ?? given };
  }

  public cidrs({ subnets }: NetworkLocation): string[] {
    // Of a network that is not in the app, only rules for everybody are sure to mean it.
    return subnets?.map((subnet) => textOf(subnet.at('CidrBlock')) ?? '0.0.0.0/0') ?? ['0.0.0.0/0'];
  }

  /** Whether packets between two places stay in one network. */
  public isOne(a: NetworkLocation, b: NetworkLocation): boolean {
    const [left, right] = [a, b].map(({ subnets }) => subnets?.map((subnet) => subnet.ref('VpcId') ?? textOf(subnet.at('VpcId'))));
    return !left || !right || left.some((vpc) => vpc === undefined || right.includes(vpc));
  }

  /** How packets for an address range outside of the network leave; absent if they do not. */
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

  /** Whether the internet can send packets to the place. */
  public isOpenToInternet(place: NetworkLocation): boolean {
    if (!place.hasPublicAddress) return false;
    const internet = (subnet: ProofResource) =>
      this.routesOf(subnet, '0.0.0.0/0').some((route) => route.ref('GatewayId')?.type === 'AWS::EC2::InternetGateway');
    return !place.subnets || place.subnets.some(internet);
  }

  /** Whether a gateway endpoint stands in the route tables of the place. */
  public usesEndpoint({ subnets }: NetworkLocation, endpoint: ProofResource): boolean {
    const tables = endpoint.list('RouteTableIds').map((table) => endpoint.follow(table));
    return (subnets ?? []).some((subnet) => tables.includes(this.tableOf(subnet)));
  }

  private tableOf(subnet: ProofResource): ProofResource | undefined {
    return this.app
      .all('AWS::EC2::SubnetRouteTableAssociation')
      .find((association) => association.ref('SubnetId') === subnet)
      ?.ref('RouteTableId');
  }

  private routesOf(subnet: ProofResource, cidr: string): ProofResource[] {
    const table = this.tableOf(subnet);
    const destination = (route: ProofResource) =>
      textOf(route.at('DestinationCidrBlock')) ?? textOf(route.at('DestinationIpv6CidrBlock')) ?? '';
    return this.app
      .all('AWS::EC2::Route')
      .filter((route) => table && route.ref('RouteTableId') === table)
      .filter((route) => destination(route) === cidr || (!isEverybody(cidr) && overlap(destination(route), cidr)));
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

/** What network cards say of a public address; absent where they leave it to the subnet. */
export function publicAddressOf(cards: Record<string, unknown>[]): boolean | undefined {
  const stated = cards.flatMap(({ AssociatePublicIpAddress: one }) => (one === undefined ? [] : [isTrue(one)]));
  return stated.length === 0 ? undefined : stated.some(Boolean);
}
