import { App, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Peer, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { arrange, attributes, LOAD_BALANCER, newCertificate, newStack, newVpc, render, vpcOf } from './fixtures';
import { TopologyRecord } from '../../src/core/topology-record';
import { AccessLogs } from '../../src/gateway/access-logs';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { ExternalSide } from '../../src/gateway/external-side';
import { InternalSide } from '../../src/gateway/internal-side';
import { SideCertificate } from '../../src/gateway/side-certificate';
import { Waf } from '../../src/gateway/waf';
import { MeshNetwork } from '../../src/mesh/mesh-network';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const recommendedFlags = jest.requireActual('aws-cdk-lib/recommended-feature-flags.json') as Record<string, unknown>;

describe('sides', () => {
  const network = (stack = newStack()) => MeshNetwork.fromVpc(newVpc(stack));
  const missing = (side: string, fix: string) =>
    new Error(`\`${side}\` must be given to the gateway before it is used; ${fix} [GatewaySideMissing at S/Gateway]`);
  const secure = 'set `external: ExternalSide.https({ certificate })`, or `ExternalSide.http()` for plain HTTP';

  test.each([
    ['external', 'internet-facing', { external: ExternalSide.http() }],
    ['internal', 'internal', { internal: InternalSide.http() }],
  ] as const)('a gateway with the %s side alone has one load balancer', (name, scheme, sides) => {
    const stack = newStack();
    const gateway = new DualAlbGateway(stack, 'Gateway', { network: network(stack), ...sides });
    expect(gateway[name]).toBe(gateway.node.findChild(name === 'external' ? 'External' : 'Internal'));
    const template = Template.fromStack(stack);
    template.resourceCountIs(LOAD_BALANCER, 1);
    template.hasResourceProperties(LOAD_BALANCER, { Scheme: scheme });
  });

  test('a side that was not given cannot be read, and reading it makes none', () => {
    const stack = newStack();
    const outside = new DualAlbGateway(stack, 'Gateway', { network: network(stack), external: ExternalSide.http() });
    expect(() => outside.internal).toThrow(missing('internal', 'set `internal: InternalSide.http()`'));
    Template.fromStack(stack).resourceCountIs(LOAD_BALANCER, 1);
    const other = newStack();
    const inside = new DualAlbGateway(other, 'Gateway', { network: network(other), internal: InternalSide.http() });
    expect(() => inside.external).toThrow(missing('external', secure));
  });

  test('a gateway without any side is refused', () => {
    const stack = newStack();
    expect(() => new DualAlbGateway(stack, 'Gateway', { network: network(stack) })).toThrow(
      new Error(
        `\`external\` must be specified, or \`internal\`, because a gateway has no other sides; ${secure} [GatewaySideMissing at S/Gateway]`,
      ),
    );
  });

  test('an internal gateway needs neither certificate nor public subnets', () => {
    const stack = newStack();
    const vpc = vpcOf(stack, SubnetType.PRIVATE_ISOLATED);
    const { internal } = new DualAlbGateway(stack, 'Gateway', {
      network: MeshNetwork.fromVpc(vpc),
      internal: InternalSide.http(),
    });
    expect(stack.resolve(internal.url)).toEqual({
      'Fn::Join': ['', ['http://', { 'Fn::GetAtt': ['GatewayInternalLoadBalancer0CAA257F', 'DNSName'] }]],
    });
  });

  test('what was decided is readable', () => {
    const { gateway } = arrange();
    expect(gateway.removalPolicy).toBe(RemovalPolicy.RETAIN);
    expect(gateway.external.url).toMatch(/^https:/);
    expect(gateway.external.listener.port).toBe(443);
    expect(gateway.external.certificate).toBe(gateway.node.scope!.node.findChild('Certificate'));
    expect(gateway.internal.listener.port).toBe(80);
    expect(gateway.internal.webAcl).toBeUndefined();
    expect(gateway.accessLogBucket).toBeInstanceOf(Bucket);
  });
});

describe('load balancers', () => {
  const EXPECTED = {
    'deletion_protection.enabled': 'true',
    'load_balancing.cross_zone.enabled': 'true',
    'routing.http2.enabled': 'true',
    'idle_timeout.timeout_seconds': '60',
    'client_keep_alive.seconds': '3600',
    'routing.http.drop_invalid_header_fields.enabled': 'true',
    'routing.http.desync_mitigation_mode': 'defensive',
    'routing.http.xff_header_processing.mode': 'append',
    'routing.http.preserve_host_header.enabled': 'false',
    'routing.http.xff_client_port.enabled': 'false',
    'waf.fail_open.enabled': 'false',
    'access_logs.s3.enabled': 'true',
    'access_logs.s3.bucket': { Ref: 'GatewayAccessLogBucket071F9104' },
  };

  test.each([
    ['internet-facing', 'external', ['VpcPublicSubnet1Subnet5C2D37C4', 'VpcPublicSubnet2Subnet691E08A3']],
    ['internal', 'internal', ['VpcPrivateSubnet1Subnet536B997A', 'VpcPrivateSubnet2Subnet3788AAA1']],
  ])('%s: every attribute is explicit, one subnet per zone', (scheme, prefix, subnets) => {
    const template = render();
    expect(attributes(template, scheme)).toEqual({ ...EXPECTED, 'access_logs.s3.prefix': prefix });
    template.hasResourceProperties(LOAD_BALANCER, {
      Scheme: scheme,
      IpAddressType: 'ipv4',
      Name: Match.absent(),
      Subnets: subnets.map((subnet) => ({ Ref: subnet })),
    });
  });

  test('a network with two private groups gives one subnet per zone', () => {
    const stack = newStack();
    const subnetConfiguration = ['App', 'Data'].map((name) => ({ name, subnetType: SubnetType.PRIVATE_ISOLATED }));
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration });
    new DualAlbGateway(stack, 'Gateway', { network: MeshNetwork.fromVpc(vpc), internal: InternalSide.http() });
    const [found] = Object.values(Template.fromStack(stack).findResources(LOAD_BALANCER));
    expect(found.Properties.Subnets).toHaveLength(2);
  });

  test('the external listeners: HTTPS with the default policy, and a permanent redirect', () => {
    const template = render();
    template.hasResourceProperties(LISTENER, {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
      Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/0' }],
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
    });
    template.hasResourceProperties(LISTENER, {
      Port: 80,
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
    });
    template.resourceCountIs(LISTENER, 3);
  });

  test('the internal listener: HTTP, 404 for what no route takes', () => {
    render().hasResourceProperties(LISTENER, {
      LoadBalancerArn: { Ref: 'GatewayInternalLoadBalancer0CAA257F' },
      Port: 80,
      Protocol: 'HTTP',
      SslPolicy: Match.absent(),
      Certificates: Match.absent(),
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
    });
  });

  test('plain HTTP outside: one listener, the same construct id, and a warning', () => {
    const stack = newStack();
    const template = render({ http: {} }, stack);
    template.resourceCountIs(LISTENER, 2);
    expect(template.findResources(LISTENER)).toHaveProperty('GatewayExternalLoadBalancerPort80F5447B48');
    expect(Object.values(template.findResources('AWS::EC2::SecurityGroup'))[0].Properties.SecurityGroupIngress).toHaveLength(1);
    Annotations.fromStack(stack).hasWarning(
      '/S/Gateway',
      'The external side uses plain HTTP: requests and responses can be read and modified in transit. Use `ExternalSide.https({ certificate })`. [ack: cdk-ecs-mesh:PlainHttp]',
    );
  });

  test('no warning for HTTPS', () => {
    const stack = newStack();
    render({}, stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('security groups', () => {
  test('the external one lets the world in on the listener ports, IPv4 only, and nothing out', () => {
    render().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'External ALB of S/Gateway',
      SecurityGroupIngress: [
        { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: 'Anyone' },
        { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 80, ToPort: 80, Description: 'Anyone, sent on to HTTPS' },
      ],
      SecurityGroupEgress: Match.absent(), // the rule to the target is a resource of its own
    });
  });

  test('T9: the internal one lets nobody in by itself', () => {
    const { stack, gateway } = arrange();
    expect(gateway.internal.listener).toBeDefined();
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Internal ALB of S/Gateway',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  test('T9: explicit peers get in on the port of the listener', () => {
    const { stack, gateway, target } = arrange();
    gateway.internal.connections.allowDefaultPortFrom(target);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::GetAtt': ['GatewayInternalSecurityGroup5BE75951', 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': ['WebSecurityGroupF444D504', 'GroupId'] },
      FromPort: 80,
      ToPort: 80,
    });
  });
});

