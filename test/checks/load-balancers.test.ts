import {
  att,
  behindLoadBalancer,
  from,
  group,
  inGroups,
  judge,
  loadBalancer,
  ref,
  Resources,
  service,
  task,
  UNKNOWN,
} from './judge';
import { accessLogBucketWithKms } from '../../src/checks/private/rules/access-log-bucket-with-kms';
import { fixedHealthCheckPort } from '../../src/checks/private/rules/fixed-health-check-port';
import { internalLoadBalancerOpen } from '../../src/checks/private/rules/internal-load-balancer-open';
import { loadBalancerCannotReachHosts } from '../../src/checks/private/rules/load-balancer-cannot-reach-hosts';
import { loadBalancerCannotReachTasks } from '../../src/checks/private/rules/load-balancer-cannot-reach-tasks';
import { networkLoadBalancerAdmitsNobody } from '../../src/checks/private/rules/network-load-balancer-admits-nobody';
import { slowDeregistration } from '../../src/checks/private/rules/slow-deregistration';
import { vpcOriginNotAdmitted } from '../../src/checks/private/rules/vpc-origin-not-admitted';
import { webAclBlocksServices } from '../../src/checks/private/rules/web-acl-blocks-services';

interface Hosts {
  readonly ingress?: object[];
  readonly mode?: string;
  readonly hostPort?: unknown;
  readonly hostGroup?: unknown;
  readonly targets?: object;
}

/** A service on hosts of a capacity provider, behind a load balancer. */
function onHosts({ ingress = [], mode = 'bridge', hostPort = 0, hostGroup = att('HostGroup', 'GroupId'), targets }: Hosts) {
  return {
    ...loadBalancer({}, targets),
    LbGroup: group(),
    HostGroup: group(...ingress),
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { SecurityGroupIds: [hostGroup] } },
    },
    Asg: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: { LaunchTemplate: { LaunchTemplateId: ref('Template'), Version: '1' } },
    },
    Provider: {
      Type: 'AWS::ECS::CapacityProvider',
      Properties: { AutoScalingGroupProvider: { AutoScalingGroupArn: ref('Asg') } },
    },
    Task: task({ PortMappings: [{ ContainerPort: 8080, HostPort: hostPort }] }, { NetworkMode: mode }),
    Api: service({ CapacityProviderStrategy: [{ CapacityProvider: ref('Provider') }], ...behindLoadBalancer() }),
  } satisfies Resources;
}

judge(loadBalancerCannotReachHosts, {
  'dynamic ports are open': ['compliant', onHosts({ ingress: [from('LbGroup', 32768, 65535)] })],
  'a fixed port is open': ['compliant', onHosts({ hostPort: 80, ingress: [from('LbGroup', 80)] })],
  'nothing is open': ['wrong', onHosts({})],
  'some dynamic ports are open': ['wrong', onHosts({ ingress: [from('LbGroup', 49153, 65535)] })],
  'another fixed port is open': ['wrong', onHosts({ hostPort: 80, ingress: [from('LbGroup', 8080)] })],
  'host mode, the port is closed': ['wrong', onHosts({ mode: 'host', ingress: [from('LbGroup', 80)] })],
  'the port is known at deployment': ['not applicable', onHosts({ hostPort: UNKNOWN })],
  'the group of the hosts is not in the app': ['not applicable', onHosts({ hostGroup: UNKNOWN })],
  'tasks have addresses of their own': ['not applicable', onHosts({ mode: 'awsvpc' })],
});

judge(fixedHealthCheckPort, {
  'no port said': ['compliant', onHosts({})],
  'the port of the task': ['compliant', onHosts({ targets: { HealthCheckPort: 'traffic-port' } })],
  'a fixed one': ['wrong', onHosts({ targets: { HealthCheckPort: '8080' } })],
  'a fixed one of a fixed port': ['not applicable', onHosts({ hostPort: 8080, targets: { HealthCheckPort: '8080' } })],
});

