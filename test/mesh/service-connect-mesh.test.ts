import { App, NestedStack, RemovalPolicy, Stack, StackProps, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerInsights, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Compute, MeshNetwork, NatStrategy, ServiceConnectMesh, ServiceConnectMeshProps, ParameterSettings } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { findings, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

describe('defaults', () => {
  const mesh = newMesh();
  const template = templateOf(mesh);

  test('three tiers over two zones, a NAT gateway in each', () => {
    template.resourceCountIs('AWS::EC2::Subnet', 6);
    template.resourceCountIs('AWS::EC2::NatGateway', 2);
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16', EnableDnsSupport: true, EnableDnsHostnames: true });
  });

  test('no subnet gives out public addresses', () => {
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  test('flow logs for 30 days, S3 gateway endpoint, closed default security group', () => {
    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('cluster with Container Insights and Fargate providers; sessions are logged', () => {
    template.hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
      Configuration: {
        ExecuteCommandConfiguration: { Logging: 'OVERRIDE', LogConfiguration: { CloudWatchLogGroupName: '/ecs/shop-mesh/exec' } },
      },
    });
    template.hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
      CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
  });

  test('names come from stack and path', () => {
    expect([mesh.meshName, mesh.namespaceName, mesh.removalPolicy]).toEqual(['shop-mesh', 'shop-mesh', RemovalPolicy.RETAIN]);
    template.hasResourceProperties('AWS::ServiceDiscovery::HttpNamespace', { Name: 'shop-mesh' });
    template.resourceCountIs('AWS::Route53::HostedZone', 0);
  });

  test('AwsSolutions finds nothing', () => expect(findings(mesh)).toEqual([]));
});

test('every prop', () => {
  const mesh = newMesh(newStack(), {
    network: MeshNetwork.threeTier({ cidr: '10.20.0.0/16', availabilityZones: 3, nat: NatStrategy.single() }),
    meshName: 'shop',
    namespaceName: 'care-ns',
    privateDomain: 'nidhin.local',
    containerInsights: ContainerInsights.ENHANCED,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // A stack without an account gets two zones from CDK, whatever it asks for.
  const template = templateOf(mesh);
  template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.20.0.0/16' });
  template.resourceCountIs('AWS::EC2::NatGateway', 1);
  template.hasResourceProperties('AWS::ServiceDiscovery::HttpNamespace', { Name: 'care-ns' });
  template.hasResourceProperties('AWS::Route53::HostedZone', { Name: 'nidhin.local.', VPCs: [Match.anyValue()] });
  template.hasResourceProperties('AWS::ECS::Cluster', { ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }] });
});

test('a mesh deep in a stage is named after its stack and path', () => {
  const stack = new Stack(new Stage(new App(), 'Prod'), 'Shop');
  expect(new ServiceConnectMesh(new Construct(stack, 'Geo'), 'Mesh').meshName).toBe('prod-shop-geo-mesh');
});

describe('DT-62: a mesh in a nested stack', () => {
  const nested = (stackName: string, id = 'Data') => new NestedStack(new Stack(new App(), 'Shop', { stackName }), id);

  test('DT-62: is named after the outermost stack, in its namespace, log groups and settings too', () => {
    const stack = new NestedStack(nested('shop-dev'), 'Inner');
    const mesh = newMesh(stack);
    new ParameterSettings(stack, 'Settings', { mesh, values: { LOG_LEVEL: 'info' } });
    const template = Template.fromStack(stack);
    expect(mesh.meshName).toBe('shop-dev-data-inner-mesh');
    template.hasResourceProperties('AWS::ServiceDiscovery::HttpNamespace', { Name: 'shop-dev-data-inner-mesh' });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/ecs/shop-dev-data-inner-mesh/exec' });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/shop-dev-data-inner-mesh/settings/LOG_LEVEL' });
  });

  test('DT-62: a name of 63 characters stays, a longer one is cut and still its own', () => {
    const name = (length: number, last = 'x') => newMesh(nested('s'.repeat(length - '-data-mesh'.length - 1) + last)).meshName;
    expect(name(63)).toBe(`${'s'.repeat(52)}x-data-mesh`);
    expect(name(64)).toMatch(/^s{53}x?-?[a-z-]*-[0-9a-f]{8}$/);
    expect(name(64)).toHaveLength(63);
    expect(name(64)).not.toBe(name(64, 'y'));
  });

  test('DT-62: the longest discovery name has its alias even there', () => {
    const mesh = newMesh(nested('s'.repeat(120)));
    expect(newService(mesh, 'Api', { networking: { discoveryName: 'a'.repeat(63) } }).port('http').dnsName).toHaveLength(127);
  });
});

describe('DT-69: names that an account has once in a region', () => {
  const IRELAND = { account: '111111111111', region: 'eu-west-1' };
  const meshes = (props: ServiceConnectMeshProps, first: StackProps = { env: IRELAND }, second = first) => {
    const app = new App();
    return [
      ['Dev', first],
      ['Prod', second],
    ].map(([id, stackProps]) => newMesh(new Stack(app, id as string, stackProps as StackProps), props));
  };
  const warnings = (mesh: ServiceConnectMesh) => Annotations.fromStack(Stack.of(mesh)).findWarning('*', Match.anyValue());

  test.each([
    ['a namespace', { namespaceName: 'care-ns' }, 'namespaceName` must be a Cloud Map namespace'],
    ['a mesh name', { meshName: 'care-ns', namespaceName: 'other' }, 'meshName` must be a mesh name'],
  ])('DT-69: %s of two stacks is refused', (_, props, says) => {
    const prop = says.split('`')[0];
    expect(() => meshes(props)).toThrow(
      `\`${says} that nobody else uses, and Dev/Mesh uses it already, got "care-ns"; set \`${prop}\` to another name on one of the two [NameTaken at Prod/Mesh]`,
    );
  });

  test.each([
    ['another region', { ...IRELAND, region: 'eu-west-2' }],
    ['another account', { ...IRELAND, account: '222222222222' }],
  ])('DT-69: %s has its own', (_, env) => {
    const [, second] = meshes({ namespaceName: 'care-ns' }, { env: IRELAND }, { env });
    expect(warnings(second)).toEqual([]);
  });

  test('DT-69: stacks that do not say where they go get a warning', () => {
    const [first, second] = meshes({ namespaceName: 'care-ns' }, {});
    expect(warnings(first)).toEqual([]);
    expect(warnings(second).map(({ entry }) => entry.data)).toEqual([
      '`namespaceName` "care-ns" is that of Dev/Mesh too, and an account has one Cloud Map namespace of that name in a region: the second stack fails in the same one. Choose another name, or leave it out; where the stacks go to different accounts or regions, say so with `env`. [ack: cdk-ecs-mesh:NameMaybeTaken]',
    ]);
  });

  test('DT-69: stages may go anywhere', () => {
    const app = new App();
    const [, second] = ['Dev', 'Prod'].map((id) => newMesh(new Stack(new Stage(app, id), 'Shop'), { namespaceName: 'care-ns' }));
    expect(warnings(second)).toEqual([]);
  });
});

describe('NatStrategy', () => {
  const render = (nat: NatStrategy) => templateOf(newMesh(newStack(), { network: MeshNetwork.threeTier({ nat }) }));

  test.each([
    ['instance', NatStrategy.instance(), 1],
    ['instancePerAz', NatStrategy.instancePerAz(), 2],
  ])('%s: NAT instances that let the network out, no gateway', (name, nat, instances) => {
    const template = render(nat);
    expect(nat._name).toBe(name);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::Instance', instances);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/16', IpProtocol: '-1' })],
    });
  });

  test('a NAT instance has a public address, which its subnet does not give, and forwards', () => {
    render(NatStrategy.instance()).hasResourceProperties('AWS::EC2::Instance', {
      InstanceType: 't4g.nano',
      SourceDestCheck: false,
      NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: true })],
      MetadataOptions: { HttpTokens: 'required' },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3' } }],
    });
  });

  test('NAT instances heal by themselves: moved off failed hardware after 2 minutes, rebooted after 3', () => {
    const alarms = Object.values(resources(render(NatStrategy.instancePerAz()), 'AWS::CloudWatch::Alarm'));
    const watched = alarms.map(({ Properties: { Dimensions, AlarmActions, ...rest } }) => ({
      on: Dimensions[0].Value.Ref.replace(/NatInstance.*/, ''),
      action: JSON.stringify(AlarmActions).match(/:ec2:(\w+)/)![1],
      check: `${rest.MetricName} >= ${rest.Threshold}, ${rest.Statistic}, ${rest.EvaluationPeriods} x ${rest.Period} s`,
      compares: rest.ComparisonOperator,
    }));
    const compares = 'GreaterThanOrEqualToThreshold';
    expect(watched).toEqual(
      ['MeshVpcPublicSubnet1', 'MeshVpcPublicSubnet2'].flatMap((on) => [
        { on, action: 'recover', check: 'StatusCheckFailed_System >= 1, Minimum, 2 x 60 s', compares },
        { on, action: 'reboot', check: 'StatusCheckFailed_Instance >= 1, Minimum, 3 x 60 s', compares },
      ]),
    );
  });

  test('the actions of NAT instances are of the region and the partition that the stack is in', () => {
    const mesh = newMesh(new Stack(new App(), 'Anywhere'), { network: MeshNetwork.threeTier({ nat: NatStrategy.instance() }) });
    const arns = Object.values(resources(templateOf(mesh), 'AWS::CloudWatch::Alarm')).flatMap(
      ({ Properties: p }) => p.AlarmActions,
    );
    expect(arns).toContainEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':automate:', { Ref: 'AWS::Region' }, ':ec2:recover']],
    });
  });

  test('gateways have no alarms to pay for', () => {
    expect(resources(render(NatStrategy.perAz()), 'AWS::CloudWatch::Alarm')).toEqual({});
  });

  test('each private subnet of instancePerAz goes out in its own zone', () => {
    const routes = Object.values(resources(render(NatStrategy.instancePerAz()), 'AWS::EC2::Route')).flatMap(
      ({ Properties: { InstanceId } }) => InstanceId?.Ref ?? [],
    );
    expect(new Set(routes).size).toBe(2);
  });

  test.each([[NatStrategy.instance()], [NatStrategy.instancePerAz()]])('AwsSolutions finds nothing', (nat) => {
    expect(findings(newMesh(newStack(), { network: MeshNetwork.threeTier({ nat }) }))).toEqual([]);
  });
});

