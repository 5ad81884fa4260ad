import { App, Duration, Stack } from 'aws-cdk-lib';
import { IpAddresses, IVpc, Subnet, SubnetSelection, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { arrange, Given, newCertificate, newStack, newVpc, vpcOf } from './fixtures';
import { AccessLogs } from '../../src/gateway/access-logs';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { ExternalSide } from '../../src/gateway/external-side';
import { InternalSide } from '../../src/gateway/internal-side';
import { SideCertificate } from '../../src/gateway/side-certificate';
import { Waf } from '../../src/gateway/waf';
import { WafClientAddress } from '../../src/gateway/waf-client-address';
import { MeshNetwork } from '../../src/mesh/mesh-network';

describe('refused', () => {
  const name = (value: string, prop = 'external.loadBalancerName') =>
    `\`${prop}\` must be 1 to 32 letters, digits and inner hyphens, and not start with \`internal-\`, got "${value}"; ` +
    'choose such a name, or leave it out for a generated one [LoadBalancerName at S/Gateway]';
  const idle = (got: string) =>
    `\`idleTimeout\` must be whole seconds from 1 to 4000, got "${got} seconds"; choose a duration in that range [IdleTimeout at S/Gateway]`;
  const rate = (got: number) =>
    `\`external.waf.rateLimit\` must be a whole number from 10 to 2000000000, got ${got}; choose a value in that range [WafRateLimit at S/Gateway]`;
  const counted = (prop: string, got: string, fix: string) =>
    `\`external.waf.${prop}\` must contain names of rules of AWS managed rule groups (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html), got "${got}"; ${fix} [WafCountedRule at S/Gateway]`;
  const cases: [string, (stack: Stack) => Given, string][] = [
    [
      'a certificate of another region',
      (s) => ({ external: { certificate: SideCertificate.given(newCertificate(s, 'us-east-1')) } }),
      '`external.certificate` must be issued in eu-west-1, the region of the load balancer, got ' +
        '"arn:aws:acm:us-east-1:111111111111:certificate/0"; request the certificate in eu-west-1 [CertificateRegion at S/Gateway]',
    ],
    ['a long name', () => ({ external: { loadBalancerName: 'a'.repeat(33) } }), name('a'.repeat(33))],
    ['a name of other characters', () => ({ external: { loadBalancerName: 'a_b' } }), name('a_b')],
    ['a name with a hyphen at the end', () => ({ internal: { loadBalancerName: 'a-' } }), name('a-', 'internal.loadBalancerName')],
    [
      'a reserved name',
      () => ({ internal: { loadBalancerName: 'internal-api' } }),
      name('internal-api', 'internal.loadBalancerName'),
    ],
    [
      'one name twice',
      () => ({ external: { loadBalancerName: 'edge' }, internal: { loadBalancerName: 'edge' } }),
      '`internal.loadBalancerName` must differ from `external.loadBalancerName`, because names must be unique in the account and Region, got "edge"; ' +
        'choose another name for one of the two [LoadBalancerName at S/Gateway]',
    ],
    ['no idle timeout', () => ({ idleTimeout: Duration.seconds(0) }), idle('0')],
    ['a long idle timeout', () => ({ idleTimeout: Duration.seconds(4001) }), idle('4001')],
    ['a fraction of a second', () => ({ idleTimeout: Duration.millis(1500) }), idle('1.5')],
    ['a low rate limit', () => ({ external: { waf: Waf.managedRules({ rateLimit: 9 }) } }), rate(9)],
    ['a high rate limit', () => ({ external: { waf: Waf.managedRules({ rateLimit: 2_000_000_001 }) } }), rate(2_000_000_001)],
    [
      'a rule name that is none',
      () => ({ external: { waf: Waf.managedRules({ countedRules: ['NoUserAgent_HEADER', 'Size Restrictions'] }) } }),
      counted('countedRules', 'Size Restrictions', 'copy the name from that page, such as "SizeRestrictions_BODY"'),
    ],
    [
      'a rule name of the internal side that is none',
      () => ({ external: { waf: Waf.managedRules({ internalCountedRules: [''] }) } }),
      counted('internalCountedRules', '', 'copy the name from that page, such as "SizeRestrictions_BODY"'),
    ],
    [
      'PR-57: a rule that is almost one',
      () => ({ external: { waf: Waf.managedRules({ countedRules: ['SizeRestriction_Body'] }) } }),
      counted('countedRules', 'SizeRestriction_Body', 'did you mean "SizeRestrictions_BODY"?'),
    ],
    [
      'PR-57: a rule of a group that the web ACL does not have',
      () => ({ external: { waf: Waf.managedRules({ countedRules: ['SQLi_BODY'] }) } }),
      '`external.waf.countedRules` must contain rules of groups that the web ACL has, because the override of another one has no effect, got "SQLi_BODY"; ' +
        'add `ruleGroups: [WafRuleGroup.SQL_DATABASE]`, or leave the name out [WafCountedRule at S/Gateway]',
    ],
    [
      'PR-56: a header that is none',
      () => ({ external: { waf: Waf.managedRules({ clientAddress: WafClientAddress.forwarded('X Forwarded') }) } }),
      '`external.waf.clientAddress` must have the name of a header: 1 to 255 letters, digits and hyphens, got "X Forwarded"; ' +
        'write it as in `WafClientAddress.forwarded("X-Forwarded-For")` [WafHeaderName at S/Gateway]',
    ],
    [
      'a global web ACL',
      () => ({ external: { waf: Waf.fromArn('arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0') } }),
      '`external.waf` must have the ARN of a regional WAFv2 web ACL, got "arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0"; ' +
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

  test.each([
    ['external', 27],
    ['external', 28],
    ['internal', 27],
    ['internal', 28],
  ] as const)('DT-73: the %s side in subnets of /%d', (side, cidrMask) => {
    const stack = newStack();
    const subnetConfiguration = [SubnetType.PUBLIC, SubnetType.PRIVATE_ISOLATED].map((subnetType) => ({
      name: subnetType,
      subnetType,
      cidrMask,
    }));
    const vpc = new Vpc(stack, 'Small', { ipAddresses: IpAddresses.cidr('10.0.0.0/24'), natGateways: 0, subnetConfiguration });
    const ask = () => only(side, vpc);
    if (cidrMask === 27) return expect(ask).not.toThrow();
    expect(ask).toThrow(
      /`network` must have subnets of \/27 or larger for its load balancers, which need 8 free addresses in each, got \["10\.0\.0\.[^;]*; choose a larger range for the network or its subnets, such as "10\.0\.0\.0\/20" \[GatewaySubnetSize at S\/Gateway\]/,
    );
  });
});

/** A gateway with one side. */
function only(side: 'external' | 'internal', vpc: IVpc, subnets?: SubnetSelection): DualAlbGateway {
  const network = MeshNetwork.fromVpc(vpc);
  return new DualAlbGateway(Stack.of(vpc), 'Gateway', {
    network,
    ...(side === 'external' ? { external: ExternalSide.http({ subnets }) } : { internal: InternalSide.http({ subnets }) }),
  });
}

describe('refused subnets', () => {
  test.each([
    [
      'external',
      SubnetType.PRIVATE_ISOLATED,
      2,
      "have subnets for the external load balancer, and S/Vpc says: There are no 'Public' subnet groups in this VPC. " +
        'Available types: Isolated,Deprecated_Isolated; add such subnets to the VPC, or choose others with `external.subnets`',
    ],
    [
      'internal',
      SubnetType.PUBLIC,
      2,
      "have subnets for the internal load balancer, and S/Vpc says: There are no 'Isolated' subnet groups in this VPC. " +
        'Available types: Public; add such subnets to the VPC, or choose others with `internal.subnets`',
    ],
    [
      'external',
      SubnetType.PUBLIC,
      1,
      'have subnets for the external load balancer in at least two Availability Zones, got ["dummy1a"]; ' +
        'add subnets in another zone to the VPC (`maxAzs`), or choose others with `external.subnets`',
    ],
    [
      'internal',
      SubnetType.PRIVATE_ISOLATED,
      1,
      'have subnets for the internal load balancer in at least two Availability Zones, got ["dummy1a"]; ' +
        'add subnets in another zone to the VPC (`maxAzs`), or choose others with `internal.subnets`',
    ],
  ] as const)('the %s side in a network of %s subnets in %d zones', (side, subnetType, maxAzs, text) => {
    const vpc = vpcOf(newStack(), subnetType, maxAzs);
    expect(() => only(side, vpc)).toThrow(new Error(`\`network\` must ${text} [GatewaySubnets at S/Gateway]`));
  });

  const two = (kind: SubnetType) => {
    const subnetConfiguration = ['A', 'B'].map((name) => ({ name, subnetType: kind }));
    return new Vpc(newStack(), 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration });
  };

  test.each<[string, 'external' | 'internal', () => IVpc, SubnetSelection, string]>([
    [
      'two in a zone',
      'internal',
      () => two(SubnetType.PRIVATE_ISOLATED),
      { subnetType: SubnetType.PRIVATE_ISOLATED },
      'have one subnet in each Availability Zone, which is the maximum for a load balancer, ' +
        'got ["dummy1a","dummy1b","dummy1a","dummy1b"]; set `onePerAz: true` in the selection',
    ],
    [
      'a group that is not there',
      'internal',
      () => two(SubnetType.PRIVATE_ISOLATED),
      { subnetGroupName: 'C' },
      "have subnets for the internal load balancer, and S/Vpc says: There are no subnet groups with name 'C' in this VPC. " +
        'Available names: A,B; add such subnets to the VPC, or choose others with `internal.subnets`',
    ],
    [
      'private ones for clients from the internet',
      'external',
      () => two(SubnetType.PRIVATE_ISOLATED),
      { subnetGroupName: 'A' },
      'have public subnets for the external load balancer, whose clients call from the internet, ' +
        'got ["S/Vpc/ASubnet1","S/Vpc/ASubnet2"]; choose public subnets, or use the internal side for clients inside the network',
    ],
  ])('%s', (_, side, vpc, subnets, text) => {
    expect(() => only(side, vpc(), subnets)).toThrow(new Error(`\`${side}.subnets\` must ${text} [GatewaySubnets at S/Gateway]`));
  });

  test.each(['external', 'internal'] as const)('imported ones of which no zone is known are taken: %s', (side) => {
    const vpc = newVpc(newStack());
    const subnets = ['subnet-1', 'subnet-2'].map((id) => Subnet.fromSubnetId(vpc, id, id));
    expect(() => only(side, vpc, { subnets })).not.toThrow();
  });

  test.each(['external', 'internal'] as const)('a network that is still looked up is taken: %s', (side) => {
    const vpc = Vpc.fromLookup(newStack(), 'Vpc', { isDefault: true });
    expect(() => only(side, vpc)).not.toThrow();
  });
});

test.each([
  { external: { loadBalancerName: 'a'.repeat(32) } },
  { internal: { loadBalancerName: 'a' } },
  { idleTimeout: Duration.seconds(1) },
  { idleTimeout: Duration.seconds(4000) },
  { external: { waf: Waf.managedRules({ rateLimit: 10 }) } },
  { external: { waf: Waf.managedRules({ rateLimit: 2_000_000_000 }) } },
])('just inside the limit: %j', (props) => {
  expect(() => arrange(props)).not.toThrow();
});
