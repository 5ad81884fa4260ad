import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { IPeer, Peer, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EcsMeshChecks, Reachability, TopologyDiagram } from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { arrange, ENV, newStack, newVpc } from './fixtures';

const GROUP = 'AWS::EC2::SecurityGroup';
const RANGE = Peer.ipv4('203.0.113.0/24');
const PRIVATE_RANGE = Peer.ipv4('10.99.0.0/16');
const WORLD = [Peer.anyIpv4(), Peer.anyIpv6(), Peer.ipv4('10.0.0.0/0')];

/** A gateway whose sides admit these peers, with a route on each. */
function admitting(external: IPeer[] | undefined, internal: IPeer[] | undefined, stack = newStack()) {
  const arranged = arrange({ external: { peers: external }, internal: { peers: internal } }, stack);
  for (const side of [arranged.gateway.external, arranged.gateway.internal]) side.route('Web', { target: arranged.target });
  return arranged;
}

/** The inbound rules of a side, each as who and which port. */
function ingress(stack: Stack, label: 'External' | 'Internal'): string[] {
  const template = Template.fromStack(stack);
  const properties = { GroupDescription: Match.stringLikeRegexp(`^${label} ALB`) };
  const [[id, group]] = Object.entries(template.findResources(GROUP, { Properties: properties }));
  const separate = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))
    .map(({ Properties }) => Properties)
    .filter(({ GroupId }) => GroupId['Fn::GetAtt'][0] === id);
  return [...(group.Properties.SecurityGroupIngress ?? []), ...separate].map(
    ({ CidrIp, CidrIpv6, SourcePrefixListId, SourceSecurityGroupId, FromPort, Description }) => {
      const source = CidrIp ?? CidrIpv6 ?? SourcePrefixListId ?? SourceSecurityGroupId;
      return `${typeof source === 'string' ? source : JSON.stringify(Object.values(source as object)[0])} ${FromPort} ${Description}`;
    },
  );
}

const newGroup = (stack: Stack, vpc: Vpc, id = 'Bastion') => new SecurityGroup(stack, id, { vpc, allowAllOutbound: false });

describe('clients that a side admits', () => {
  test('the external side: ranges and prefix lists, on both ports, and nobody else', () => {
    const { stack } = admitting([RANGE, Peer.prefixList('pl-1'), Peer.ipv6('2001:db8::/32')], undefined);
    expect(ingress(stack, 'External').sort()).toEqual(
      ['2001:db8::/32', '203.0.113.0/24', 'pl-1'].flatMap((peer) => [
        `${peer} 443 Peer of the gateway`,
        `${peer} 80 Peer of the gateway, sent on to HTTPS`,
      ]),
    );
  });

  test('plain HTTP: on its one port', () => {
    const { stack } = arrange({ http: { peers: [RANGE] } });
    expect(ingress(stack, 'External')).toEqual(['203.0.113.0/24 80 Peer of the gateway']);
  });

  test('an empty list admits nobody', () => {
    const { stack } = admitting([], []);
    expect(ingress(stack, 'External')).toEqual([]);
    expect(ingress(stack, 'Internal')).toEqual([]);
  });

  test('T9: the internal side: ranges, prefix lists and groups, whose egress is opened too', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const internal = { peers: [Peer.ipv4(vpc.vpcCidrBlock), Peer.prefixList('pl-1'), newGroup(stack, vpc)] };
    arrange({ vpc, internal }, stack);
    expect(ingress(stack, 'Internal')).toEqual([
      '["Vpc8378EB38","CidrBlock"] 80 Peer of the gateway',
      'pl-1 80 Peer of the gateway',
      expect.stringMatching(/^\["Bastion\w+","GroupId"\] 80 Peer of the gateway$/),
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Bastion'), 'GroupId'] },
      DestinationSecurityGroupId: { 'Fn::GetAtt': ['GatewayInternalSecurityGroup5BE75951', 'GroupId'] },
      FromPort: 80,
    });
  });

  test('T21: a group of another stack is deployed before the gateway', () => {
    const app = new App();
    const [network, tools, edge] = ['Network', 'Tools', 'S'].map((id) => new Stack(app, id, { env: ENV }));
    const vpc = newVpc(network);
    arrange({ vpc, internal: { peers: [newGroup(tools, vpc)] } }, edge);
    app.synth();
    expect(edge.dependencies).toContain(tools);
    expect(tools.dependencies).toEqual([network]);
  });

  test.each(WORLD)('T9: everyone is refused on the internal side: %j', (peer) => {
    expect(() => admitting(undefined, [PRIVATE_RANGE, peer])).toThrow(
      new Error(
        `\`internal.peers[1]\` must not cover all addresses, because the internal side is for known clients, got "${peer.uniqueId}"; ` +
          'name the range of the network, such as `ec2.Peer.ipv4(vpc.vpcCidrBlock)`, or let services connect to a route ' +
          '[InternalSideOpen at S/Gateway]',
      ),
    );
  });
});

