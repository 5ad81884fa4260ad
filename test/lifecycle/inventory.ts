import { Account, Answer } from './engine';

/** How a service lists what it has: the call, and the physical IDs that CloudFormation would give to what it answers. */
interface Listing {
  readonly service: string;
  readonly operation: string;
  readonly parameters?: object;
  readonly ids: (answer: Answer) => string[];
}

const list = (service: string, operation: string, ids: (answer: Answer) => string[], parameters?: object): Listing => ({
  service,
  operation,
  ids,
  parameters,
});
const of = (key: string, id: string) => (answer: Answer) => (answer[key] ?? []).map((one: Answer) => one[id]);
const VISIBLE = new Set(['pending', 'running', 'stopped', 'available', 'creating', 'in-use']);
const visible = (key: string, id: string) => (answer: Answer) =>
  answer[key].filter(({ State }: Answer) => VISIBLE.has(State?.Name ?? State)).map((one: Answer) => one[id]);

/** Types whose service the engine has, by the service's own call. Types that have no such call, or none there, are not in it. */
const LISTINGS: Record<string, Listing> = {
  'AWS::AutoScaling::AutoScalingGroup': list(
    'autoscaling',
    'describe_auto_scaling_groups',
    of('AutoScalingGroups', 'AutoScalingGroupName'),
  ),
  'AWS::Backup::BackupPlan': list('backup', 'list_backup_plans', of('BackupPlansList', 'BackupPlanId')),
  'AWS::Backup::BackupVault': list('backup', 'list_backup_vaults', of('BackupVaultList', 'BackupVaultName')),
  'AWS::CertificateManager::Certificate': list('acm', 'list_certificates', of('CertificateSummaryList', 'CertificateArn')),
  'AWS::CloudWatch::Alarm': list('cloudwatch', 'describe_alarms', of('MetricAlarms', 'AlarmName')),
  'AWS::CloudWatch::Dashboard': list('cloudwatch', 'list_dashboards', of('DashboardEntries', 'DashboardName')),
  'AWS::EC2::EIP': list('ec2', 'describe_addresses', of('Addresses', 'PublicIp')),
  'AWS::EC2::FlowLog': list('ec2', 'describe_flow_logs', of('FlowLogs', 'FlowLogId')),
  'AWS::EC2::Instance': list('ec2', 'describe_instances', (answer) =>
    answer.Reservations.flatMap(visible('Instances', 'InstanceId')),
  ),
  'AWS::EC2::InternetGateway': list('ec2', 'describe_internet_gateways', of('InternetGateways', 'InternetGatewayId')),
  'AWS::EC2::LaunchTemplate': list('ec2', 'describe_launch_templates', of('LaunchTemplates', 'LaunchTemplateId')),
  'AWS::EC2::NatGateway': list('ec2', 'describe_nat_gateways', visible('NatGateways', 'NatGatewayId')),
  'AWS::EC2::RouteTable': list('ec2', 'describe_route_tables', of('RouteTables', 'RouteTableId')),
  'AWS::EC2::SecurityGroup': list('ec2', 'describe_security_groups', of('SecurityGroups', 'GroupId')),
  'AWS::EC2::Subnet': list('ec2', 'describe_subnets', of('Subnets', 'SubnetId')),
  'AWS::EC2::VPC': list('ec2', 'describe_vpcs', of('Vpcs', 'VpcId')),
  'AWS::EC2::VPCEndpoint': list('ec2', 'describe_vpc_endpoints', of('VpcEndpoints', 'VpcEndpointId')),
  'AWS::EC2::Volume': list('ec2', 'describe_volumes', visible('Volumes', 'VolumeId')),
  'snapshot of AWS::EC2::Volume': list('ec2', 'describe_snapshots', of('Snapshots', 'SnapshotId'), { OwnerIds: ['self'] }),
  'AWS::ECR::Repository': list('ecr', 'describe_repositories', of('repositories', 'repositoryName')),
  'AWS::ECS::Cluster': list('ecs', 'list_clusters', ({ clusterArns }) => clusterArns.map((arn: string) => arn.split('/').pop())),
  'AWS::EFS::AccessPoint': list('efs', 'describe_access_points', of('AccessPoints', 'AccessPointId')),
  'AWS::EFS::FileSystem': list('efs', 'describe_file_systems', of('FileSystems', 'FileSystemId')),
  'AWS::ElastiCache::ReplicationGroup': list(
    'elasticache',
    'describe_replication_groups',
    of('ReplicationGroups', 'ReplicationGroupId'),
  ),
  'AWS::ElastiCache::SubnetGroup': list(
    'elasticache',
    'describe_cache_subnet_groups',
    of('CacheSubnetGroups', 'CacheSubnetGroupName'),
  ),
  'snapshot of AWS::ElastiCache::ReplicationGroup': list('elasticache', 'describe_snapshots', of('Snapshots', 'SnapshotName')),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': list('elbv2', 'describe_load_balancers', of('LoadBalancers', 'LoadBalancerArn')),
  'AWS::ElasticLoadBalancingV2::TargetGroup': list('elbv2', 'describe_target_groups', of('TargetGroups', 'TargetGroupArn')),
  'AWS::IAM::OIDCProvider': list('iam', 'list_open_id_connect_providers', of('OpenIDConnectProviderList', 'Arn')),
  'AWS::IAM::Role': list('iam', 'list_roles', of('Roles', 'RoleName')),
  'AWS::Lambda::Function': list('lambda', 'list_functions', of('Functions', 'FunctionName')),
  'AWS::Logs::LogGroup': list('logs', 'describe_log_groups', of('logGroups', 'logGroupName')),
  'AWS::RDS::DBInstance': list('rds', 'describe_db_instances', of('DBInstances', 'DBInstanceIdentifier')),
  'AWS::RDS::DBSubnetGroup': list('rds', 'describe_db_subnet_groups', of('DBSubnetGroups', 'DBSubnetGroupName')),
  'snapshot of AWS::RDS::DBInstance': list('rds', 'describe_db_snapshots', of('DBSnapshots', 'DBSnapshotIdentifier')),
  'AWS::Route53::HostedZone': list('route53', 'list_hosted_zones', ({ HostedZones }) =>
    HostedZones.map(({ Id }: Answer) => Id.split('/').pop()),
  ),
  'AWS::S3::Bucket': list('s3', 'list_buckets', of('Buckets', 'Name')),
  'AWS::SNS::Topic': list('sns', 'list_topics', of('Topics', 'TopicArn')),
  'AWS::SQS::Queue': list('sqs', 'list_queues', ({ QueueUrls }) => QueueUrls ?? []),
  'AWS::Scheduler::Schedule': list('scheduler', 'list_schedules', of('Schedules', 'Name')),
  'AWS::SecretsManager::Secret': list('secretsmanager', 'list_secrets', of('SecretList', 'Name')),
  'AWS::ServiceDiscovery::HttpNamespace': list('servicediscovery', 'list_namespaces', ({ Namespaces }) =>
    Namespaces.filter(({ Type }: Answer) => Type === 'HTTP').map(({ Id }: Answer) => Id),
  ),
  'AWS::ServiceDiscovery::PrivateDnsNamespace': list('servicediscovery', 'list_namespaces', ({ Namespaces }) =>
    Namespaces.filter(({ Type }: Answer) => Type === 'DNS_PRIVATE').map(({ Id }: Answer) => Id),
  ),
};

