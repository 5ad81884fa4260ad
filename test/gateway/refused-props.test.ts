import { App, Duration, Stack } from 'aws-cdk-lib';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationProtocol, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { arrange, newCertificate, newStack, newVpc, vpcOf } from './fixtures';
import { AccessLogs } from '../../src/gateway/access-logs';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { DualAlbGatewayProps } from '../../src/gateway/dual-alb-gateway-props';
import { Waf } from '../../src/gateway/waf';

describe('refused', () => {
  const name = (value: string, prop = 'externalName') =>
    `\`${prop}\` must be 1 to 32 letters, digits and inner hyphens, and not start with \`internal-\`, got "${value}"; ` +
    'choose such a name, or leave it out for CloudFormation to make one [LoadBalancerName at S/Gateway]';
  const withHttp = (prop: string) =>
    `\`${prop}\` must be left out with \`externalProtocol: HTTP\`, which has no use for it; ` +
    `leave out \`externalProtocol\` to serve HTTPS, or \`${prop}\` [HttpWithTlsProps at S/Gateway]`;
  const idle = (got: string) =>
    `\`idleTimeout\` must be whole seconds from 1 to 4000, got "${got} seconds"; choose a duration in that range [IdleTimeout at S/Gateway]`;
  const rate = (got: number) =>
    `\`waf.rateLimit\` must be a whole number from 10 to 2000000000, got ${got}; choose a value in that range [WafRateLimit at S/Gateway]`;
  const certificateMissing =
    '`certificate` must be set for the external side to speak HTTPS; pass an ACM certificate of this region, or set ' +
    '`domainNames` and `publicZone` to have one requested, or ' +
    '`externalProtocol: ApplicationProtocol.HTTP` to serve plain HTTP on purpose [CertificateMissing at S/Gateway]';
  const zones = (kind: string, got: string[]) =>
    `\`vpc\` must have ${kind} subnets in at least two Availability Zones, as a load balancer needs them, got ${JSON.stringify(got)}; ` +
    `add ${kind} subnets, with \`maxAzs\` of at least 2`;

  const cases: [string, (stack: Stack) => Partial<DualAlbGatewayProps>, string][] = [
    [
      'HTTPS asked for without certificate',
      () => ({ certificate: undefined, externalProtocol: ApplicationProtocol.HTTPS }),
      certificateMissing,
    ],
    [
      'HTTP with a certificate',
      (s) => ({ certificate: newCertificate(s), externalProtocol: ApplicationProtocol.HTTP }),
      withHttp('certificate'),
    ],
    [
      'HTTP with a TLS policy',
      () => ({ sslPolicy: SslPolicy.TLS13_13, externalProtocol: ApplicationProtocol.HTTP }),
      withHttp('sslPolicy'),
    ],
    [
      'a certificate of another region',
      (s) => ({ certificate: newCertificate(s, 'us-east-1') }),
      '`certificate` must be issued in eu-west-1, the region of the load balancer, got ' +
        '"arn:aws:acm:us-east-1:111111111111:certificate/0"; request the certificate in eu-west-1 [CertificateRegion at S/Gateway]',
    ],
    ['a long name', () => ({ externalName: 'a'.repeat(33) }), name('a'.repeat(33))],
    ['a name of other characters', () => ({ externalName: 'a_b' }), name('a_b')],
    ['a name with a hyphen at the end', () => ({ internalName: 'a-' }), name('a-', 'internalName')],
    ['a reserved name', () => ({ internalName: 'internal-api' }), name('internal-api', 'internalName')],
    [
      'one name twice',
      () => ({ externalName: 'edge', internalName: 'edge' }),
      '`internalName` must differ from `externalName`, since names are unique in account and region, got "edge"; ' +
        'choose another name for one of the two [LoadBalancerName at S/Gateway]',
    ],
    ['no idle timeout', () => ({ idleTimeout: Duration.seconds(0) }), idle('0')],
    ['a long idle timeout', () => ({ idleTimeout: Duration.seconds(4001) }), idle('4001')],
    ['a fraction of a second', () => ({ idleTimeout: Duration.millis(1500) }), idle('1.5')],
    ['a low rate limit', () => ({ waf: Waf.managedRules({ rateLimit: 9 }) }), rate(9)],
    ['a high rate limit', () => ({ waf: Waf.managedRules({ rateLimit: 2_000_000_001 }) }), rate(2_000_000_001)],
    [
      'a rule name that is none',
      () => ({ waf: Waf.managedRules({ countedRules: ['NoUserAgent_HEADER', 'Size Restrictions'] }) }),
      '`waf.countedRules` must hold names of rules: letters, digits, `_` and `-`, got "Size Restrictions"; ' +
        'copy the name from the list of AWSManagedRulesCommonRuleSet, as in "SizeRestrictions_BODY" [WafCountedRule at S/Gateway]',
    ],
    [
      'a rule name of the internal side that is none',
      () => ({ waf: Waf.managedRules({ internalCountedRules: [''] }) }),
      '`waf.internalCountedRules` must hold names of rules: letters, digits, `_` and `-`, got ""; ' +
        'copy the name from the list of AWSManagedRulesCommonRuleSet, as in "SizeRestrictions_BODY" [WafCountedRule at S/Gateway]',
    ],
    [
      'a global web ACL',
      () => ({ waf: Waf.fromArn('arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0') }),
      '`waf` must have the ARN of a regional WAFv2 web ACL, got "arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0"; ' +
        'copy it from the WAF console; a web ACL for CloudFront (global) cannot protect a load balancer [WafArn at S/Gateway]',
    ],
    [
      'DT-75: a log bucket of another region, imported',
      (s) => ({
        accessLogs: AccessLogs.bucket(Bucket.fromBucketAttributes(s, 'Logs', { bucketName: 'logs', region: 'us-east-1' })),
      }),
      '`accessLogs` must go to a bucket in eu-west-1, the region of the load balancers, and S/Logs is in another, got "us-east-1"; ' +
        'use a bucket of that region, or `AccessLogs.managedBucket()`; replicate it for a copy elsewhere [AccessLogsBucketRegion at S/Gateway]',
    ],
    [
      'DT-75: a log bucket of another region, in a stack of the app',
      (s) => {
        const other = new Stack(s.node.root as App, 'Other', { env: { region: 'us-east-1' } });
        return { accessLogs: AccessLogs.bucket(new Bucket(other, 'Logs', { bucketName: 'logs' })) };
      },
      '`accessLogs` must go to a bucket in eu-west-1, the region of the load balancers, and Other/Logs is in another, got "us-east-1"; ' +
        'use a bucket of that region, or `AccessLogs.managedBucket()`; replicate it for a copy elsewhere [AccessLogsBucketRegion at S/Gateway]',
    ],
    [
      'a log bucket with a key',
      (s) => ({ accessLogs: AccessLogs.bucket(new Bucket(s, 'Logs', { encryptionKey: new Key(s, 'Key') })) }),
      '`accessLogs` must go to a bucket without a KMS key, and S/Logs has one, with which load balancers cannot write; ' +
        'use a bucket with `BucketEncryption.S3_MANAGED`, or `AccessLogs.managedBucket()` [AccessLogsEncryption at S/Gateway]',
    ],
    [
      'a log prefix that S3 would read otherwise',
      (s) => ({ accessLogs: AccessLogs.bucket(new Bucket(s, 'Logs'), 'logs/') }),
      '`accessLogs` must have a prefix that neither starts nor ends with `/` and does not contain AWSLogs, got "logs/"; ' +
        'write a prefix such as "load-balancers/prod", or leave it out [AccessLogsPrefix at S/Gateway]',
    ],
  ];

  test.each(cases)('%s', (_, props, text) => {
    const stack = newStack();
    expect(() => arrange(props(stack), stack)).toThrow(new Error(text));
  });

  test('the external side without certificate, when it is used', () => {
    const stack = newStack();
    const gateway = new DualAlbGateway(stack, 'Gateway', { vpc: newVpc(stack) });
    expect(() => gateway.external.url).toThrow(new Error(certificateMissing));
  });

  test.each([
    ['external', 27, undefined],
    ['external', 28, 'External'],
    ['internal', 27, undefined],
    ['internal', 28, 'Internal'],
  ] as const)('DT-73: the %s side in subnets of /%d', (side, cidrMask, id) => {
    const stack = newStack();
    const subnetConfiguration = [SubnetType.PUBLIC, SubnetType.PRIVATE_ISOLATED].map((subnetType) => ({
      name: subnetType,
      subnetType,
      cidrMask,
    }));
    const vpc = new Vpc(stack, 'Small', { ipAddresses: IpAddresses.cidr('10.0.0.0/24'), natGateways: 0, subnetConfiguration });
    const ask = () => arrange({ vpc }, stack).gateway[side].url;
    if (!id) return expect(ask()).toBeDefined();
    expect(ask).toThrow(
      /`vpc` must have subnets of \/27 or larger for its load balancers, which need 8 free addresses in each, got \["10\.0\.0\.[^;]*; choose a larger range for the network or its subnets, such as "10\.0\.0\.0\/20" \[GatewaySubnetSize at S\/Gateway\/(Ext|Int)ernal\]/,
    );
  });

  test.each([
    ['external', SubnetType.PRIVATE_ISOLATED, 2, zones('public', []), 'External'],
    ['external', SubnetType.PUBLIC, 1, zones('public', ['dummy1a']), 'External'],
    ['internal', SubnetType.PUBLIC, 2, zones('private or isolated', []), 'Internal'],
    ['internal', SubnetType.PRIVATE_ISOLATED, 1, zones('private or isolated', ['dummy1a']), 'Internal'],
  ] as const)('the %s side in a network of %s subnets in %d zones', (side, subnetType, maxAzs, text, id) => {
    const stack = newStack();
    const { gateway } = arrange({ vpc: vpcOf(stack, subnetType, maxAzs) }, stack);
    expect(() => gateway[side].url).toThrow(new Error(`${text} [GatewaySubnets at S/Gateway/${id}]`));
  });
});

test.each([
  { externalName: 'a'.repeat(32) },
  { externalName: 'a' },
  { idleTimeout: Duration.seconds(1) },
  { idleTimeout: Duration.seconds(4000) },
  { waf: Waf.managedRules({ rateLimit: 10 }) },
  { waf: Waf.managedRules({ rateLimit: 2_000_000_000 }) },
])('just inside the limit: %j', (props) => {
  expect(() => arrange(props)).not.toThrow();
});
