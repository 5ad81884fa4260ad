import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { BehaviorOptions, CachePolicy, Distribution, OriginRequestPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { Peer, PrefixList, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  CloudFrontPrefixList,
  CostReport,
  DualAlbGateway,
  ExternalSide,
  GatewayOriginOptions,
  InternalSide,
  MeshNetwork,
  Reachability,
  RouteCondition,
  SideCertificate,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { ENV, newCertificate, newStack, newVpc, RoutedService, vpcOf } from './fixtures';

const LIST = CloudFrontPrefixList.fromPrefixListId('pl-4fa04526');
const VPC_ORIGIN = 'AWS::CloudFront::VpcOrigin';

interface Given {
  readonly https?: boolean;
  readonly idleTimeout?: Duration;
  readonly peers?: InternalPeers;
  readonly hosts?: string[];
}
type InternalPeers = NonNullable<Parameters<typeof InternalSide.http>[0]>['peers'];

/** A gateway whose internal side is for CloudFront, with a route. */
function internal({ https = false, idleTimeout, peers = [LIST], hosts }: Given = {}, stack = newStack()) {
  const vpc = newVpc(stack);
  const gateway = new DualAlbGateway(stack, 'Gateway', {
    network: MeshNetwork.fromVpc(vpc),
    internal: https
      ? InternalSide.https({ certificate: SideCertificate.given(newCertificate(stack)), peers })
      : InternalSide.http({ peers }),
    idleTimeout,
  });
  const target = new RoutedService(stack, 'Web', { vpc });
  gateway.internal.route('Web', { target, hosts });
  return { stack, vpc, gateway, side: gateway.internal, target };
}

/** The same with a distribution. */
function distributed(given: Given = {}, options?: GatewayOriginOptions, behavior: Partial<BehaviorOptions> = {}) {
  const arranged = internal(given);
  const origin = arranged.side.cloudFrontOrigin(options);
  new Distribution(arranged.stack, 'Cdn', { defaultBehavior: { ...behavior, origin } });
  return { ...arranged, origin };
}

const originOf = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::CloudFront::Distribution'))[0].Properties.DistributionConfig
    .Origins[0];

const errorsOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('PR-11: an internal load balancer behind CloudFront', () => {
  test('a VPC origin of the load balancer, on the port of its listener only', () => {
    Template.fromStack(distributed().stack).hasResourceProperties(VPC_ORIGIN, {
      VpcOriginEndpointConfig: {
        Arn: { Ref: Match.stringLikeRegexp('^GatewayInternalLoadBalancer') },
        HTTPPort: 80,
        OriginProtocolPolicy: 'http-only',
        OriginSSLProtocols: ['TLSv1.2'],
      },
    });
  });

  test('HTTPS: on 443, which CloudFront calls for viewers on HTTP too', () => {
    const { stack } = distributed({ https: true }, { domainName: 'www.example.com' });
    Template.fromStack(stack).hasResourceProperties(VPC_ORIGIN, {
      VpcOriginEndpointConfig: { HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
    });
  });

  test('it is created after the internet gateway that it requires', () => {
    Template.fromStack(distributed().stack).hasResource(VPC_ORIGIN, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^VpcVPCGW')]),
    });
  });

  test('the origin of the distribution: ID, name, and the timeouts of the load balancer', () => {
    expect(originOf(distributed().stack)).toEqual({
      Id: expect.any(String),
      DomainName: { 'Fn::GetAtt': [expect.stringMatching(/^GatewayInternalLoadBalancer/), 'DNSName'] },
      VpcOriginConfig: {
        VpcOriginId: { 'Fn::GetAtt': [expect.stringMatching(/^GatewayInternalVpcOriginHttp/), 'Id'] },
        OriginReadTimeout: 60,
        OriginKeepaliveTimeout: 5,
      },
    });
  });

  test('all options', () => {
    const options = {
      domainName: 'www.example.com',
      readTimeout: Duration.seconds(20),
      keepaliveTimeout: Duration.seconds(10),
      customHeaders: { 'X-Edge': 'yes' },
    };
    expect(originOf(distributed({}, options).stack)).toMatchObject({
      DomainName: 'www.example.com',
      OriginCustomHeaders: [{ HeaderName: 'X-Edge', HeaderValue: 'yes' }],
      VpcOriginConfig: { OriginReadTimeout: 20, OriginKeepaliveTimeout: 10 },
    });
  });

  test.each([
    [3, 3, 2],
    [6, 6, 5],
    [119, 119, 5],
    [300, 120, 5],
  ])('idle timeout %d: reads for %d, keeps for %d', (idle, read, keep) => {
    expect(originOf(distributed({ idleTimeout: Duration.seconds(idle) }).stack).VpcOriginConfig).toMatchObject({
      OriginReadTimeout: read,
      OriginKeepaliveTimeout: keep,
    });
  });

  test('several distributions share it', () => {
    const { stack, side } = distributed();
    new Distribution(stack, 'Second', { defaultBehavior: { origin: side.cloudFrontOrigin({ domainName: 'b.example.com' }) } });
    Template.fromStack(stack).resourceCountIs(VPC_ORIGIN, 1);
  });

  test('another protocol is another VPC origin, because one in use cannot be updated', () => {
    const ids = [false, true].map((https) => {
      const { stack } = distributed({ https }, { domainName: 'www.example.com' });
      return Object.keys(Template.fromStack(stack).findResources(VPC_ORIGIN))[0];
    });
    expect(new Set(ids).size).toBe(2);
  });

  test('the distribution can be in another stack, which is deployed after the gateway', () => {
    const app = new App();
    const { stack, side } = internal({}, newStack('Edge', undefined, app));
    const cdn = new Stack(app, 'Cdn', { env: ENV });
    new Distribution(cdn, 'Cdn', { defaultBehavior: { origin: side.cloudFrontOrigin() } });
    app.synth();
    expect(cdn.dependencies).toEqual([stack]);
  });
});

describe('the security group of the load balancer', () => {
  test('admits the prefix list on the port of the listener, not on the one that redirects', () => {
    const { stack } = internal({ https: true });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('^Internal ALB'),
      SecurityGroupIngress: [
        { SourcePrefixListId: 'pl-4fa04526', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: Match.anyValue() },
      ],
    });
  });

  test('the list can be looked up, once for a stack', () => {
    const stack = newStack();
    const lists = [CloudFrontPrefixList.fromLookup(stack), CloudFrontPrefixList.fromLookup(stack)];
    internal({ peers: [lists[0]] }, stack);
    const missing = (stack.node.root as App).synth().manifest.missing ?? [];
    const names = missing.map(({ props }) => (props as { propertyMatch?: Record<string, string> }).propertyMatch?.PrefixListName);
    expect(names.filter((name) => name)).toEqual(['com.amazonaws.global.cloudfront.origin-facing']);
  });

  test('a stack without a Region cannot look it up', () => {
    const stack = new Stack(new App(), 'S');
    expect(() => CloudFrontPrefixList.fromLookup(stack)).toThrow(
      '`env` must be specified for the stack in which the prefix list is looked up; set `env: { account, region }` of the stack, or use ' +
        '`CloudFrontPrefixList.fromPrefixListId` [CloudFrontPrefixList at S]',
    );
  });

  test('what is no ID of a list', () => {
    expect(errorsOf(() => internal({ peers: [CloudFrontPrefixList.fromPrefixListId('com.amazonaws.global.cloudfront')] }))).toBe(
      '`internal.peers[0]` must have the ID of a prefix list, got "com.amazonaws.global.cloudfront"; copy it from ' +
        '`aws ec2 describe-managed-prefix-lists`, such as "pl-4fa04526" [CloudFrontPrefixList at S/Gateway]',
    );
  });

  const ranges = (count: number) => Array.from({ length: count }, (_, i) => Peer.ipv4(`203.0.113.${i}/32`));
  const counted = (peers: InternalPeers) => {
    const { stack } = internal({ peers });
    Template.fromStack(stack);
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('inbound rules'))
      .map(({ entry }) => /has (\d+) inbound/.exec(`${entry.data}`)?.[1]);
  };
  test('the list counts as 55 rules of 60', () => {
    expect(counted([LIST, ...ranges(5)])).toEqual([]);
    expect(counted([LIST, ...ranges(6)])).toEqual(['61']);
  });

  test('a list of the app counts as its entries, one that nobody knows as one', () => {
    const stack = newStack();
    const own = new PrefixList(stack, 'Own', { maxEntries: 58 });
    internal({ peers: [own, Peer.prefixList('pl-1'), ...ranges(2)] }, stack);
    Template.fromStack(stack);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('61 inbound rules')).length).toBe(1);
  });
});