/** What an account has, by type: the physical IDs, as the services list them. */
export type Inventory = Record<string, string[]>;

export async function inventoryOf(account: Account): Promise<Inventory> {
  const listings = Object.entries(LISTINGS);
  const wanted = listings.map(([, { service, operation, parameters = {} }]) => [service, operation, parameters] as const);
  const answers = await account.calls(wanted);
  const rows = listings.map(([type, { ids }], index) => {
    return [
      type,
      ids(answers[index])
        .filter((id) => !isOfTheAccount(type, id))
        .sort(),
    ];
  });
  const [ecs, kms] = [await services(account), await keys(account)];
  return { ...Object.fromEntries(rows), 'AWS::ECS::Service': ecs.sort(), 'AWS::KMS::Key': kms.sort() };
}

/** What is in `now` and was not in `before`. */
export function added(now: Inventory, before: Inventory): Inventory {
  const rows = Object.entries(now).map(([type, ids]) => [type, ids.filter((id) => !before[type]?.includes(id))] as const);
  return Object.fromEntries(rows.filter(([, ids]) => ids.length > 0));
}

/** The bucket of assets belongs to the CDK, and not to a stack. */
function isOfTheAccount(type: string, id: string): boolean {
  return type === 'AWS::S3::Bucket' && id.startsWith('cdk-hnb659fds-assets-');
}

async function services(account: Account): Promise<string[]> {
  const { clusterArns } = await account.call('ecs', 'list_clusters');
  const answers = await account.calls(clusterArns.map((cluster: string) => ['ecs', 'list_services', { cluster }]));
  return answers.flatMap(({ serviceArns }) => serviceArns);
}

/** A key that waits for its deletion is gone. */
async function keys(account: Account): Promise<string[]> {
  const { Keys } = await account.call('kms', 'list_keys');
  const ids: string[] = Keys.map(({ KeyId }: Answer) => KeyId);
  const answers = await account.calls(ids.map((KeyId) => ['kms', 'describe_key', { KeyId }]));
  return ids.filter((_, index) => answers[index].KeyMetadata.KeyState !== 'PendingDeletion');
}
