import { CostResource, CostTemplate, isTrue, list, number, record } from './cost-template';
import { hourly, HOURS, monthly, Position, Positions, used } from './position';
import { shares, weeklyMinutes } from './week';

const natGateway: Positions = (_, { usage }) => [
  hourly('NAT gateway', 'nat-gateway/hour'),
  ...used('traffic', 'GB', 'nat-gateway/gb', usage.networkGb),
];

const loadBalancer: Positions = ({ properties }, { usage }) => {
  const kind = properties.Type === 'network' ? 'nlb' : 'alb';
  const addresses = properties.Scheme === 'internet-facing' ? Math.max(2, list(properties.Subnets).length) : 0;
  return [
    hourly(kind === 'nlb' ? 'Network Load Balancer' : 'Application Load Balancer', `${kind}/hour`),
    ...(addresses > 0 ? [hourly('public addresses', 'public-ipv4/hour', addresses)] : []),
    ...used('capacity units', 'LCU-hour', `${kind}/lcu-hour`, usage.loadBalancerUnits * HOURS),
  ];
};

const endpoint: Positions = ({ properties }, { usage }) => {
  if (properties.VpcEndpointType !== 'Interface') return [];
  return [
    hourly('interface endpoint, per zone', 'vpc-endpoint/hour', Math.max(1, list(properties.SubnetIds).length)),
    ...used('traffic', 'GB', 'vpc-endpoint/gb', usage.networkGb),
  ];
};

const webAcl: Positions = ({ properties }, { usage }) => [
  monthly('web ACL', 'waf/acl-month'),
  monthly('rules', 'waf/rule-month', list(properties.Rules).length, 'rule'),
  ...used('requests', 'million', 'waf/million-requests', usage.millionRequests),
];

const replicationGroup: Positions = ({ properties }) => {
  const { Engine, CacheNodeType, NumCacheClusters, NumNodeGroups, ReplicasPerNodeGroup } = properties;
  const nodes = number(NumCacheClusters, number(NumNodeGroups, 1) * (1 + number(ReplicasPerNodeGroup, 0)));
  return [hourly(`nodes (${CacheNodeType})`, `elasticache/${Engine}/${CacheNodeType}/hour`, nodes)];
};

const serverlessCache: Positions = ({ properties }, { usage }) => {
  const least = properties.Engine === 'valkey' ? 0.1 : 1;
  const prefix = `elasticache-serverless/${properties.Engine}`;
  return [
    hourly('data, the least that is billed', `${prefix}/gb-hour`, least),
    ...used('more data', 'GB-hour', `${prefix}/gb-hour`, Math.max(0, usage.storedGb - least) * HOURS),
    ...used('requests (ECPU)', 'million', `${prefix}/million-ecpu`, usage.millionRequests),
  ];
};

const database: Positions = (resource, { template }) => {
  const { DBInstanceClass, Engine, MultiAZ, AllocatedStorage, ManageMasterUserPassword } = resource.properties;
  const copies = isTrue(MultiAZ) ? 2 : 1;
  return [
    hourly(`instance (${DBInstanceClass})`, `rds/${Engine}/${DBInstanceClass}/hour`, copies * runningShare(resource, template)),
    monthly('storage (gp3)', 'rds/gp3-gb-month', copies * number(AllocatedStorage, 20), 'GB'),
    ...(isTrue(ManageMasterUserPassword) ? [monthly('secret that RDS manages', 'secrets-manager/secret-month')] : []),
  ];
};

/** A database that EventBridge Scheduler stops and starts is paid while it runs. */
function runningShare(resource: CostResource, template: CostTemplate): number {
  const events = template.mentioning('AWS::Scheduler::Schedule', resource).flatMap(({ properties }) => {
    const target = JSON.stringify(record(properties.Target).Arn ?? '');
    const value = target.includes('stopDBInstance') ? 0 : target.includes('startDBInstance') ? 1 : undefined;
    return value === undefined ? [] : [{ minutes: weeklyMinutes(properties.ScheduleExpression), value }];
  });
  if (events.length === 0 || events.some(({ minutes }) => minutes === undefined)) return 1;
  const week = shares(events.flatMap(({ minutes, value }) => minutes!.map((minute) => ({ minute, value }))));
  return week.reduce((sum, { value, share }) => sum + value * share, 0);
}

const alarm: Positions = ({ properties }) => {
  const metrics = list(properties.Metrics).filter((raw) => record(raw).MetricStat !== undefined).length;
  return [monthly('alarm, per metric', 'cloudwatch/alarm-metric-month', Math.max(1, metrics), 'metric')];
};

const volume: Positions = ({ properties }) => [monthly('disk (gp3)', 'ebs/gp3-gb-month', number(properties.Size, 8), 'GB')];

const stored =
  (priceKey: string): Positions =>
  (_, { usage }): Position[] =>
    used('stored', 'GB', priceKey, usage.storedGb);

const fixed =
  (item: string, priceKey: string): Positions =>
  () => [monthly(item, priceKey)];

/** What has a price, apart from services and hosts. */
export const OTHER: Record<string, Positions> = {
  'AWS::EC2::NatGateway': natGateway,
  'AWS::EC2::EIP': () => [hourly('public address', 'public-ipv4/hour')],
  'AWS::EC2::VPCEndpoint': endpoint,
  'AWS::EC2::Volume': volume,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
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

/** What costs nothing by itself, or so little by use that it is left out: functions of custom resources, schedules, notifications. */
const FREE = [
  /^AWS::(IAM|ApplicationAutoScaling|CertificateManager|CodeDeploy|CloudFormation|CDK|Lambda|SNS|Events|Scheduler|SSM|ServiceDiscovery)::/,
  /^AWS::ECS::(Cluster|TaskDefinition|ClusterCapacityProviderAssociations|CapacityProvider)$/,
  /^AWS::EC2::(VPC|Subnet|RouteTable|Route|SubnetRouteTableAssociation|InternetGateway|VPCGatewayAttachment|FlowLog|LaunchTemplate)$/,
  /^AWS::EC2::(SecurityGroup|SecurityGroupIngress|SecurityGroupEgress|NetworkAcl.*|VolumeAttachment|EIPAssociation|VPCCidrBlock)$/,
  /^AWS::ElasticLoadBalancingV2::(Listener|ListenerRule|ListenerCertificate|TargetGroup|TrustStore.*)$/,
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

export function isFree({ type, properties }: CostResource): boolean {
  // Its hosts have a price, and only ECS knows which and how many.
  if (properties.ManagedInstancesProvider !== undefined) return false;
  return FREE.some((pattern) => pattern.test(type));
}
