import { closed, group, idOf, NOBODY, Resources, service, subnet, tcp } from './fixture/groups';
import { resolverOf } from './fixture/resolver-of';
import { Json, JsonObject } from '../assembly/json';
import { ResourceBody } from '../assembly/stack-template';
import { requireMountable } from '../containers/mount-targets';
import { readServices } from '../ecs/service-plan';
import { readAccessPoints } from '../ecs/volumes';
import { isVisitable, permittedPorts } from '../security-groups/network-interface';
import { NetworkInterfaces } from '../security-groups/network-interfaces';
import { permittedPairs } from '../security-groups/permitted-pairs';
import { shared } from '../security-groups/port-range';

const pairsOf = (resources: Resources) =>
  permittedPairs(resolverOf({ Subnet: subnet('10.0.1.0/24'), ...resources })).map(({ from, to, ports }) =>
    `${from} -> ${to} ${ports.map((range) => `${range.from}-${range.to}`).join(', ')}`.replaceAll('Main/', ''),
  );

/** A client and a server with a group each. */
const two = (client: ResourceBody, server: ResourceBody, more: Resources = {}) =>
  pairsOf({
    ...{ ClientGroup: client, ServerGroup: server },
    ...{
      Client: service([idOf('ClientGroup')]),
      Server: service([idOf('ServerGroup')], [{ Ref: 'Other' }]),
      Other: subnet('10.0.2.0/24'),
    },
    ...more,
  });

describe('a connection', () => {
  const out = tcp(80, { DestinationSecurityGroupId: idOf('ServerGroup') });
  const into = tcp(80, { SourceSecurityGroupId: idOf('ClientGroup') });

  test('needs the groups of both sides', () => {
    expect(two(closed([], [out]), closed([into]))).toEqual(['Client -> Server 80-80']);
    expect(two(closed([], [out]), closed())).toEqual([]);
    expect(two(closed(), closed([into]))).toEqual([]);
  });

  test('is permitted by rules beside the groups as by those in them', () => {
    const rules: Resources = {
      Out: { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { GroupId: idOf('ClientGroup'), ...out } },
      Into: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: idOf('ServerGroup'), ...into } },
    };
    expect(two(closed(), closed(), rules)).toEqual(['Client -> Server 80-80']);
  });

  test.each([
    ['an address range of the subnets', { CidrIp: '10.0.0.0/22' }, { CidrIp: '10.0.1.0/26' }, true],
    ['another range', { CidrIp: '10.0.9.0/24' }, { CidrIp: '10.0.1.0/24' }, false],
    ['everybody', { CidrIp: '0.0.0.0/0' }, { CidrIp: '0.0.0.0/0' }, true],
    ['everybody with IPv6, where there is none', { CidrIpv6: '::/0' }, { CidrIpv6: '::/0' }, false],
    ['a prefix list of the template', { DestinationPrefixListId: { Ref: 'List' } }, { SourcePrefixListId: { Ref: 'List' } }, true],
    ['a prefix list of AWS', { DestinationPrefixListId: 'pl-1' }, { SourcePrefixListId: 'pl-1' }, false],
  ])('to and from %s', (_what, destination, source, permitted) => {
    const List = { Type: 'AWS::EC2::PrefixList', Properties: { Entries: [{ Cidr: '10.0.0.0/16' }] } };
    const pairs = two(closed([], [tcp(80, destination as JsonObject)]), closed([tcp(80, source as JsonObject)]), { List });
    expect(pairs.includes('Client -> Server 80-80')).toBe(permitted);
  });

  test.each([
    [{ IpProtocol: '-1' }, '0-65535'],
    [{ IpProtocol: 'TCP', FromPort: '8080', ToPort: '8090' }, '8080-8090'],
    [{ IpProtocol: 6, FromPort: 22, ToPort: 22 }, '22-22'],
    [{ IpProtocol: 'tcp' }, '0-65535'],
    [{ IpProtocol: 'udp', FromPort: 53, ToPort: 53 }, undefined],
    [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1 }, undefined],
  ])('on what %j lets through: %s', (traffic, ports) => {
    const pairs = two(
      closed([], [{ ...traffic, DestinationSecurityGroupId: idOf('ServerGroup') }]),
      closed([{ ...traffic, SourceSecurityGroupId: idOf('ClientGroup') }]),
    );
    expect(pairs).toEqual(ports === undefined ? [] : [`Client -> Server ${ports}`]);
  });

  test('on the ports that both sides have', () => {
    const range = (from: number, to: number) => ({ from, to });
    expect(shared([range(1, 10), range(20, 30)], [range(5, 25), range(26, 40)])).toEqual([range(5, 10), range(20, 30)]);
  });

  test('cannot be judged by a rule without a peer', () => {
    expect(() => two(closed([], [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1 }]), closed())).toThrow(
      'Main/ClientGroup (AWS::EC2::SecurityGroup).SecurityGroupEgress[0] names no peer that the local run knows; it reads CidrIp, CidrIpv6, DestinationSecurityGroupId and DestinationPrefixListId',
    );
  });
});

