import { App, Fn, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import {
  Compute,
  GatewaySide,
  GatewaySideAttributes,
  MeshAlarms,
  MeshNetwork,
  Rollout,
  ServiceConnectMesh,
  TestTraffic,
} from 'cdk-ecs-mesh';
import { newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

const ELB = 'AWS::ElasticLoadBalancingV2';
const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const LISTENER_ARN = `${ARN}:listener/app/corp/50dc6c495c0c9188/f2f7dc8efc522ab2`;
const EXTERNAL = { internetFacing: true };
const INTERNAL = { internetFacing: false };

/** A load balancer of another team, and a mesh. */
function existing(facts: Partial<GatewaySideAttributes> & { internetFacing: boolean }, stack = newStack()) {
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    publicSubnetIds: ['subnet-1', 'subnet-2'],
    privateSubnetIds: ['subnet-3', 'subnet-4'],
  });
  const mesh = new ServiceConnectMesh(stack, 'Mesh', { network: MeshNetwork.fromVpc(vpc) });
  const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'CorpGroup', 'sg-corp', { allowAllOutbound: false });
  const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Corp', {
    loadBalancerArn: `${ARN}:loadbalancer/app/corp/50dc6c495c0c9188`,
    securityGroupId: 'sg-corp',
    loadBalancerDnsName: 'corp.elb.amazonaws.com',
    loadBalancerCanonicalHostedZoneId: 'Z32O12XQLNTSW2',
  });
  const listener = ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
    listenerArn: LISTENER_ARN,
    securityGroup,
  });
  const side = GatewaySide.fromGatewaySideAttributes(stack, 'Corporate', { network: mesh, loadBalancer, listener, ...facts });
  return { stack, mesh, side, loadBalancer, listener };
}

describe('PR-09, NU-1: a route on a load balancer of another team', () => {
  const { stack, mesh, side } = existing({ ...EXTERNAL, zone: undefined });
  const orders = newService(mesh, 'Orders');
  const route = side.route('Orders', { target: orders.port('http'), hosts: ['orders.example.com'] });
  const alarms = new MeshAlarms(new Stack(stack.node.root as App, 'Ops', { env: { region: 'eu-west-1' } }), 'Alarms', { mesh });
  const template = templateOf(stack);

  test('is a rule on its listener, and nothing else of it changes', () => {
    expect(only(template, `${ELB}::ListenerRule`).Properties).toMatchObject({
      ListenerArn: LISTENER_ARN,
      Priority: route.priority,
    });
    expect(resources(template, `${ELB}::Listener`)).toEqual({});
    expect(resources(template, `${ELB}::LoadBalancer`)).toEqual({});
  });

  test('its security group is admitted to the tasks, and may call them', () => {
    const ingress = only(template, 'AWS::EC2::SecurityGroupIngress').Properties;
    expect(ingress).toMatchObject({ SourceSecurityGroupId: 'sg-corp', FromPort: 8080, ToPort: 8080 });
    expect(only(template, 'AWS::EC2::SecurityGroupEgress').Properties).toMatchObject({ GroupId: 'sg-corp', FromPort: 8080 });
  });

  test('has the URL of the host, and the side that of the load balancer', () => {
    expect([route.url, side.url]).toEqual(['https://orders.example.com', 'https://corp.elb.amazonaws.com']);
  });

  test('is observed by the name of the load balancer', () => {
    const dimension = { Name: 'LoadBalancer', Value: 'app/corp/50dc6c495c0c9188' };
    expect(JSON.stringify(templateOf(alarms).toJSON())).toContain(JSON.stringify(dimension));
  });
});

describe('an internal load balancer of another team', () => {
  test('admits the services that connect to a route', () => {
    const { stack, mesh, side } = existing(INTERNAL);
    const route = side.route('Api', { target: newService(mesh, 'Api').port('http'), hosts: ['api.corp.local'] });
    newService(mesh, 'Web').connectTo(route);
    expect(openPaths(templateOf(stack))).toEqual(['Web -> "sg-corp" 80', '"sg-corp" -> Api 8080'].sort());
  });

  test('of another port is called there', () => {
    const { stack, mesh, side } = existing({ ...INTERNAL, protocol: ApplicationProtocol.HTTP, port: 8443 });
    const route = side.route('Api', { target: newService(mesh, 'Api').port('http'), hosts: ['api.corp.local'] });
    newService(mesh, 'Web').connectTo(route);
    const text = JSON.stringify(resources(templateOf(stack), 'AWS::ECS::TaskDefinition', 'Web'));
    expect(text).toContain('{"Name":"API_PORT","Value":"8443"},{"Name":"API_URL","Value":"http://api.corp.local:8443"}');
  });

  test('tasks in bridge mode are admitted on the ports of their hosts', () => {
    const { stack, mesh, side } = existing(INTERNAL, newStack());
    const own = new ServiceConnectMesh(stack, 'Own');
    const hosts = own.addEc2Capacity('Hosts');
    const api = newService(own, 'Api', { compute: Compute.ec2(hosts, { networkMode: 'bridge' as never }) });
    side.route('Api', { target: api.port('http') });
    expect(mesh).toBeDefined();
    expect(openPaths(templateOf(stack))).toContain('"sg-corp" -> OwnHosts 32768-65535');
  });
});

