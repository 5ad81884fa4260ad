/** The value of `Ref`, or of an attribute of a resource. */
export interface ReturnValue {
  /** The property that determines the value, if it is specified. */
  readonly property?: string;
  /** The value that AWS uses if the property is absent. */
  readonly otherwise?: number;
  /**
   * The format of a value that AWS generates, for a run that generates its own: `{id}` is the logical ID, `{region}`, `{account}` and
   * `{stack}` are those of the stack, `{address}` is an address in the network, `{Name}` is the property of that name or else the logical
   * ID. `|lower` changes it to lower case, `|dashed` replaces dots with hyphens, and `|generated` takes a
   * generated name in place of the logical ID.
   */
  readonly shape?: string;
}

interface ReturnValues {
  readonly ref: ReturnValue;
  readonly attributes?: Readonly<Record<string, ReturnValue>>;
}

const made = (shape: string): ReturnValue => ({ shape });
const arn = (service: string, path: string) => made(`arn:aws:${service}:{region}:{account}:${path}`);
const named = (property: string): ReturnValue => ({ property, shape: `{${property}}` });
const given = (property: string, otherwise?: number): ReturnValue => ({ property, otherwise });

const ID = made('{id}');
const ADDRESS = made('{address}');
const ZONE = made('{region}a');
const LOAD_BALANCER = arn('elasticloadbalancing', 'loadbalancer/app/{Name}/{id}');
const TARGET_GROUP = arn('elasticloadbalancing', 'targetgroup/{Name}/{id}');
const LISTENER = arn('elasticloadbalancing', 'listener/app/{id}');
const LISTENER_RULE = arn('elasticloadbalancing', 'listener-rule/{id}');
const TASK_DEFINITION = arn('ecs', 'task-definition/{Family}:1');
const SERVICE = arn('ecs', 'service/{ServiceName}');
// CDK takes it apart: a generated name has one hyphen, and every ARN ends in a random part.
const SECRET = arn('secretsmanager', 'secret:{Name|generated}-local0');
const QUEUE_URL = made('https://sqs.{region}.amazonaws.com/{account}/{QueueName}');
const CACHE_PORT = given('Port', 6379);
const NAMESPACE: ReturnValues = {
  ref: ID,
  attributes: { Id: ID, Name: given('Name'), Arn: arn('servicediscovery', 'namespace/{id}') },
};