describe('a group', () => {
  const into = { SecurityGroupIngress: [tcp(80, { CidrIp: '0.0.0.0/0' })] };

  test('without rules for what leaves lets everything out, until the template has one', () => {
    expect(two(group(), closed([tcp(80, { CidrIp: '0.0.0.0/0' })]))).toContain('Client -> Server 80-80');
    expect(two(group({ SecurityGroupEgress: [NOBODY] }), group(into))).not.toContain('Client -> Server 80-80');
    const beside = { Out: { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { GroupId: idOf('ClientGroup'), ...NOBODY } } };
    expect(two(group(), group(into), beside)).not.toContain('Client -> Server 80-80');
  });

  test('of another app has the rules that the template adds, lets everything out, and is told of', () => {
    const resources: Resources = {
      ...{ Subnet: subnet('10.0.1.0/24'), Client: service(['sg-foreign']), Server: service([idOf('Own')]), Own: closed() },
      Into: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: idOf('Own'), ...tcp(80, { SourceSecurityGroupId: 'sg-foreign' }) },
      },
    };
    expect(pairsOf(resources)).toContain('Client -> Server 80-80');
    expect(new NetworkInterfaces(resolverOf(resources)).groups.foreign).toEqual(['sg-foreign']);
  });

  test('is that of its own stack, where two stacks have one of the same id', () => {
    const stack = (port: number): Resources => ({
      ...{
        Group: closed([tcp(port, { CidrIp: '0.0.0.0/0' })], [tcp(port, { CidrIp: '0.0.0.0/0' })]),
        Each: service([idOf('Group')]),
      },
      Subnet: subnet('10.0.1.0/24'),
    });
    const interfaces = new NetworkInterfaces(resolverOf(stack(1), {}, { Second: { Resources: stack(2) } }));
    expect(['Main/Each', 'Second/Each'].map((key) => interfaces.of(key).groups[0].ingress[0].ports.from)).toEqual([1, 2]);
  });

  test.each([
    ['lets its members reach each other', {}, ['A -> B 0-65535', 'B -> A 0-65535']],
    [
      'is closed by the resource of CDK',
      {
        Close: {
          Type: 'Custom::VpcRestrictDefaultSG',
          Properties: { DefaultSecurityGroupId: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] } },
        },
      },
      [],
    ],
  ])('of a network, which what has none is in, %s', (_what, more, expected) => {
    const resources = { Vpc: { Type: 'AWS::EC2::VPC', Properties: {} }, A: service([]), B: service([]), ...more };
    const between = pairsOf(resources).filter((pair) => /^[AB] -> [AB]/.test(pair) && pair[0] !== pair[5]);
    expect(between).toEqual(expected);
  });
});