describe('what is refused', () => {
  test('a side that does not admit CloudFront', () => {
    expect(errorsOf(() => internal({ peers: [Peer.ipv4('10.0.0.0/16')] }).side.cloudFrontOrigin())).toBe(
      '`peers` must contain the addresses of CloudFront before the side is an origin of a distribution, got ["10.0.0.0/16"]; add ' +
        '`CloudFrontPrefixList.fromLookup(this)` [CloudFrontNotAdmitted at S/Gateway/Internal]',
    );
  });

  test('a prefix list by ID, or the group of the VPC origins, is accepted', () => {
    const stack = newStack();
    const group = SecurityGroup.fromSecurityGroupId(stack, 'CloudFront', 'sg-12345678');
    expect(errorsOf(() => internal({ peers: [group] }, stack).side.cloudFrontOrigin())).toBe('none');
    expect(errorsOf(() => internal({ peers: [Peer.prefixList('pl-1')] }).side.cloudFrontOrigin())).toBe('none');
  });

  test('a network without an internet gateway', () => {
    const stack = newStack();
    const gateway = new DualAlbGateway(stack, 'Gateway', {
      network: MeshNetwork.fromVpc(vpcOf(stack, SubnetType.PRIVATE_ISOLATED)),
      internal: InternalSide.http({ peers: [LIST] }),
    });
    expect(() => gateway.internal.cloudFrontOrigin()).toThrow(
      '`network` must have an internet gateway, which VPC origins require although they do not use it, got "S/Vpc"; add a public subnet to ' +
        'the VPC, or set its `createInternetGateway` [VpcOriginNetwork at S/Gateway/Internal]',
    );
  });

  test.each(['Host', 'X-Amz-Id', 'two words', ''])('the header "%s"', (name) => {
    expect(errorsOf(() => internal().side.cloudFrontOrigin({ customHeaders: { [name]: 'a' } }))).toBe(
      '`customHeaders` must contain headers that CloudFront can add ' +
        '(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html), got ' +
        `"${name}"; choose a name of your own, such as "X-Origin-Verify" [OriginHeader at S/Gateway/Internal]`,
    );
  });

  test('what is no name', () => {
    expect(errorsOf(() => internal().side.cloudFrontOrigin({ domainName: 'https://www.example.com' }))).toContain(
      '[BadHostName at',
    );
  });

  test.each([
    ['readTimeout', 61, 60],
    ['keepaliveTimeout', 60, 59],
    ['readTimeout', 0, 60],
  ])('%s of %d seconds with an idle timeout of 60', (prop, seconds, most) => {
    expect(errorsOf(() => internal().side.cloudFrontOrigin({ [prop]: Duration.seconds(seconds) }))).toBe(
      `\`${prop}\` must be whole seconds from 1 to ${most}, got "${seconds} seconds"; choose a duration in that range ` +
        '[OriginTimeout at S/Gateway/Internal]',
    );
  });
});