test('records point at the load balancer of the owner', () => {
  const stack = newStack();
  const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
  const { mesh, side } = existing({ ...EXTERNAL, zone }, stack);
  side.route('Orders', { target: newService(mesh, 'Orders').port('http'), recordName: 'orders' });
  expect(only(templateOf(stack), 'AWS::Route53::RecordSet').Properties.AliasTarget).toEqual({
    DNSName: 'dualstack.corp.elb.amazonaws.com',
    HostedZoneId: 'Z32O12XQLNTSW2',
  });
});

describe('priorities on a listener with several owners', () => {
  const priorityIn = (stackId: string, priority?: number) => {
    const { mesh, side } = existing(EXTERNAL, newStack(stackId));
    return side.route('Api', { target: newService(mesh, 'Api').port('http'), hosts: ['api.example.com'], priority }).priority;
  };

  test('T10: equal IDs in two apps have different ones, and each app always the same', () => {
    expect(priorityIn('Orders')).toBe(priorityIn('Orders'));
    expect(priorityIn('Orders')).not.toBe(priorityIn('Users'));
  });

  test('can be given', () => expect(priorityIn('Orders', 17)).toBe(17));

  test('two sides of one app for one listener share their numbers', () => {
    const { stack, mesh, side, listener, loadBalancer } = existing(EXTERNAL);
    const again = GatewaySide.fromGatewaySideAttributes(stack, 'Again', { network: mesh, loadBalancer, listener, ...EXTERNAL });
    side.route('A', { target: newService(mesh, 'A').port('http'), hosts: ['a.example.com'], priority: 7 });
    const b = () => again.route('B', { target: newService(mesh, 'B').port('http'), hosts: ['b.example.com'], priority: 7 });
    expect(b).toThrow(
      /`priority` must be used once on a listener, and Shop\/Corporate\/Routes\/A has it already, got 7; .*RoutePriorityTaken/,
    );
  });

  test('a rule of the app that belongs to no route is seen', () => {
    const { stack, mesh, side, listener } = existing(EXTERNAL);
    side.route('A', { target: newService(mesh, 'A').port('http'), hosts: ['a.example.com'], priority: 7 });
    listener.addAction('Own', {
      action: ListenerAction.fixedResponse(404),
      conditions: [ListenerCondition.pathPatterns(['/x'])],
      priority: 7,
    });
    expect(() => (stack.node.root as App).synth()).toThrow(
      '`priority of Shop/Corporate/Routes/A` must be used once on a listener, and Shop/Listener/OwnRule and Shop/A/Routes/Corporate/A/Rule have the same, got 7; set `priority: 8` on the route [RulePriorityTaken]',
    );
  });
});

describe('a load balancer of the app without a gateway', () => {
  const stack = newStack();
  const mesh = new ServiceConnectMesh(stack, 'Mesh');
  const loadBalancer = new ApplicationLoadBalancer(stack, 'Own', { vpc: mesh.vpc });
  const listener = loadBalancer.addListener('Http', {
    port: 8080,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultAction: ListenerAction.fixedResponse(404),
  });
  const side = GatewaySide.fromGatewaySideAttributes(stack, 'Side', { network: mesh, loadBalancer, listener, ...INTERNAL });
  const route = side.route('Api', { target: newService(mesh, 'Api').port('http'), hosts: ['api.local'] });

  test('has its own port and protocol', () => expect(route.url).toBe('http://api.local:8080'));
});