describe('who has which groups', () => {
  const groupsOf = (resource: ResourceBody, more: Resources = {}) =>
    new NetworkInterfaces(resolverOf({ Group: group(), It: resource, ...more })).of('Main/It').groups.map(({ id }) => id);
  const template = (data: JsonObject): ResourceBody => ({
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: data },
  });
  const hosts: Resources = {
    Template: template({ SecurityGroupIds: [idOf('Group')] }),
    Hosts: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' } },
    },
    Provider: {
      Type: 'AWS::ECS::CapacityProvider',
      Properties: { AutoScalingGroupProvider: { AutoScalingGroupArn: { Ref: 'Hosts' } } },
    },
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: {} },
    Capacity: {
      Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
      Properties: { Cluster: { Ref: 'Cluster' }, CapacityProviders: [{ Ref: 'Provider' }] },
    },
  };
  const onHosts = (properties: JsonObject): ResourceBody => ({ Type: 'AWS::ECS::Service', Properties: properties });

  test.each<[string, ResourceBody, Resources]>([
    ['tasks', service([idOf('Group')]), {}],
    ['tasks on hosts of a capacity', onHosts({ CapacityProviderStrategy: [{ CapacityProvider: { Ref: 'Provider' } }] }), hosts],
    ['tasks on the hosts of a cluster', onHosts({ LaunchType: 'EC2', Cluster: { Ref: 'Cluster' } }), hosts],
    [
      'a deployment job',
      { Type: 'Custom::EcsMeshDeploymentJob', Properties: { SecurityGroups: [idOf('Group')], Subnets: [] } },
      {},
    ],
    [
      'a scheduled task',
      {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Target: { EcsParameters: { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [idOf('Group')] } } } },
        },
      },
      {},
    ],
    ['a load balancer', { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { SecurityGroups: [idOf('Group')] } }, {}],
    ['a cache', { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { SecurityGroupIds: [idOf('Group')] } }, {}],
    ['a serverless cache', { Type: 'AWS::ElastiCache::ServerlessCache', Properties: { SecurityGroupIds: [idOf('Group')] } }, {}],
    ['a database', { Type: 'AWS::RDS::DBInstance', Properties: { VPCSecurityGroups: [idOf('Group')] } }, {}],
    ['an instance', { Type: 'AWS::EC2::Instance', Properties: { SecurityGroupIds: [idOf('Group')] } }, {}],
    [
      'an instance of a launch template',
      { Type: 'AWS::EC2::Instance', Properties: { LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } } } },
      { Template: template({ NetworkInterfaces: [{ Groups: [idOf('Group')] }] }) },
    ],
    ['a network interface', { Type: 'AWS::EC2::NetworkInterface', Properties: { GroupSet: [idOf('Group')] } }, {}],
    ['a mount target', { Type: 'AWS::EFS::MountTarget', Properties: { SecurityGroups: [idOf('Group')], SubnetId: 's' } }, {}],
  ])('%s', (_what, resource, more) => expect(groupsOf(resource, more)).toEqual(['Group']));

  test.each([
    ['a network load balancer without groups is open', 'network', true],
    ['an application load balancer without groups is in the default group', 'application', false],
  ])('%s', (_what, Type, open) => {
    const balancer = { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type, Scheme: 'internal' } };
    const pairs = pairsOf({
      Group: closed([], [tcp(6379, { CidrIp: '0.0.0.0/0' })]),
      Client: service([idOf('Group')]),
      Balancer: balancer,
    });
    expect(pairs.includes('Client -> Balancer 6379-6379')).toBe(open);
  });

  test('the subnets of a cache and a database are those of their subnet groups', () => {
    const subnets = { Subnet: subnet('10.0.7.0/24') };
    const cache: Resources = {
      It: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { CacheSubnetGroupName: { Ref: 'Caches' } } },
      Caches: { Type: 'AWS::ElastiCache::SubnetGroup', Properties: { SubnetIds: [{ Ref: 'Subnet' }] } },
    };
    const database: Resources = {
      It: { Type: 'AWS::RDS::DBInstance', Properties: { DBSubnetGroupName: { Ref: 'Databases' } } },
      Databases: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'Subnet' }] } },
    };
    for (const resources of [cache, database]) {
      const interfaces = new NetworkInterfaces(resolverOf({ ...subnets, Vpc: { Type: 'AWS::EC2::VPC' }, ...resources }));
      expect(interfaces.of('Main/It').ranges()).toEqual(['10.0.7.0/24']);
    }
  });
});

describe('the internet', () => {
  const balancer = (scheme: string): Resources => ({
    Group: closed([
      tcp(443, { CidrIp: '0.0.0.0/0' }),
      tcp(8443, { SourcePrefixListId: 'pl-cloudfront' }),
      tcp(80, { SourceSecurityGroupId: idOf('Group') }),
    ]),
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Scheme: scheme, SecurityGroups: [idOf('Group')] },
    },
  });

  test('reaches a load balancer that faces it, and no other', () => {
    expect(pairsOf(balancer('internet-facing'))).toEqual(['Internet -> Balancer 443-443']);
    expect(pairsOf(balancer('internal'))).toEqual([]);
  });

  test.each([
    [443, true],
    [8443, true],
    [80, false],
  ])('is visited from on %i: %s', (port, expected) => {
    expect(isVisitable(new NetworkInterfaces(resolverOf(balancer('internet-facing'))).of('Main/Balancer'), port)).toBe(expected);
  });
});

