import { App, Stack } from 'aws-cdk-lib';
import { InterfaceVpcEndpointAwsService, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, NetworkMode, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  AccessLogs,
  Compute,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  Endpoint,
  IEndpoint,
  InternalSide,
  MeshNetwork,
  MeshService,
  MeshServiceProps,
  NatStrategy,
  NoNatOptions,
  PostgresDatabase,
  QueueWorkerService,
  ServiceConnectMesh,
  SubnetCidrs,
  ThreeTierOptions,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newStack, only, openPaths, resources, templateOf, valueText } from '../helpers';

const FLASK: SubnetCidrs = {
  publicSubnets: ['10.0.1.0/24', '10.0.2.0/24'],
  taskSubnets: ['10.0.11.0/24', '10.0.12.0/24'],
  storeSubnets: ['10.0.21.0/24', '10.0.22.0/24'],
};

const threeTier = (options: ThreeTierOptions) => newMesh(newStack(), { network: MeshNetwork.threeTier(options) });

/** Address range of each subnet of the mesh, by the name of the subnet. */
function ranges(mesh: ServiceConnectMesh): Record<string, string> {
  const subnets = Object.entries(resources(templateOf(mesh), 'AWS::EC2::Subnet'));
  return Object.fromEntries(subnets.map(([id, { Properties }]) => [/Vpc(\w+Subnet\d)Subnet/.exec(id)![1], Properties.CidrBlock]));
}

describe('chosen address ranges', () => {
  test('FLASK-1: public, private and database subnets of two zones have the ranges that were asked for', () => {
    expect(ranges(threeTier({ subnets: FLASK }))).toEqual({
      PublicSubnet1: '10.0.1.0/24',
      PublicSubnet2: '10.0.2.0/24',
      PrivateSubnet1: '10.0.11.0/24',
      PrivateSubnet2: '10.0.12.0/24',
      IsolatedSubnet1: '10.0.21.0/24',
      IsolatedSubnet2: '10.0.22.0/24',
    });
  });

  test('without them the network is cut into equal parts', () => {
    expect(Object.values(ranges(threeTier({})))).toEqual([
      '10.0.0.0/19',
      '10.0.32.0/19',
      '10.0.64.0/19',
      '10.0.96.0/19',
      '10.0.128.0/19',
      '10.0.160.0/19',
    ]);
  });

  test('three ranges make three zones, where the region of the stack has as many', () => {
    const stack = new Stack(new App(), 'Shop', { env: { region: 'eu-west-1', account: '111111111111' } });
    stack.node.setContext('availability-zones:account=111111111111:region=eu-west-1', ['a', 'b', 'c']);
    const tier = (n: number) => [0, 1, 2].map((i) => `10.0.${n + i}.0/24`);
    const subnets = { publicSubnets: tier(1), taskSubnets: tier(11), storeSubnets: tier(21) };
    const mesh = newMesh(stack, { network: MeshNetwork.threeTier({ subnets }) });
    expect(Object.values(ranges(mesh))).toEqual([...subnets.publicSubnets, ...subnets.taskSubnets, ...subnets.storeSubnets]);
  });

  test.each([['10.0.0.0/17'], ['10.0.11.16/28']])('%s is a range for a subnet', (cidr) => {
    const subnets = {
      ...FLASK,
      publicSubnets: ['10.0.192.0/24', '10.0.193.0/24'],
      storeSubnets: ['10.0.194.0/24', '10.0.195.0/24'],
    };
    const mesh = threeTier({ subnets: { ...subnets, taskSubnets: [cidr, '10.0.196.0/24'] } });
    expect(ranges(mesh)).toMatchObject({ PrivateSubnet1: cidr });
  });

  test.each<[Partial<SubnetCidrs>, string]>([
    [
      { taskSubnets: ['10.0.11.0/24'] },
      '`network.subnets.taskSubnets` must have one range for each of the 2 Availability Zones, got ["10.0.11.0/24"]; give each tier as many ranges as `network.availabilityZones` says [SubnetsPerZone at Shop/Mesh]',
    ],
    [
      { storeSubnets: ['10.0.21.0/24', '10.0.11.0/25'] },
      '`network.subnets.storeSubnets[1]` must not overlap with network.subnets.taskSubnets[0] (10.0.11.0/24), got "10.0.11.0/25"; choose ranges that share no address [SubnetsOverlap at Shop/Mesh]',
    ],
    [
      { taskSubnets: ['10.0.11.0/24', '10.1.12.0/24'] },
      '`network.subnets.taskSubnets[1]` must be inside of the network, 10.0.0.0/16, got "10.1.12.0/24"; choose a range of the network, or a larger `network.cidr` [SubnetOutsideNetwork at Shop/Mesh]',
    ],
    [
      { taskSubnets: ['10.0.11.7/24', '10.0.12.0/24'] },
      '`network.subnets.taskSubnets[0]` must be an IPv4 range from /16 to /28 that starts at its first address, got "10.0.11.7/24"; write it like "10.0.11.0/24" [BadSubnetCidr at Shop/Mesh]',
    ],
  ])('%j is refused', (bad, message) => {
    expect(() => threeTier({ subnets: { ...FLASK, ...bad } })).toThrow(message);
  });

  test.each([['10.0.0.0/15'], ['10.0.11.0/29'], ['10.0.11/24'], ['10.0.11.0/33'], ['10.0.256.0/24']])('%s is no subnet', (cidr) => {
    expect(() => threeTier({ subnets: { ...FLASK, taskSubnets: [cidr, '10.0.12.0/24'] } })).toThrow(
      `\`network.subnets.taskSubnets[0]\` must be an IPv4 range from /16 to /28 that starts at its first address, got "${cidr}"; write it like "10.0.1.0/24" [BadSubnetCidr at Shop/Mesh]`,
    );
  });
});

