import { hourly, HOURS, monthly, LineItem, LineItemsOf, used } from './line-item';
import { Reading } from './reading';
import { shares, weeklyMinutes } from './week';
import { Resource } from '../../template/private/app-templates';

const natGateway: LineItemsOf = (_, { usage }) => [
  hourly('NAT gateway', 'nat-gateway/hour'),
  ...used('traffic', 'GB', 'nat-gateway/gb', usage.networkGb),
];

const loadBalancer: LineItemsOf = (resource, { read, usage }) => {
  const kind = read.text(resource.at('Type'), 'application') === 'network' ? 'nlb' : 'alb';
  const isPublic = read.text(resource.at('Scheme'), 'internet-facing') === 'internet-facing';
  const addresses = isPublic ? Math.max(2, read.list(resource.at('Subnets')).length) : 0;
  return [
    hourly(kind === 'nlb' ? 'Network Load Balancer' : 'Application Load Balancer', `${kind}/hour`),
    ...(addresses > 0 ? [hourly('public addresses', 'public-ipv4/hour', addresses)] : []),
    ...used('capacity units', 'LCU-hour', `${kind}/lcu-hour`, usage.loadBalancerUnits * HOURS),
  ];
};

const endpoint: LineItemsOf = (resource, { read, usage }) => {
  if (read.text(resource.at('VpcEndpointType'), 'Gateway') !== 'Interface') return [];
  return [
    hourly('interface endpoint, per zone', 'vpc-endpoint/hour', Math.max(1, read.list(resource.at('SubnetIds')).length)),
    ...used('traffic', 'GB', 'vpc-endpoint/gb', usage.networkGb),
  ];
};

const webAcl: LineItemsOf = (resource, { read, usage }) => [
  monthly('web ACL', 'waf/acl-month'),
  monthly('rules', 'waf/rule-month', read.list(resource.at('Rules')).length, 'rule'),
  ...used('requests', 'million', 'waf/million-requests', usage.millionRequests),
];

const distribution: LineItemsOf = (_, { usage }) => [
  ...used('requests over HTTPS', 'million', 'cloudfront/million-requests', usage.millionRequests),
  ...used('traffic to viewers', 'GB', 'cloudfront/gb', usage.networkGb),
];

const replicationGroup: LineItemsOf = (resource, { read }) => {
  const [engine, type] = [read.text(resource.at('Engine'), 'redis'), read.text(resource.at('CacheNodeType'), 'unknown')];
  const shards = () => read.number(resource.at('NumNodeGroups'), 1) * (1 + read.number(resource.at('ReplicasPerNodeGroup'), 0));
  const clusters = resource.at('NumCacheClusters');
  const nodes = clusters.isAbsent ? shards() : read.number(clusters, 1);
  return [hourly(`nodes (${type})`, `elasticache/${engine}/${type}/hour`, nodes)];
};

const serverlessCache: LineItemsOf = (resource, { read, usage }) => {
  const engine = read.text(resource.at('Engine'), 'unknown');
  const least = engine === 'valkey' ? 0.1 : 1;
  const prefix = `elasticache-serverless/${engine}`;
  return [
    hourly('data, the least that is billed', `${prefix}/gb-hour`, least),
    ...used('more data', 'GB-hour', `${prefix}/gb-hour`, Math.max(0, usage.storedGb - least) * HOURS),
    ...used('requests (ECPU)', 'million', `${prefix}/million-ecpu`, usage.millionRequests),
  ];
};

const database: LineItemsOf = (resource, { read }) => {
  const [engine, type] = [read.text(resource.at('Engine'), 'unknown'), read.text(resource.at('DBInstanceClass'), 'unknown')];
  const copies = read.isTrue(resource.at('MultiAZ')) ? 2 : 1;
  const hasSecret = read.isTrue(resource.at('ManageMasterUserPassword'));
  return [
    hourly(`instance (${type})`, `rds/${engine}/${type}/hour`, copies * runningShare(resource, read)),
    monthly('storage (gp3)', 'rds/gp3-gb-month', copies * read.number(resource.at('AllocatedStorage'), 20), 'GB'),
    ...(hasSecret ? [monthly('secret that RDS manages', 'secrets-manager/secret-month')] : []),
  ];
};

/** Returns the share of the time that a database runs, if EventBridge Scheduler stops and starts it. */
function runningShare(resource: Resource, read: Reading): number {
  const events = resource.app.referring(resource, 'AWS::Scheduler::Schedule').flatMap((schedule) => {
    const target = schedule.at('Target', 'Arn').pattern;
    const value = target.includes('stopDBInstance') ? 0 : target.includes('startDBInstance') ? 1 : undefined;
    return value === undefined ? [] : [{ minutes: weeklyMinutes(read.text(schedule.at('ScheduleExpression'), '')), value }];
  });
  if (events.length === 0 || events.some(({ minutes }) => minutes === undefined)) return 1;
  const week = shares(events.flatMap(({ minutes, value }) => minutes!.map((minute) => ({ minute, value }))));
  return week.reduce((sum, { value, share }) => sum + value * share, 0);
}