judge(internalLoadBalancerOpen, {
  'admits a network': ['compliant', { ...loadBalancer({ Scheme: 'internal' }), LbGroup: group(from('10.0.0.0/16', 80)) }],
  'admits everybody': ['wrong', { ...loadBalancer({ Scheme: 'internal' }), LbGroup: group(from('0.0.0.0/0', 80)) }],
  'admits everybody by IPv6': [
    'wrong',
    { ...loadBalancer({ Scheme: 'internal' }), LbGroup: group({ IpProtocol: '-1', CidrIpv6: '::/0' }) },
  ],
  'faces the internet': ['not applicable', { ...loadBalancer(), LbGroup: group(from('0.0.0.0/0', 80)) }],
  'its group is not in the app': ['not applicable', loadBalancer({ Scheme: 'internal', SecurityGroups: ['sg-0'] })],
});

const logging = (algorithm: string | undefined, enabled = 'true'): Resources => ({
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }],
      },
    },
  },
  ...loadBalancer({
    LoadBalancerAttributes: [
      { Key: 'access_logs.s3.enabled', Value: enabled },
      { Key: 'access_logs.s3.bucket', Value: ref('Bucket') },
    ],
  }),
});

judge(accessLogBucketWithKms, {
  'SSE-S3': ['compliant', logging('AES256')],
  KMS: ['wrong', logging('aws:kms')],
  'both layers of KMS': ['wrong', logging('aws:kms:dsse')],
  'no logs': ['not applicable', logging('aws:kms', 'false')],
});

const delay = (seconds?: unknown): object =>
  seconds === undefined ? {} : { TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: seconds }] };
const withDelay = (seconds?: unknown): Resources => ({
  ...loadBalancer({}, delay(seconds)),
  Task: task(),
  Api: service(behindLoadBalancer()),
});

judge(slowDeregistration, {
  '60 seconds': ['compliant', withDelay('60')],
  '61 seconds': ['wrong', withDelay('61')],
  'the default of 300 seconds': ['wrong', withDelay()],
  'known at deployment': ['not applicable', withDelay(UNKNOWN)],
  'no service in the group': ['not applicable', loadBalancer()],
});

const network = (ingress: object[], properties: object = {}): Resources => ({
  ...loadBalancer({ Type: 'network', ...properties }, {}, { Port: 6379, Protocol: 'TCP' }),
  LbGroup: group(...ingress),
});

judge(networkLoadBalancerAdmitsNobody, {
  'the port is open to a group': ['compliant', network([from('LbGroup', 6379)])],
  'every protocol is open': ['compliant', network([{ IpProtocol: '-1', CidrIp: '10.0.0.0/16' }])],
  'nothing is open': ['wrong', network([])],
  'another port is open': ['wrong', network([from('LbGroup', 6380)])],
  'no security group': ['not applicable', network([], { SecurityGroups: undefined })],
  'an Application Load Balancer': ['not applicable', network([], { Type: 'application' })],
});

const CLOUD_FRONT = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, SourcePrefixListId: 'pl-1' };
const vpcOrigin = (
  ingress: object[],
  config: object = { OriginProtocolPolicy: 'http-only' },
  properties: object = {},
): Resources => ({
  ...loadBalancer({ Scheme: 'internal', ...properties }),
  LbGroup: group(...ingress),
  TaskGroup: group(),
  Origin: {
    Type: 'AWS::CloudFront::VpcOrigin',
    Properties: { VpcOriginEndpointConfig: { Arn: ref('Lb'), Name: 'origin', ...config } },
  },
});
judge(vpcOriginNotAdmitted, {
  'a prefix list': ['compliant', vpcOrigin([CLOUD_FRONT])],
  'a group that the app does not create': [
    'compliant',
    vpcOrigin([{ ...CLOUD_FRONT, SourcePrefixListId: undefined, SourceSecurityGroupId: 'sg-1' }]),
  ],
  nothing: ['wrong', vpcOrigin([])],
  'a group of the app': ['wrong', vpcOrigin([from('TaskGroup', 80)])],
  'the range of the network': ['wrong', vpcOrigin([from('10.0.0.0/16', 80)])],
  'another port': ['wrong', vpcOrigin([CLOUD_FRONT], { OriginProtocolPolicy: 'https-only' })],
  'both protocols, of which one is open': ['wrong', vpcOrigin([CLOUD_FRONT], {})],
  'a port of its own': ['compliant', vpcOrigin([CLOUD_FRONT], { OriginProtocolPolicy: 'https-only', HTTPSPort: 80 })],
  'no security group': ['not applicable', vpcOrigin([], {}, { SecurityGroups: undefined })],
});

