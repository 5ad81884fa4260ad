import { NetworkInterface } from './network-interface';
import { UNGUARDED } from './security-group';
import { SecurityGroups } from './security-groups';
import { Resource } from '../assembly/stack-template';
import { launchTemplateOf } from '../ec2/launch-template';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

/** Where a resource's template says which groups and subnets it has. */
interface Card {
  readonly groups: readonly Reader[];
  /** Read only where a rule names addresses. */
  readonly subnets: () => readonly Reader[];
  /** Whether it has a public address, so that the internet finds it. */
  readonly public?: boolean;
  /** Whether it may have no group at all, in place of the default group of its network. */
  readonly unguarded?: boolean;
}

type ReadCard = (props: Reader, resolver: Resolver, resource: Resource) => Card | undefined;

const awsvpc = (configuration: Reader): Card => ({
  groups: configuration.get('SecurityGroups').items(),
  subnets: () => configuration.get('Subnets').items(),
  public: configuration.get('AssignPublicIp').string('') === 'ENABLED',
});

/** What has network interfaces of its own, and is called or calls in a run. */
const CARDS: Readonly<Record<string, ReadCard>> = {
  'AWS::ECS::Service': (props, resolver) => {
    const configuration = props.get('NetworkConfiguration').get('AwsvpcConfiguration');
    return configuration.exists ? awsvpc(configuration) : hostsOf(props, resolver);
  },
  'Custom::EcsMeshDeploymentJob': awsvpc,
  'AWS::Scheduler::Schedule': (props) => {
    const task = props.get('Target').get('EcsParameters');
    return task.exists ? awsvpc(task.get('NetworkConfiguration').get('AwsvpcConfiguration')) : undefined;
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (props) => ({
    groups: props.get('SecurityGroups').items(),
    subnets: () => props.get('Subnets').items(),
    public: props.get('Scheme').string('internet-facing') === 'internet-facing',
    unguarded: props.get('Type').string('application') === 'network',
  }),
  'AWS::ElastiCache::ReplicationGroup': (props, resolver) => ({
    groups: props.get('SecurityGroupIds').items(),
    subnets: () => subnetsOf(resolver, 'AWS::ElastiCache::SubnetGroup', props.get('CacheSubnetGroupName')),
  }),
  'AWS::ElastiCache::ServerlessCache': (props) => ({
    groups: props.get('SecurityGroupIds').items(),
    subnets: () => props.get('SubnetIds').items(),
  }),
  'AWS::RDS::DBInstance': (props, resolver) => ({
    groups: props.get('VPCSecurityGroups').items(),
    subnets: () => subnetsOf(resolver, 'AWS::RDS::DBSubnetGroup', props.get('DBSubnetGroupName')),
  }),
  'AWS::EC2::Instance': (_props, resolver, resource) => machine(resolver, resource),
  'AWS::EC2::NetworkInterface': (props) => ({
    groups: props.get('GroupSet').items(),
    subnets: () => props.get('SubnetId').items(),
  }),
  'AWS::EFS::MountTarget': (props) => ({
    groups: props.get('SecurityGroups').items(),
    subnets: () => props.get('SubnetId').items(),
  }),
};

/** The network interfaces of an assembly, by the key of the resource that has them. */
export class NetworkInterfaces {
  public readonly groups: SecurityGroups;
  private readonly found = new Map<string, NetworkInterface>();

  constructor(private readonly resolver: Resolver) {
    this.groups = new SecurityGroups(resolver);
    for (const type of Object.keys(CARDS)) {
      for (const resource of resolver.resources(type)) {
        const card = CARDS[type](resolver.read(resource), resolver, resource);
        if (card) this.found.set(resource.key, this.interfaceOf(resource, card));
      }
    }
  }

  public get all(): NetworkInterface[] {
    return [...this.found.values()];
  }

  /** A resource that no network is known of is in the default group of none. */
  public of(key: string): NetworkInterface {
    return this.found.get(key) ?? { key, groups: [this.groups.defaultOf('')], public: false, ranges: () => [] };
  }

  /** An interface that another version of the template has made: it keeps its groups, with the rules of this one. */
  public now(made: NetworkInterface): NetworkInterface {
    return { ...made, groups: made.groups.map((group) => this.groups.now(group) ?? group) };
  }

  /** Where tasks mount a file system; none for one of another app. */
  public mountTargetsOf(fileSystem: string): NetworkInterface[] {
    return this.resolver
      .resources('AWS::EFS::MountTarget')
      .filter((resource) => this.resolver.read(resource).get('FileSystemId').optional() === fileSystem)
      .map(({ key }) => this.of(key));
  }

  private interfaceOf({ key, stack }: Resource, card: Card): NetworkInterface {
    const groups = [...new Set(card.groups.map((id) => this.groups.of(id.string(), stack)))];
    const subnets = () => card.subnets().flatMap((id) => this.subnetOf(id.string(), stack.name) ?? []);
    const open = () => {
      if (card.unguarded) return UNGUARDED;
      return this.groups.defaultOf(subnets()[0]?.get('VpcId').optional() ?? '');
    };
    const ranges = () => subnets().flatMap((subnet) => subnet.get('CidrBlock').optional() ?? []);
    return { key, groups: groups.length > 0 ? groups : [open()], public: card.public ?? false, ranges };
  }

  private subnetOf(id: string, stack: string): Reader | undefined {
    const found = this.resolver.resources('AWS::EC2::Subnet').filter(({ logicalId }) => logicalId === id);
    const own = found.find((subnet) => subnet.stack.name === stack) ?? found[0];
    return own && this.resolver.read(own);
  }
}

function subnetsOf(resolver: Resolver, type: string, name: Reader): Reader[] {
  const group = resolver.resources(type).find((resource) => refOf(resolver, resource) === name.optional());
  return group ? resolver.read(group).get('SubnetIds').items() : [];
}

/** The machines that tasks without addresses of their own run on: those of the capacity of their service, else of all hosts of its cluster. */
function hostsOf(service: Reader, resolver: Resolver): Card | undefined {
  const named = service
    .get('CapacityProviderStrategy')
    .items()
    .map((item) => item.get('CapacityProvider').string());
  const cluster = service.get('Cluster').optional();
  const ofCluster = resolver
    .resources('AWS::ECS::ClusterCapacityProviderAssociations')
    .map((resource) => resolver.read(resource))
    .filter((association) => association.get('Cluster').optional() === cluster)
    .flatMap((association) =>
      association
        .get('CapacityProviders')
        .items()
        .map((item) => item.string()),
    );
  const wanted = named.length > 0 ? named : ofCluster;
  const groups = resolver
    .resources('AWS::ECS::CapacityProvider')
    .filter((provider) => wanted.includes(refOf(resolver, provider)))
    .map((provider) => resolver.read(provider).get('AutoScalingGroupProvider').get('AutoScalingGroupArn').optional());
  const cards = resolver
    .resources('AWS::AutoScaling::AutoScalingGroup')
    .filter((group) => groups.includes(refOf(resolver, group)))
    .map((group) => machine(resolver, group));
  return cards.length === 0
    ? undefined
    : { groups: cards.flatMap((card) => card.groups), subnets: () => cards.flatMap((card) => card.subnets()) };
}

/** An instance, or the instances of a group: their own interfaces come before those of their launch template. */
function machine(resolver: Resolver, resource: Resource): Card {
  const [own, template] = [resolver.read(resource), launchTemplateOf(resolver, resource)];
  const settings = template ? [own, template] : [own];
  const cards = settings.flatMap((one) => one.get('NetworkInterfaces').items());
  return {
    groups: [
      ...settings.flatMap((one) => one.get('SecurityGroupIds').items()),
      ...cards.flatMap((card) => [...card.get('GroupSet').items(), ...card.get('Groups').items()]),
    ],
    subnets: () => [own, ...cards].flatMap((one) => [...one.get('SubnetId').items(), ...one.get('VPCZoneIdentifier').items()]),
  };
}

function refOf(resolver: Resolver, { stack, logicalId, key }: Resource): string {
  return resolver.evaluate(stack, { Ref: logicalId }, key) as string;
}