/** The results of `Ref` and `Fn::GetAtt` by resource type, from the CloudFormation reference. */
export const RETURN_VALUES: Readonly<Record<string, ReturnValues | undefined>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    ref: LOAD_BALANCER,
    attributes: {
      LoadBalancerArn: LOAD_BALANCER,
      DNSName: made('{Name|lower}.{stack|lower}.elb.local'),
      CanonicalHostedZoneID: made('ZLOCALELB'),
      LoadBalancerFullName: made('app/{Name}/{id}'),
      LoadBalancerName: named('Name'),
    },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    ref: TARGET_GROUP,
    attributes: {
      TargetGroupArn: TARGET_GROUP,
      TargetGroupFullName: made('targetgroup/{Name}/{id}'),
      TargetGroupName: named('Name'),
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': { ref: LISTENER, attributes: { ListenerArn: LISTENER } },
  'AWS::ElasticLoadBalancingV2::ListenerRule': { ref: LISTENER_RULE, attributes: { RuleArn: LISTENER_RULE } },
  'AWS::WAFv2::WebACL': { ref: made('{Name}|{id}|{Scope}'), attributes: { Arn: arn('wafv2', 'regional/webacl/{id}') } },
  'AWS::ECS::Cluster': { ref: named('ClusterName'), attributes: { Arn: arn('ecs', 'cluster/{ClusterName}') } },
  'AWS::ECS::TaskDefinition': { ref: TASK_DEFINITION, attributes: { TaskDefinitionArn: TASK_DEFINITION } },
  'AWS::ECS::Service': { ref: SERVICE, attributes: { Name: named('ServiceName'), ServiceArn: SERVICE } },
  'AWS::ECS::CapacityProvider': { ref: named('Name') },
  'AWS::AutoScaling::AutoScalingGroup': { ref: named('AutoScalingGroupName') },
  'AWS::EC2::LaunchTemplate': { ref: ID, attributes: { LatestVersionNumber: made('1'), DefaultVersionNumber: made('1') } },
  'AWS::EC2::Instance': {
    ref: ID,
    attributes: {
      InstanceId: ID,
      PrivateIp: ADDRESS,
      PrivateDnsName: made('ip-{address|dashed}.ec2.internal'),
      AvailabilityZone: ZONE,
    },
  },
  'AWS::EC2::NetworkInterface': { ref: ID, attributes: { Id: ID, PrimaryPrivateIpAddress: ADDRESS } },
  'AWS::EC2::VPC': {
    ref: ID,
    attributes: { VpcId: ID, CidrBlock: given('CidrBlock'), DefaultSecurityGroup: made('{id}-default') },
  },
  'AWS::EC2::PrefixList': { ref: ID, attributes: { PrefixListId: ID } },
  'AWS::EC2::Subnet': {
    ref: ID,
    attributes: { SubnetId: ID, CidrBlock: given('CidrBlock'), AvailabilityZone: { property: 'AvailabilityZone', ...ZONE } },
  },
  'AWS::EC2::RouteTable': { ref: ID },
  'AWS::EC2::SecurityGroup': { ref: ID, attributes: { GroupId: ID } },
  'AWS::EC2::Volume': { ref: ID, attributes: { VolumeId: ID } },
  'AWS::SecretsManager::Secret': { ref: SECRET, attributes: { Id: SECRET } },
  'AWS::SecretsManager::SecretTargetAttachment': { ref: given('SecretId') },
  'AWS::SSM::Parameter': { ref: named('Name'), attributes: { Value: given('Value'), Type: given('Type') } },
  'AWS::ElastiCache::SubnetGroup': { ref: named('CacheSubnetGroupName') },
  'AWS::RDS::DBSubnetGroup': { ref: named('DBSubnetGroupName') },
  'AWS::RDS::DBParameterGroup': { ref: named('DBParameterGroupName') },
  'AWS::ElastiCache::ReplicationGroup': {
    ref: named('ReplicationGroupId'),
    attributes: {
      'PrimaryEndPoint.Address': ADDRESS,
      'PrimaryEndPoint.Port': CACHE_PORT,
      'ReaderEndPoint.Address': ADDRESS,
      'ReaderEndPoint.Port': CACHE_PORT,
      'ConfigurationEndPoint.Address': ADDRESS,
      'ConfigurationEndPoint.Port': CACHE_PORT,
    },
  },
  'AWS::ElastiCache::ServerlessCache': {
    ref: named('ServerlessCacheName'),
    attributes: {
      'Endpoint.Address': ADDRESS,
      'Endpoint.Port': { otherwise: 6379 },
      'ReaderEndpoint.Address': ADDRESS,
      'ReaderEndpoint.Port': { otherwise: 6380 },
    },
  },
  'AWS::RDS::DBInstance': {
    ref: named('DBInstanceIdentifier'),
    attributes: {
      'Endpoint.Address': ADDRESS,
      'Endpoint.Port': { property: 'Port', shape: '5432' },
      'MasterUserSecret.SecretArn': arn('secretsmanager', 'secret:rds!db-{id}-local0'),
    },
  },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': NAMESPACE,
  'AWS::ServiceDiscovery::HttpNamespace': NAMESPACE,
  'AWS::ServiceDiscovery::Service': {
    ref: ID,
    attributes: { Id: ID, Name: named('Name'), Arn: arn('servicediscovery', 'service/{id}') },
  },
  'AWS::Route53::HostedZone': { ref: ID, attributes: { Id: ID } },
  'AWS::CertificateManager::Certificate': { ref: arn('acm', 'certificate/{id}') },
  'AWS::S3::Bucket': {
    ref: { property: 'BucketName', shape: '{id|lower}' },
    attributes: { Arn: made('arn:aws:s3:::{BucketName|lower}') },
  },
  'AWS::SQS::Queue': {
    ref: QUEUE_URL,
    attributes: { Arn: arn('sqs', '{QueueName}'), QueueName: named('QueueName'), QueueUrl: QUEUE_URL },
  },
  'AWS::ECR::Repository': {
    ref: named('RepositoryName'),
    attributes: {
      Arn: arn('ecr', 'repository/{RepositoryName}'),
      RepositoryUri: made('{account}.dkr.ecr.{region}.amazonaws.com/{RepositoryName}'),
    },
  },
  'AWS::Logs::LogGroup': { ref: named('LogGroupName'), attributes: { Arn: arn('logs', 'log-group:{LogGroupName}:*') } },
  'AWS::IAM::Role': {
    ref: named('RoleName'),
    attributes: { Arn: made('arn:aws:iam::{account}:role/{RoleName}'), RoleId: ID },
  },
  'AWS::KMS::Key': { ref: ID, attributes: { KeyId: ID, Arn: arn('kms', 'key/{id}') } },
  'AWS::EFS::FileSystem': { ref: ID, attributes: { FileSystemId: ID } },
  'AWS::EFS::AccessPoint': { ref: ID, attributes: { AccessPointId: ID } },
  'AWS::CloudFormation::WaitConditionHandle': { ref: made('https://cloudformation.invalid/{id}') },
};

/** Returns the result of `Ref`, or of an attribute; undefined if the table does not have it. */
export function returnValueOf(type: string, attribute?: string): ReturnValue | undefined {
  const values = RETURN_VALUES[type];
  return attribute === undefined ? values?.ref : values?.attributes?.[attribute];
}