describe('the Host header', () => {
  const synth = (given: Given, options?: GatewayOriginOptions, behavior?: Partial<BehaviorOptions>) =>
    errorsOf(() => Template.fromStack(distributed(given, options, behavior).stack));
  const ALL = { originRequestPolicy: OriginRequestPolicy.ALL_VIEWER };

  test('a certificate that cannot contain the name of the load balancer', () => {
    expect(synth({ https: true })).toContain(
      '`defaultBehavior` must forward `Host`, or the certificate of the load balancer does not contain the name that CloudFront expects (502); ' +
        'set `originRequestPolicy: OriginRequestPolicy.ALL_VIEWER` of the behavior, which forwards the header, or set `domainName` of the ' +
        'origin to a name in the certificate [OriginHostHeader]',
    );
  });

  test('routes that are all for other hosts', () => {
    expect(synth({ hosts: ['www.example.com'] })).toContain(
      '`defaultBehavior` must forward `Host`, or the load balancer answers 404, because each of its routes has other `hosts`, got ' +
        '"the DNS name of the load balancer"; set `originRequestPolicy: OriginRequestPolicy.ALL_VIEWER` of the behavior, which forwards the ' +
        'header, or set `domainName` of the origin to a host of a route [OriginHostHeader]',
    );
    expect(synth({ hosts: ['*.example.com'] }, { domainName: 'www.example.org' })).toContain('got "www.example.org"');
  });

  test.each<[string, Given, GatewayOriginOptions | undefined, Partial<BehaviorOptions>]>([
    ['the behavior forwards it', { https: true, hosts: ['www.example.com'] }, undefined, ALL],
    ['the name is in the certificate, and any host is served', { https: true }, { domainName: 'www.example.com' }, {}],
    ['the name is a host of a route', { hosts: ['*.example.com'] }, { domainName: 'www.example.com' }, {}],
    ['any host is served', {}, undefined, {}],
    ['a cache policy with the header', { hosts: ['a.example.com'] }, undefined, { cachePolicy: CachePolicy.AMPLIFY }],
  ])('%s', (_, given, options, behavior) => expect(synth(given, options, behavior)).toBe('none'));

  test('a policy that replaces it', () => {
    const behavior = {
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      cachePolicy: CachePolicy.CACHING_DISABLED,
    };
    expect(synth({ hosts: ['www.example.com'] }, undefined, behavior)).toContain('[OriginHostHeader]');
  });
});