test('all props', () => {
  const stack = newStack();
  const vpc = newVpc(stack);
  const template = render(
    {
      vpc,
      external: {
        certificate: SideCertificate.given(newCertificate(stack)),
        peers: [Peer.ipv4('203.0.113.0/24')],
        subnets: { subnetType: SubnetType.PUBLIC, availabilityZones: vpc.availabilityZones },
        loadBalancerName: 'edge',
        zone: new HostedZone(stack, 'Public', { zoneName: 'example.com' }),
        waf: Waf.managedRules({ rateLimit: 500, countedRules: ['SizeRestrictions_BODY'], logRetention: RetentionDays.ONE_YEAR }),
        sslPolicy: SslPolicy.TLS13_13_PQ,
      },
      internal: {
        loadBalancerName: 'ipgeolocation-srv-discovery',
        zone: new PrivateHostedZone(stack, 'Private', { vpc, zoneName: 'nidhin.local' }),
      },
      accessLogs: AccessLogs.managedBucket({ expiration: Duration.days(30) }),
      idleTimeout: Duration.seconds(120),
      removalPolicy: RemovalPolicy.DESTROY,
    },
    stack,
  );
  template.hasResourceProperties(LOAD_BALANCER, { Scheme: 'internet-facing', Name: 'edge' });
  template.hasResourceProperties(LOAD_BALANCER, { Scheme: 'internal', Name: 'ipgeolocation-srv-discovery' });
  template.hasResourceProperties(LISTENER, { SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09' });
  expect(attributes(template, 'internal')).toMatchObject({ 'idle_timeout.timeout_seconds': '120' });
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 30 })] },
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  template.hasResourceProperties('AWS::WAFv2::WebACL', {
    Rules: Match.arrayWith([Match.objectLike({ Statement: { RateBasedStatement: Match.objectLike({ Limit: 500 }) } })]),
  });
});