describe('a file system', () => {
  const resources = (ingress: Json[]): Resources => ({
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ContainerDefinitions: [{ Name: 'a', Image: 'x' }],
        Volumes: [{ Name: 'kept', EFSVolumeConfiguration: { FilesystemId: { Ref: 'Files' } } }],
      },
    },
    ...{ Own: group(), Files: { Type: 'AWS::EFS::FileSystem' }, Doors: closed(ingress), Service: service([idOf('Own')]) },
    ...{
      Subnet: subnet('10.0.1.0/24'),
      Target: { Type: 'AWS::EFS::MountTarget', Properties: { FileSystemId: { Ref: 'Files' }, SecurityGroups: [idOf('Doors')] } },
    },
  });
  const mount = (ingress: Json[], more: Resources = {}) => {
    const resolver = resolverOf({ ...resources(ingress), ...more });
    const [plan] = readServices(resolver, (name) => ({ kind: 'registry', image: name }));
    requireMountable(plan, new NetworkInterfaces(resolver), readAccessPoints(resolver));
  };

  test('is mounted by tasks that its groups let in on the port of NFS, and by no others', () => {
    expect(() => mount([tcp(2049, { SourceSecurityGroupId: idOf('Own') })])).not.toThrow();
    expect(() => mount([tcp(2048, { SourceSecurityGroupId: idOf('Own') })])).toThrow(
      'Main/Service: ResourceInitializationError: the volume kept cannot be mounted: security groups must let the task out to Files on port 2049, and let it in there',
    );
  });
});

describe('an access point', () => {
  const CreationInfo = { OwnerUid: '1000', OwnerGid: '1000', Permissions: '0750' };
  const mount = (RootDirectory: Json) => {
    const EFSVolumeConfiguration = { FilesystemId: 'fs-1', AuthorizationConfig: { AccessPointId: { Ref: 'Point' } } };
    const resolver = resolverOf({
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [{ Name: 'a', Image: 'x' }],
          Volumes: [{ Name: 'kept', EFSVolumeConfiguration }],
        },
      },
      ...{ Own: group(), Service: service([idOf('Own')]) },
      Point: { Type: 'AWS::EFS::AccessPoint', Properties: { FileSystemId: 'fs-1', RootDirectory } },
    });
    const [plan] = readServices(resolver, (name) => ({ kind: 'registry', image: name }));
    requireMountable(plan, new NetworkInterfaces(resolver), readAccessPoints(resolver));
  };

  test('of a folder that nobody makes cannot be mounted', () => {
    expect(() => mount({ Path: '/data' })).toThrow(
      'Main/Service: ResourceInitializationError: the volume kept cannot be mounted: the access point Point shows /data, which EFS makes only with CreationInfo',
    );
    expect(() => mount({ Path: '/data', CreationInfo })).not.toThrow();
    expect(() => mount({})).not.toThrow();
  });
});

describe('an interface of a former version', () => {
  const version = (port: number, groups: Resources = {}) =>
    new NetworkInterfaces(
      resolverOf({
        ...{ Subnet: subnet('10.0.1.0/24'), Client: service([idOf('Callers')]), Server: service([idOf('Own')]) },
        ...{ Callers: group(), Own: closed([tcp(port, { SourceSecurityGroupId: idOf('Callers') })]) },
        ...groups,
      }),
    );
  const portsIn = (next: NetworkInterfaces, former: NetworkInterfaces) => {
    const [client, server] = ['Main/Client', 'Main/Server'].map((key) => next.now(former.of(key)));
    return permittedPorts(client, server).map(({ from }) => from);
  };

  test('has the groups that it was made with, by the rules of the next version', () => {
    expect(portsIn(version(443), version(80))).toEqual([443]);
    const moved = version(443, { Server: service([idOf('Another')]), Another: closed() });
    expect(portsIn(moved, version(80))).toEqual([443]);
  });

  test('keeps the rules of a group that the next version does not have', () => {
    const gone = new NetworkInterfaces(resolverOf({ Callers: group() }));
    const { groups } = gone.now(version(80).of('Main/Server'));
    expect(groups.map(({ id, ingress }) => [id, ingress.length])).toEqual([['Own', 1]]);
  });
});