const alarm: LineItemsOf = (resource, { read }) => {
  const metrics = read.list(resource.at('Metrics')).filter((metric) => !metric.at('MetricStat').isAbsent).length;
  return [monthly('alarm, per metric', 'cloudwatch/alarm-metric-month', Math.max(1, metrics), 'metric')];
};

const volume: LineItemsOf = (resource, { read }) => [
  monthly('disk (gp3)', 'ebs/gp3-gb-month', read.number(resource.at('Size'), 8), 'GB'),
];

const stored =
  (priceKey: string): LineItemsOf =>
  (_, { usage }): LineItem[] =>
    used('stored', 'GB', priceKey, usage.storedGb);

const fixed =
  (item: string, priceKey: string): LineItemsOf =>
  () => [monthly(item, priceKey)];

/** The pricing rules for resource types other than services and hosts. */
export const OTHER: Record<string, LineItemsOf> = {
  'AWS::EC2::NatGateway': natGateway,
  'AWS::EC2::EIP': () => [hourly('public address', 'public-ipv4/hour')],
  'AWS::EC2::VPCEndpoint': endpoint,
  'AWS::EC2::Volume': volume,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::CloudFront::Distribution': distribution,
  'AWS::WAFv2::WebACL': webAcl,
  'AWS::Shield::Protection': fixed('Shield Advanced, once per organisation', 'shield-advanced/month'),
  'AWS::ElastiCache::ReplicationGroup': replicationGroup,
  'AWS::ElastiCache::ServerlessCache': serverlessCache,
  'AWS::RDS::DBInstance': database,
  'AWS::EFS::FileSystem': stored('efs/gb-month'),
  'AWS::S3::Bucket': stored('s3/gb-month'),
  'AWS::ECR::Repository': stored('ecr/gb-month'),
  'AWS::Backup::BackupVault': stored('backup/gb-month'),
  'AWS::SecretsManager::Secret': fixed('secret', 'secrets-manager/secret-month'),
  'AWS::KMS::Key': fixed('key', 'kms/key-month'),
  'AWS::Route53::HostedZone': fixed('hosted zone', 'route53/zone-month'),
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': fixed('dashboard', 'cloudwatch/dashboard-month'),
  'AWS::Logs::LogGroup': (_, { usage }) => used('logs taken in', 'GB', 'logs/gb', usage.logGb),
  'AWS::SQS::Queue': (_, { usage }) => used('requests', 'million', 'sqs/million-requests', usage.millionRequests),
};

/**
 * Resource types that cost nothing by themselves, or so little that the report leaves them out: functions of custom resources, schedules,
 * notifications.
 */
const FREE = [
  /^AWS::(IAM|ApplicationAutoScaling|CertificateManager|CodeDeploy|CloudFormation|CDK|Lambda|SNS|Events|Scheduler|SSM|ServiceDiscovery)::/,
  /^AWS::ECS::(Cluster|TaskDefinition|ClusterCapacityProviderAssociations|CapacityProvider)$/,
  /^AWS::EC2::(VPC|Subnet|RouteTable|Route|SubnetRouteTableAssociation|InternetGateway|VPCGatewayAttachment|FlowLog|LaunchTemplate)$/,
  /^AWS::EC2::(SecurityGroup|SecurityGroupIngress|SecurityGroupEgress|NetworkAcl.*|VolumeAttachment|EIPAssociation|VPCCidrBlock)$/,
  /^AWS::ElasticLoadBalancingV2::(Listener|ListenerRule|ListenerCertificate|TargetGroup|TrustStore.*)$/,
  /^AWS::CloudFront::(VpcOrigin|CachePolicy|OriginRequestPolicy|ResponseHeadersPolicy|OriginAccessControl)$/,
  /^AWS::AutoScaling::(LifecycleHook|ScalingPolicy|ScheduledAction)$/,
  /^AWS::Logs::(ResourcePolicy|MetricFilter|LogStream)$/,
  /^AWS::(S3::BucketPolicy|SQS::QueuePolicy|KMS::Alias|Route53::RecordSet|Backup::BackupPlan|Backup::BackupSelection)$/,
  /^AWS::SecretsManager::(SecretTargetAttachment|RotationSchedule|ResourcePolicy)$/,
  /^AWS::ElastiCache::(SubnetGroup|ParameterGroup|User|UserGroup)$/,
  /^AWS::RDS::(DBSubnetGroup|DBParameterGroup|OptionGroup)$/,
  /^AWS::EFS::(MountTarget|AccessPoint)$/,
  /^AWS::WAFv2::(WebACLAssociation|LoggingConfiguration|IPSet|RuleGroup)$/,
  /^Custom::/,
];

export function isFree(resource: Resource): boolean {
  // Its hosts have a price, and only ECS knows which and how many.
  if (!resource.at('ManagedInstancesProvider').isAbsent) return false;
  return FREE.some((pattern) => pattern.test(resource.type));
}