describe('a VPC of the user', () => {
  test('stores go into isolated subnets, or else private ones', () => {
    const stack = newStack();
    const withIsolated = new Vpc(stack, 'A', {
      subnetConfiguration: [
        { name: 'P', subnetType: SubnetType.PUBLIC },
        { name: 'W', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'I', subnetType: SubnetType.PRIVATE_ISOLATED },
      ],
    });
    expect(new ServiceConnectMesh(stack, 'M1', { network: MeshNetwork.fromVpc(withIsolated) }).storeSubnets).toEqual({
      subnetType: SubnetType.PRIVATE_ISOLATED,
    });
    expect(new ServiceConnectMesh(stack, 'M2', { network: MeshNetwork.fromVpc(new Vpc(stack, 'B')) }).storeSubnets).toEqual({
      subnetType: SubnetType.PRIVATE_WITH_EGRESS,
    });
  });

  test('without private subnets it is refused', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'P', subnetType: SubnetType.PUBLIC }] });
    expect(() => newMesh(stack, { network: MeshNetwork.fromVpc(vpc) })).toThrow(
      '`network` must have private subnets with egress for the tasks, got "Shop/Vpc"; give the VPC a PRIVATE_WITH_EGRESS subnet group, choose others with `taskSubnets`, or leave `network` out to create a VPC with three tiers [NoPrivateSubnets at Shop/Mesh]',
    );
  });
});