describe('a peer that matches nobody', () => {
  const warned = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findWarning('/S/Gateway', Match.stringLikeRegexp('PeerMatchesNobody'))
      .map(({ entry }) => entry.data);
  const noted = (reason: string) => `${reason} [ack: cdk-ecs-mesh:PeerMatchesNobody]`;

  test('a range of IPv6, on either side', () => {
    const range = Peer.ipv6('2001:db8::/32');
    const { stack } = admitting([range], [range]);
    expect(warned(stack)).toEqual(
      ['external', 'internal'].map((side) =>
        noted(`\`${side}.peers[0]\` (2001:db8::/32) admits nobody: the load balancer has IPv4 addresses only. Leave it out.`),
      ),
    );
  });

  test('a group on the external side', () => {
    const stack = newStack();
    admitting([SecurityGroup.fromSecurityGroupId(stack, 'Office', 'sg-12345678'), Peer.securityGroupId('sg-87654321')], [], stack);
    const reason =
      'clients call an internet-facing load balancer at its public addresses, where security groups are not seen. Use the internal side for clients inside the network';
    expect(warned(stack)).toEqual(
      ['S/Office', 'security group sg-87654321'].map((name, i) =>
        noted(`\`external.peers[${i}]\` (${name}) admits nobody: ${reason}.`),
      ),
    );
  });

  test('no warning for others', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const sides = {
      external: { peers: [RANGE, Peer.prefixList('pl-1'), Peer.anyIpv4()] },
      internal: { peers: [newGroup(stack, vpc)] },
    };
    arrange({ vpc, ...sides }, stack);
    expect(warned(stack)).toEqual([]);
  });
});

describe('who reaches what, by the template', () => {
  test('the internet reaches no side that names its peers', () => {
    const { stack } = admitting([RANGE, Peer.prefixList('pl-1')], [PRIVATE_RANGE, Peer.prefixList('pl-2')]);
    const reachability = Reachability.of(stack);
    reachability.expectUnreachable(Reachability.INTERNET, 'S/Gateway');
    const callers = reachability.pairs().filter(({ to }) => to.startsWith('S/Gateway/'));
    expect(callers.map(({ from, to, ports }) => `${from} -> ${to} :${ports}`)).toEqual([
      '10.99.0.0/16 -> S/Gateway/Internal/LoadBalancer :80',
      '203.0.113.0/24 -> S/Gateway/External/LoadBalancer :80, 443',
      'prefix list pl-1 -> S/Gateway/External/LoadBalancer :80, 443',
      'prefix list pl-2 -> S/Gateway/Internal/LoadBalancer :80',
    ]);
  });

  test('a group of the app, one that nothing in it has, and an imported one reach the internal side', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const { gateway, target } = arrange({ vpc }, stack);
    const peers = [target.connections.securityGroups[0], newGroup(stack, vpc), Peer.securityGroupId('sg-12345678')];
    const other = arrange({ vpc, internal: { peers } }, new Stack(stack, 'N', { env: ENV }));
    other.gateway.internal.route('Web', { target: other.target });
    gateway.internal.route('Web', { target });
    const reachability = Reachability.of(stack);
    for (const from of ['S/Web', 'S/Bastion', 'sg-12345678']) {
      reachability.expectReachable(from, 'S/N/Gateway/Internal', 80);
      reachability.expectUnreachable(from, 'S/N/Gateway/Internal', 443);
      reachability.expectUnreachable(from, 'S/Gateway/Internal');
    }
  });
});