const toTasks = (ingress: object[], groups: unknown[] = ['TaskGroup'], properties: object = {}): Resources => ({
  ...network([], properties),
  TaskGroup: group(...ingress),
  Task: task(),
  Redis: service({ ...behindLoadBalancer(6379), ...inGroups(...groups) }),
});

judge(loadBalancerCannotReachTasks, {
  'the load balancer is admitted': ['compliant', toTasks([from('LbGroup', 6379)])],
  'nothing is admitted': ['wrong', toTasks([])],
  'only the tasks themselves are': ['wrong', toTasks([from('TaskGroup', 6379)])],
  'the load balancer has no group': ['not applicable', toTasks([], ['TaskGroup'], { SecurityGroups: undefined })],
  'a group of the tasks is not in the app': ['not applicable', toTasks([], ['TaskGroup', UNKNOWN])],
});

const count = (...names: string[]) => answer('Count', names);
const answer = (action: string, names = ['NoUserAgent_HEADER', 'SizeRestrictions_BODY']) => ({
  RuleActionOverrides: names.map((Name) => ({ Name, ActionToUse: { [action]: {} } })),
});

/** A web ACL in front of a load balancer, with the common rule set in it. */
const guarded = (managed: object = {}, rule: object = {}, scheme = 'internal', webAcl: unknown = att('Acl')): Resources => ({
  ...loadBalancer({ Scheme: scheme }),
  Acl: {
    Type: 'AWS::WAFv2::WebACL',
    Properties: {
      Rules: [
        { Statement: { RateBasedStatement: { Limit: 100 } }, Action: { Block: {} } },
        {
          OverrideAction: { None: {} },
          Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet', ...managed } },
          ...rule,
        },
      ],
    },
  },
  Association: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: ref('Lb'), WebACLArn: webAcl } },
});

describe('T30: a web ACL that blocks services', () => {
  judge(webAclBlocksServices, {
    'both rules count': ['compliant', guarded(count('NoUserAgent_HEADER', 'SizeRestrictions_BODY', 'GenericRFI_BODY'))],
    'both rules are excluded': [
      'compliant',
      guarded({ ExcludedRules: [{ Name: 'NoUserAgent_HEADER' }, { Name: 'SizeRestrictions_BODY' }] }),
    ],
    'the whole group counts': ['compliant', guarded({}, { OverrideAction: { Count: {} } })],
    'every rule blocks': ['wrong', guarded()],
    'requests without User-Agent are blocked': ['wrong', guarded(count('SizeRestrictions_BODY'))],
    'large bodies are blocked': ['wrong', guarded(count('NoUserAgent_HEADER'))],
    'both rules are allowed': ['compliant', guarded(answer('Allow'))],
    'blocked on purpose': ['wrong', guarded(answer('Block'))],
    'asked for a CAPTCHA': ['wrong', guarded(answer('Captcha'))],
    'asked for a challenge': ['wrong', guarded(answer('Challenge'))],
    'faces the internet': ['not applicable', guarded({}, {}, 'internet-facing')],
    'behind CloudFront': [
      'not applicable',
      {
        ...guarded(),
        Origin: { Type: 'AWS::CloudFront::VpcOrigin', Properties: { VpcOriginEndpointConfig: { Arn: ref('Lb'), Name: 'origin' } } },
      },
    ],
    'for some requests only': ['not applicable', guarded({ ScopeDownStatement: { GeoMatchStatement: { CountryCodes: ['DE'] } } })],
    'another group': ['not applicable', guarded({ Name: 'AWSManagedRulesLinuxRuleSet' })],
    'a web ACL from elsewhere': [
      'not applicable',
      guarded({}, {}, 'internal', 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b'),
    ],
  });
});