test.each([['10.0.0.0/15'], ['10.0.0.0/25'], ['10.0.0/16'], ['300.0.0.0/16']])('address range %s is refused', (cidr) => {
  expect(() => newMesh(newStack(), { network: MeshNetwork.threeTier({ cidr }) })).toThrow(
    `\`network.cidr\` must be an IPv4 range from /16 to /24, got "${cidr}"; write it like "10.20.0.0/16" [BadCidr at Shop/Mesh]`,
  );
});

test.each([[1], [7], [2.5]])('%p zones are refused', (availabilityZones) => {
  expect(() => newMesh(newStack(), { network: MeshNetwork.threeTier({ availabilityZones }) })).toThrow(
    `\`network.availabilityZones\` must be a whole number from 2 to 6, got ${availabilityZones}; choose a value in that range [AvailabilityZonesOutOfRange at Shop/Mesh]`,
  );
});

test('names that DNS cannot carry are refused', () => {
  expect(() => newMesh(newStack(), { namespaceName: 'care ns' })).toThrow(
    '`namespaceName` must be 1 to 128 letters, digits, dots and hyphens, got "care ns"; it becomes part of DNS names and log group names [BadMeshName at Shop/Mesh]',
  );
  expect(() => newMesh(newStack(), { privateDomain: 'local' })).toThrow(
    '`privateDomain` must be a domain name of two labels or more, got "local"; write it like "nidhin.local" [BadPrivateDomain at Shop/Mesh]',
  );
});