describe('the picture', () => {
  const drawn = (stack: Stack) => {
    const { components, connections } = JSON.parse(TopologyDiagram.of(stack).toJson()) as {
      components: { id: string; label: string; zone: string; publicFacing: boolean }[];
      connections: { client: string; server: string; port: number }[];
    };
    return {
      zones: Object.fromEntries(components.map(({ id, zone }) => [id, zone])),
      labels: Object.fromEntries(components.map(({ id, label }) => [id, label])),
      calls: connections.filter(({ server }) => server.includes('/Gateway/')).map((c) => `${c.client} -> ${c.server} :${c.port}`),
    };
  };

  test('peers call their side, and the internet calls neither', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const external = { peers: [RANGE, Peer.prefixList('pl-1')] };
    const { gateway, target } = arrange(
      { vpc, external, internal: { peers: [Peer.ipv4(vpc.vpcCidrBlock), newGroup(stack, vpc)] } },
      stack,
    );
    gateway.external.route('Web', { target });
    const { zones, labels, calls } = drawn(stack);
    expect(calls).toEqual([
      '203.0.113.0/24 -> S/Gateway/External :443',
      '203.0.113.0/24 -> S/Gateway/External :80',
      'pl-1 -> S/Gateway/External :443',
      'pl-1 -> S/Gateway/External :80',
      'S/Gateway/Internal/peers[0] -> S/Gateway/Internal :80',
      'S/Bastion -> S/Gateway/Internal :80',
    ]);
    expect(zones).toEqual({
      'S/Gateway/External': 'public',
      '203.0.113.0/24': 'internet',
      'pl-1': 'internet',
      'S/Gateway/Internal': 'private',
      'S/Gateway/Internal/peers[0]': 'private',
      'S/Bastion': 'private',
      'S/Web': 'private',
    });
    expect(labels['pl-1']).toBe('prefix list pl-1');
  });

  test('the group of a service is drawn as the service', () => {
    const stack = newStack();
    const { vpc, target } = arrange({}, stack);
    const peers = [target.connections.securityGroups[0]];
    arrange({ vpc: vpc as Vpc, internal: { peers } }, new Stack(stack, 'N', { env: ENV }));
    expect(drawn(stack).calls).toContain('S/Web -> S/N/Gateway/Internal :80');
  });

  test('an external side that admits nobody, or groups alone, is not public', () => {
    const { stack } = admitting([], []);
    const { zones } = drawn(stack);
    expect(zones).toEqual({ 'S/Gateway/External': 'private', 'S/Gateway/Internal': 'private', 'S/Web': 'private' });
  });
});

describe('checks', () => {
  test('a side with peers has no finding and nothing to acknowledge', () => {
    const { stack } = admitting([RANGE], [PRIVATE_RANGE]);
    const app = stack.node.root as App;
    app.synth();
    const findings = [new AwsSolutionsChecks(), new EcsMeshChecks()].flatMap((pack) =>
      pack.validateScope(app).violations.map(({ ruleName }) => ruleName),
    );
    expect(findings).toEqual(['AwsSolutions-VPC7']); // the network of this test has no flow logs
    const group = stack.node.findChild('Gateway').node.findChild('External').node.findChild('SecurityGroup');
    expect(JSON.stringify(group.node.metadata)).not.toContain('EC23');
  });
});