/** A mesh without NAT. */
const closedMesh = (options?: NoNatOptions, stack = newStack()) =>
  newMesh(stack, { network: MeshNetwork.threeTier({ nat: NatStrategy.none(options) }), privateDomain: 'shop.local' });

/** A service whose image is in ECR. */
function ecrService(
  mesh: ServiceConnectMesh,
  id: string,
  props: Partial<MeshServiceProps> = {},
  stack = Stack.of(mesh),
): MeshService {
  const image = ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, `${id}Repo`, 'shop'));
  return new MeshService(stack, id, { mesh, containers: [{ image, ports: [{ name: 'http', containerPort: 8080 }] }], ...props });
}

/** Last parts of the names of the interface endpoints, in order. */
function endpoints(mesh: ServiceConnectMesh): string[] {
  const found = Object.values(resources(templateOf(mesh), 'AWS::EC2::VPCEndpoint')).map(({ Properties: p }) => p);
  return found
    .filter((p) => p.VpcEndpointType === 'Interface')
    .map((p) => p.ServiceName.replace('com.amazonaws.eu-west-1.', ''))
    .sort();
}

describe('NatStrategy.none', () => {
  test('no NAT, no route out of the private tier, and no endpoint before a task needs one', () => {
    const template = templateOf(closedMesh());
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    expect(Object.keys(resources(template, 'AWS::EC2::Route'))).toEqual([
      expect.stringContaining('PublicSubnet1'),
      expect.stringContaining('PublicSubnet2'),
    ]);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  });

  test('a service brings the endpoints of its image and logs, in the private tier, closed but for its tasks', () => {
    const mesh = closedMesh();
    ecrService(mesh, 'Web');
    const template = templateOf(mesh);
    expect(endpoints(mesh)).toEqual(['ecr.api', 'ecr.dkr', 'logs']);
    const { SubnetIds, PrivateDnsEnabled } = only(template, 'AWS::EC2::VPCEndpoint', 'MeshEndpointsLogs').Properties;
    expect([SubnetIds, PrivateDnsEnabled]).toEqual([
      [1, 2].map((n) => ({ Ref: expect.stringContaining(`PrivateSubnet${n}`) })),
      true,
    ]);
    expect(openPaths(template)).toEqual([
      'Web -> MeshEndpointsEcrApi 443',
      'Web -> MeshEndpointsEcrDkr 443',
      'Web -> MeshEndpointsLogs 443',
    ]);
    expect(only(template, 'AWS::EC2::SecurityGroup', 'MeshEndpointsLogs').Properties.SecurityGroupIngress).toBeUndefined();
  });

  test.each([
    ['appconfig', 'appconfigdata'],
    ['bedrock', 'bedrock-runtime'],
    ['cloudwatch', 'monitoring'],
    ['dynamodb', 'dynamodb'],
    ['events', 'events'],
    ['firehose', 'kinesis-firehose'],
    ['kinesis', 'kinesis-streams'],
    ['secretsmanager', 'secretsmanager'],
    ['sns', 'sns'],
    ['sqs', 'sqs'],
    ['ssm', 'ssm'],
    ['ssmmessages', 'ssmmessages'],
    ['states', 'states'],
    ['xray', 'xray'],
    ['ecs', undefined],
    ['kms', undefined],
    ['logs', undefined],
    ['s3', undefined],
    ['translate', undefined],
  ])('who may call %s gets the endpoint %s', (prefix, wanted) => {
    const mesh = closedMesh();
    const policyStatements = [new PolicyStatement({ actions: [`${prefix}:Call`], resources: ['*'] })];
    const api: IEndpoint = { bindEndpoint: () => ({ facts: { server: 'Api', protocol: 'https' }, policyStatements }) };
    ecrService(mesh, 'Web').connectTo(api);
    const names = Object.values(resources(templateOf(mesh), 'AWS::EC2::VPCEndpoint')).map(({ Properties }) =>
      valueText(Properties.ServiceName).replace(/^com\.amazonaws\.[^.]+\./, ''),
    );
    // Beside those of the image and the logs.
    const always = ['ecr.api', 'ecr.dkr', 'logs', 's3'];
    expect(names.sort()).toEqual([...always, ...(wanted ? [wanted] : [])].sort());
  });

  test('T22: tasks wait for their endpoints and for the rules that let them in', () => {
    const mesh = closedMesh();
    ecrService(mesh, 'Web');
    const waits = only(templateOf(mesh), 'AWS::ECS::Service').DependsOn!.join(' ');
    for (const id of [
      'EndpointsEcrApiEndpoint',
      'EndpointsEcrDkrEndpoint',
      'EndpointsLogsEndpoint',
      'VpcS3',
      'Toecrapi',
      'Toecrdkr',
      'Tologs',
    ]) {
      expect(waits).toContain(id);
    }
  });

  test('two services share endpoints', () => {
    const mesh = closedMesh();
    [ecrService(mesh, 'Web'), ecrService(mesh, 'Api')].forEach((service) =>
      service.connectTo(Endpoint.secret(new Secret(service, 'Key'))),
    );
    expect(endpoints(mesh)).toEqual(['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager']);
    templateOf(mesh).resourceCountIs('AWS::EC2::SecurityGroupIngress', 8);
  });

  test('secrets, parameters, ECS Exec and queues bring theirs', () => {
    const mesh = closedMesh();
    const stack = Stack.of(mesh);
    const image = ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Repo', 'shop'));
    const secrets = {
      KEY: ContainerSecret.fromSecretsManager(new Secret(stack, 'Key')),
      LEVEL: ContainerSecret.fromSsmParameter(StringParameter.fromStringParameterName(stack, 'Level', '/level')),
    };
    new QueueWorkerService(stack, 'Worker', { mesh, containers: [{ image, secrets }], operations: { enableExecuteCommand: true } });
    expect(endpoints(mesh)).toEqual(['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'sqs', 'ssm', 'ssmmessages']);
  });

  test('hosts join through endpoints, and pull images and write logs for their tasks', () => {
    const mesh = closedMesh();
    ecrService(mesh, 'Web', { compute: Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE }) });
    const hosts = ['EcrApi', 'EcrDkr', 'Ecs', 'EcsAgent', 'EcsTelemetry', 'Logs'].map(
      (name) => `MeshHosts -> MeshEndpoints${name} 443`,
    );
    expect(openPaths(templateOf(mesh))).toEqual(hosts);
    expect(only(templateOf(mesh), 'AWS::AutoScaling::AutoScalingGroup').DependsOn!.join(' ')).toContain('EcsAgentEndpoint');
  });

  test('on hosts, tasks of their own address call what they call while they run', () => {
    const mesh = closedMesh();
    const service = ecrService(mesh, 'Web', { compute: Compute.ec2(mesh.addEc2Capacity('Hosts')) });
    service.connectTo(Endpoint.secret(new Secret(service, 'Key')));
    const paths = openPaths(templateOf(mesh));
    expect(paths.filter((path) => path.startsWith('Web'))).toEqual(['Web -> MeshEndpointsSecretsmanager 443']);
  });

  test('a declared endpoint admits the network, with the reason', () => {
    const mesh = closedMesh({ endpoints: [InterfaceVpcEndpointAwsService.SSM] });
    expect(endpoints(mesh)).toEqual(['ssm']);
    templateOf(mesh).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [
        {
          CidrIp: '10.0.0.0/16',
          Description: 'Declared in NatStrategy.none: callers are not known',
          FromPort: 443,
          ToPort: 443,
          IpProtocol: 'tcp',
        },
      ],
    });
  });

  test('stores keep their own tier, and need no endpoint: RDS rotates the password of a database itself', () => {
    const mesh = closedMesh();
    new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh });
    new PostgresDatabase(Stack.of(mesh), 'Database', { mesh });
    const { SubnetIds } = only(templateOf(mesh), 'AWS::ElastiCache::SubnetGroup').Properties;
    expect(JSON.stringify(SubnetIds)).toMatch(/IsolatedSubnet1.*IsolatedSubnet2/);
    expect(endpoints(mesh)).toEqual([]);
  });

  test('the internal load balancer stands in the private tier', () => {
    const mesh = closedMesh();
    const internal = InternalSide.http();
    const gateway = new DualAlbGateway(Stack.of(mesh), 'Gateway', { network: mesh, internal, accessLogs: AccessLogs.none() });
    gateway.internal.route('Web', { target: ecrService(mesh, 'Web').port('http') });
    const { Subnets } = only(templateOf(mesh), 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties;
    expect(JSON.stringify(Subnets)).toMatch(/PrivateSubnet1.*PrivateSubnet2/);
  });

  test('a Redis host, which installs itself from the internet, is refused', () => {
    const mesh = closedMesh();
    expect(() => new Ec2HostRedis(Stack.of(mesh), 'Redis', { mesh })).toThrow('[RedisHostNeedsWayOut at Shop/Redis]');
  });

  test('T21: services in a stack of their own leave the mesh without rules of theirs', () => {
    const app = new App();
    const mesh = closedMesh({}, newStack('Net', app));
    const stack = newStack('Web', app);
    ecrService(mesh, 'Web', {}, stack);
    templateOf(mesh).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    templateOf(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 3);
  });

  test('AwsSolutions finds nothing', () => {
    const mesh = closedMesh({ endpoints: [InterfaceVpcEndpointAwsService.SSM] });
    ecrService(mesh, 'Web');
    expect(findings(mesh)).toEqual([]);
  });
});