describe('EC2 capacity', () => {
  const mesh = newMesh();
  const hosts = mesh.addEc2Capacity('Hosts');
  newService(mesh, 'Web', { compute: Compute.ec2(hosts, { networkMode: NetworkMode.BRIDGE }) });
  const template = templateOf(mesh);

  test('GEO-3: capacity provider with managed scaling and draining, over two zones', () => {
    template.hasResourceProperties('AWS::ECS::CapacityProvider', {
      AutoScalingGroupProvider: {
        ManagedScaling: { Status: 'ENABLED', TargetCapacity: 100 },
        ManagedTerminationProtection: 'DISABLED',
        ManagedDraining: 'ENABLED',
      },
    });
    const group = only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties;
    expect([group.MinSize, group.MaxSize, group.NewInstancesProtectedFromScaleIn]).toEqual(['2', '4', false]);
    expect(group.VPCZoneIdentifier).toHaveLength(2);
  });

  test('hosts: Amazon Linux 2023, IMDSv2, encrypted gp3, nothing open', () => {
    const data = only(template, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
    expect(JSON.stringify(data.ImageId)).toContain('amazonlinux2023');
    expect(data).toMatchObject({
      InstanceType: 't3.small',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Monitoring: { Enabled: true },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 30 } }],
    });
    const group = only(template, 'AWS::EC2::SecurityGroup', 'MeshHosts').Properties;
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(group.SecurityGroupEgress).toEqual([
      { CidrIp: '0.0.0.0/0', Description: 'Image registries and AWS APIs', FromPort: 443, IpProtocol: 'tcp', ToPort: 443 },
    ]);
  });

  test('the agent may do its work on this cluster, and tasks cannot borrow the role of the host', () => {
    const statements = only(template, 'AWS::IAM::Policy', 'MeshHostsRole').Properties.PolicyDocument.Statement;
    const wide = statements.filter((s: { Resource: unknown }) => s.Resource === '*').flatMap((s: { Action: unknown }) => s.Action);
    expect(wide).toEqual([
      'ecs:Poll',
      'ecs:StartTelemetrySession',
      'ecs:UpdateContainerInstancesState',
      'ecs:DiscoverPollEndpoint',
    ]);
    const polling = statements.find((s: { Action: unknown }) => [s.Action].flat().includes('ecs:Poll'));
    const [cluster] = Object.keys(resources(template, 'AWS::ECS::Cluster'));
    expect(polling.Condition).toEqual({ ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [cluster, 'Arn'] } } });
    const userData = JSON.stringify(only(template, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData.UserData);
    expect(userData).toContain('ECS_AWSVPC_BLOCK_IMDS=true');
    expect(userData).toContain('ECS_CLUSTER=');
  });

  test('no drain Lambda: managed draining does it', () => template.resourceCountIs('AWS::AutoScaling::LifecycleHook', 0));

  test('AwsSolutions finds nothing', () => expect(findings(mesh)).toEqual([]));

  test('ARM types get the ARM image', () => {
    const arm = newMesh();
    arm.addEc2Capacity('Hosts', {
      instanceType: new InstanceType('t4g.small'),
      minInstances: 1,
      maxInstances: 1,
      targetCapacityPercent: 90,
    });
    const data = only(templateOf(arm), 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
    expect(JSON.stringify(data.ImageId)).toContain('arm64');
  });

  test.each([
    [
      { minInstances: -1 },
      '`minInstances` must be a whole number from 0 to 5000, got -1; choose a value in that range [InstancesOutOfRange at Shop/Mesh/Bad]',
    ],
    [
      { minInstances: 3, maxInstances: 2 },
      '`maxInstances` must be a whole number from 3 to 5000, got 2; choose a value in that range [InstancesOutOfRange at Shop/Mesh/Bad]',
    ],
    [
      { targetCapacityPercent: 101 },
      '`targetCapacityPercent` must be a whole number from 1 to 100, got 101; choose a value in that range [TargetCapacityOutOfRange at Shop/Mesh/Bad]',
    ],
  ])('%p is refused', (props, message) => {
    expect(() => newMesh().addEc2Capacity('Bad', props)).toThrow(message);
  });
});