describe('what is missing', () => {
  test('T14: a test listener belongs to the owner; a header needs none', () => {
    const rollout = (testTraffic: TestTraffic) => () => {
      const { mesh, side } = existing(EXTERNAL);
      return side.route('Api', { target: newService(mesh, 'Api', { rollout: Rollout.blueGreen({ testTraffic }) }).port('http') });
    };
    expect(rollout(TestTraffic.header('X-Version', 'next'))).not.toThrow();
    expect(rollout(TestTraffic.port(8443))).toThrow(
      '`testTraffic` must be TestTraffic.header on a load balancer that exists already, whose listeners and certificates belong to its owner, got "port 8443"; use TestTraffic.header(name, value), whose rule is on the same listener [TestListenerOfOwner at Shop/Corporate]',
    );
  });

  test('the DNS name', () => {
    const stack = newStack();
    const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Nameless', {
      loadBalancerArn: `${ARN}:loadbalancer/app/corp/1`,
      securityGroupId: 'sg-corp',
    });
    expect(() => existing({ ...EXTERNAL, loadBalancer }, stack)).toThrow(
      '`loadBalancer` must have a DNS name, at which clients call it, got "Shop/Nameless"; pass `loadBalancerDnsName`, and for records `loadBalancerCanonicalHostedZoneId`, to ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes [SideWithoutDnsName at Shop/Corporate]',
    );
  });
});

describe('PR-09: parts that do not belong together', () => {
  const listenerAt = (stack: Stack, listenerArn: string) =>
    ApplicationListener.fromApplicationListenerAttributes(stack, 'Other', {
      listenerArn,
      securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'OtherGroup', 'sg-other'),
    });

  test.each([
    [
      'of a Network Load Balancer',
      `${ARN}:listener/net/corp/1/2`,
      'be a listener of an Application Load Balancer, to which rules can be added',
    ],
    [
      'of another load balancer',
      `${ARN}:listener/app/other/1/2`,
      `be a listener of the load balancer ${ARN}:loadbalancer/app/corp/50dc6c495c0c9188`,
    ],
    ['in another Region', LISTENER_ARN.replace('eu-west-1', 'us-east-1'), 'be in the Region of the side (eu-west-1)'],
  ])('a listener %s', (_, arn, must) => {
    const stack = newStack();
    expect(() => existing({ ...EXTERNAL, listener: listenerAt(stack, arn) }, stack)).toThrow(
      new RegExp(`^\`listener\` must ${escaped(must)}, got "${arn}"; .* \\[SideListener at Shop/Corporate\\]$`),
    );
  });

  test.each<[string, (stack: Stack) => GatewaySideAttributes['network'], string]>([
    [
      'that exists',
      (stack) =>
        MeshNetwork.fromVpc(
          Vpc.fromVpcAttributes(stack, 'Far', {
            vpcId: 'vpc-2',
            availabilityZones: ['eu-west-1a'],
            privateSubnetIds: ['subnet-9'],
          }),
        ),
      '"vpc-2"',
    ],
    ['of the app', (stack) => MeshNetwork.fromVpc(new Vpc(stack, 'Far')), '"Shop/Far"'],
  ])('a network %s', (kind, network, got) => {
    const stack = newStack();
    const vpc =
      kind === 'of the app'
        ? new Vpc(stack, 'Near')
        : Vpc.fromVpcAttributes(stack, 'Near', { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'] });
    const loadBalancer = new ApplicationLoadBalancer(stack, 'Alb', {
      vpc,
      vpcSubnets: { subnets: [1, 2].map((i) => Subnet.fromSubnetId(stack, `S${i}`, `subnet-${i}`)) },
    });
    const listener = loadBalancer.addListener('L', { port: 80, open: false, defaultAction: ListenerAction.fixedResponse(404) });
    const near = kind === 'of the app' ? '"Shop/Near"' : '"vpc-1"';
    expect(() => existing({ ...INTERNAL, loadBalancer, listener, network: network(stack) }, stack)).toThrow(
      `\`network\` must be in the VPC of the load balancer (${near.slice(1, -1)}), in which its targets are registered, got ${got};`,
    );
  });

  test('nothing is judged before a look-up, and of tokens', () => {
    const stack = new Stack(new App(), 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
    const loadBalancer = ApplicationLoadBalancer.fromLookup(stack, 'Found', { loadBalancerTags: { team: 'platform' } });
    const listener = ApplicationListener.fromLookup(stack, 'FoundListener', { loadBalancerArn: loadBalancer.loadBalancerArn });
    expect(() => existing({ ...EXTERNAL, loadBalancer, listener }, stack)).not.toThrow();
    const other = new Stack(new App(), 'Shop');
    expect(() => existing({ ...EXTERNAL, listener: listenerAt(other, Fn.importValue('listener')) }, other)).not.toThrow();
  });
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