describe('removal', () => {
  test('T24: DESTROY lets everything go with the stack', () => {
    const template = render({ removalPolicy: RemovalPolicy.DESTROY });
    for (const scheme of ['internal', 'internet-facing']) {
      expect(attributes(template, scheme)['deletion_protection.enabled']).toBe('false');
    }
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('T24: otherwise logs stay, except after a first deployment that failed', () => {
    const template = render();
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });
});

describe('the record for the picture', () => {
  test('users, load balancers, and who they call', () => {
    const stack = newStack();
    const vpc = newVpc(stack);
    const privateZone = new PrivateHostedZone(stack, 'Zone', { vpc, zoneName: 'nidhin.local' });
    const { gateway, target } = arrange({ vpc, internal: { zone: privateZone } }, stack);
    gateway.external.route('Web', { target });
    gateway.internal.route('Api', { target, recordName: 'api' });
    const record = TopologyRecord.of(stack);
    expect(record.components).toEqual([
      {
        id: 'S/Gateway/External',
        kind: 'load-balancer',
        label: 'External ALB',
        details: ['HTTPS :443, redirect :80', 'WAF: managed rules'],
        publicFacing: true,
      },
      { id: 'Internet', kind: 'internet', label: 'Users' },
      {
        id: 'S/Gateway/Internal',
        kind: 'load-balancer',
        label: 'Internal ALB',
        details: ['HTTP :80', 'api.nidhin.local'],
        publicFacing: false,
      },
      { id: 'S/Web', kind: 'service', label: 'web', details: ['Fargate', '1 task'] },
    ]);
    expect(record.connections).toEqual([
      { client: 'Internet', server: 'S/Gateway/External', protocol: 'https', port: 443 },
      { client: 'Internet', server: 'S/Gateway/External', protocol: 'http', port: 80 },
      { client: 'S/Gateway/External', server: 'S/Web', protocol: 'http', port: 8080 },
      { client: 'S/Gateway/Internal', server: 'S/Web', protocol: 'http', port: 8080 },
    ]);
    expect(record.pathBetween('Internet', 'S/Web')).toEqual(['Internet', 'S/Gateway/External', 'S/Web']);
  });
});

describe('checks', () => {
  test.each([
    ['the defaults', {}],
    ['development mode', { removalPolicy: RemovalPolicy.DESTROY }],
  ])('AwsSolutions has no finding in %s', (_, props) => {
    const stack = newStack();
    render(props, stack);
    const app = stack.node.root as App;
    app.synth();
    const { violations } = new AwsSolutionsChecks().validateScope(app);
    const findings = violations.flatMap((rule) =>
      rule.violatingResources.map((resource) => `${rule.ruleName} ${resource.constructPath}`),
    );
    expect(findings).toEqual(['AwsSolutions-VPC7 S/Vpc/Resource']); // the network of this test has no flow logs
  });

  test('feature flags change nothing but the spelling of ARNs and the grouping of policy statements', () => {
    const spelling = ['@aws-cdk/core:enablePartitionLiterals', '@aws-cdk/aws-iam:minimizePolicies'];
    const context = Object.fromEntries(Object.entries(recommendedFlags).filter(([flag]) => !spelling.includes(flag)));
    const own = (template: Template) =>
      Object.fromEntries(Object.entries(template.toJSON().Resources as object).filter(([id]) => /^Gateway|^WebRoutes/.test(id)));
    const flagged = newStack('S', undefined, new App({ context }));
    expect(own(render({}, flagged))).toEqual(own(render()));
  });
});