describe('T24: stacks that cannot be deleted', () => {
  test('services leave before the capacity providers do', () => {
    const mesh = newMesh();
    newService(mesh, 'Web', { compute: Compute.ec2(mesh.addEc2Capacity('Hosts')) });
    const template = templateOf(mesh);
    const [association] = Object.keys(resources(template, 'AWS::ECS::ClusterCapacityProviderAssociations'));
    expect(only(template, 'AWS::ECS::Service').DependsOn).toContain(association);
  });

  test('development mode: hosts are not protected', () => {
    const mesh = newMesh(newStack(), { removalPolicy: RemovalPolicy.DESTROY });
    mesh.addEc2Capacity('Hosts');
    const template = templateOf(mesh);
    template.hasResourceProperties('AWS::ECS::CapacityProvider', {
      AutoScalingGroupProvider: { ManagedTerminationProtection: 'DISABLED' },
    });
    expect(only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties.NewInstancesProtectedFromScaleIn).toBe(false);
  });

  test('nothing is retained in development mode', () => {
    const mesh = newMesh(newStack(), { removalPolicy: RemovalPolicy.DESTROY, privateDomain: 'nidhin.local' });
    const retained = Object.entries(templateOf(mesh).toJSON().Resources as Record<string, { DeletionPolicy?: string }>).filter(
      ([, r]) => r.DeletionPolicy === 'Retain',
    );
    expect(retained).toEqual([]);
  });
});

test('the same template with and without the recommended feature flags, but for what the flags only rename', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const flags = require('aws-cdk-lib/recommended-feature-flags.json');
  const render = (context: Record<string, unknown>) => {
    const mesh = newMesh(newStack('Shop', new App({ context })), { privateDomain: 'nidhin.local' });
    newService(mesh, 'Web');
    return Object.values(templateOf(mesh).toJSON().Resources as Record<string, { Type: string }>)
      .map((r) => r.Type)
      .sort();
  };
  expect(render(flags)).toEqual(render({}));
});