describe('an internet-facing load balancer behind CloudFront', () => {
  function external(when?: RouteCondition[]) {
    const stack = newStack();
    const vpc = newVpc(stack);
    const gateway = new DualAlbGateway(stack, 'Gateway', {
      network: MeshNetwork.fromVpc(vpc),
      external: ExternalSide.https({ certificate: SideCertificate.given(newCertificate(stack)), peers: [LIST] }),
    });
    gateway.external.route('Web', { target: new RoutedService(stack, 'Web', { vpc }), when });
    const origin = gateway.external.cloudFrontOrigin({ domainName: 'www.example.com', customHeaders: { 'X-Edge': 'secret' } });
    new Distribution(stack, 'Cdn', { defaultBehavior: { origin } });
    return { stack, origin };
  }
  const warned = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('AnyDistribution')).length;

  test('a custom origin at its public address', () => {
    const { stack, origin } = external();
    expect(origin.vpcOrigin).toBeUndefined();
    expect(originOf(stack)).toMatchObject({
      DomainName: 'www.example.com',
      CustomOriginConfig: {
        OriginProtocolPolicy: 'https-only',
        OriginReadTimeout: 60,
        OriginKeepaliveTimeout: 5,
        OriginSSLProtocols: ['TLSv1.2'],
      },
    });
  });

  test('everyone can call it through a distribution of their own, unless a route requires a header', () => {
    expect(warned(external().stack)).toBe(1);
    expect(warned(external([RouteCondition.header('X-Edge', ['secret'])]).stack)).toBe(0);
    expect(warned(internal().stack)).toBe(0);
  });
});

describe('what reads the template', () => {
  test('the picture: users, CloudFront, the load balancer', () => {
    const { connections, components } = JSON.parse(TopologyDiagram.of(distributed().stack).toJson());
    expect(connections).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ client: 'Internet', server: 'S/Cdn', port: 443 }),
        expect.objectContaining({ client: 'S/Cdn', server: 'S/Gateway/Internal', port: 80 }),
      ]),
    );
    expect(components).toContainEqual(expect.objectContaining({ id: 'S/Cdn', kind: 'distribution', zone: 'internet' }));
  });

  test('the proof: the internet reaches the tasks through the distribution only', () => {
    const proof = Reachability.of(distributed().stack);
    expect(proof.path(Reachability.INTERNET, 'S/Web', 8080).map(({ to }) => to)).toEqual([
      'S/Cdn',
      'S/Gateway/Internal/LoadBalancer',
      'S/Web/Service',
    ]);
    expect(Reachability.of(internal().stack).path(Reachability.INTERNET, 'S/Web', 8080)).toEqual([]);
  });

  test('the costs: requests and traffic of CloudFront; a VPC origin is free', () => {
    const { stack } = distributed();
    const report = CostReport.fromAssembly((stack.node.root as App).synth().directory);
    const lines = report.lines.filter(({ resourceType }) => resourceType.startsWith('AWS::CloudFront'));
    expect(lines.map(({ item, quantity, unitPrice }) => `${item}: ${quantity} x ${unitPrice}`)).toEqual([
      'requests over HTTPS: 1 x 1.2',
      'traffic to viewers: 10 x 0.085',
    ]);
    expect(report.unknownTypes).toEqual([]);
  });
});