describe('DT-16: a NAT instance of 512 MiB', () => {
  test.each([
    ['one', NatStrategy.instance(), 1],
    ['one in each zone', NatStrategy.instancePerAz(), 2],
  ])('DT-16: %s has swap space before the package manager runs, which is tried again', (_, nat, count) => {
    const template = templateOf(newMesh(newStack(), { network: MeshNetwork.threeTier({ nat }) }));
    const scripts = Object.values(resources(template, 'AWS::EC2::Instance')).map(
      ({ Properties }) => Properties.UserData['Fn::Base64'],
    );
    expect(scripts).toHaveLength(count);
    for (const script of scripts) {
      expect(script).toMatch(
        /swapon \/swapfile\n.*seq 10.*rpm -q iptables-services && break; yum install iptables-services -y \|\| sleep 15/,
      );
      expect(script).toMatch(/-j MASQUERADE\n.*\n.*iptables save$/);
    }
  });
});

describe('DT-76: Availability Zones by name', () => {
  const zonesOf = (options: ThreeTierOptions, stack = newStack()) => {
    const template = templateOf(newMesh(stack, { network: MeshNetwork.threeTier(options) }));
    return Object.values(resources(template, 'AWS::EC2::Subnet')).map(({ Properties }) => Properties.AvailabilityZone);
  };
  const [A, C, D] = ['eu-west-1a', 'eu-west-1c', 'eu-west-1d'];

  test.each<[string, ThreeTierOptions, string[]]>([
    ['as many as there are names', { zoneNames: [C, A] }, [C, A]],
    ['three', { zoneNames: [A, C, D] }, [A, C, D]],
    ['the first of them', { zoneNames: [D, C, A], availabilityZones: 2 }, [D, C]],
  ])('DT-76: %s', (_, options, zones) => expect(zonesOf(options)).toEqual([...zones, ...zones, ...zones]));

  test('DT-76: without names, the first zones of the Region', () => {
    expect(zonesOf({}).slice(0, 2)).toEqual([0, 1].map((i) => ({ 'Fn::Select': [i, { 'Fn::GetAZs': '' }] })));
  });

  test.each<[string, string[], number]>([
    ['an ID', ['euw1-az1', 'euw1-az2'], 2],
    ['a name twice', [A, A], 2],
    ['too few names', [A, C], 3],
  ])('DT-76: %s is refused', (_, zoneNames, availabilityZones) => {
    expect(() => zonesOf({ zoneNames, availabilityZones })).toThrow(
      `\`network.zoneNames\` must be different names of Availability Zones, at least the ${availabilityZones} of \`network.availabilityZones\`, got ${JSON.stringify(zoneNames)}; write them like ["us-east-1a", "us-east-1b"]; IDs such as use1-az1 are the same in every account, names are not [BadZoneNames at Shop/Mesh]`,
    );
  });
});

describe('DT-39: the image of NAT instances', () => {
  const machineImage = MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' });
  const imagesWith = (nat: NatStrategy) => {
    const template = templateOf(newMesh(newStack(), { network: MeshNetwork.threeTier({ nat }) }));
    return {
      ids: Object.values(resources(template, 'AWS::EC2::Instance')).map(({ Properties }) => Properties.ImageId),
      parameters: Object.values(template.findParameters('*')).filter(({ Type }) => String(Type).includes('Image::Id')).length,
    };
  };

  test.each([
    ['in one zone', NatStrategy.instance({ machineImage }), 1],
    ['in each zone', NatStrategy.instancePerAz({ machineImage }), 2],
  ])('that is pinned %s: no deployment looks for a newer one', (_, nat, count) => {
    expect(imagesWith(nat)).toEqual({ ids: Array(count).fill('ami-0123456789abcdef0'), parameters: 0 });
  });

  test('that is not pinned is looked up at each deployment', () => expect(imagesWith(NatStrategy.instance()).parameters).toBe(1));
});
