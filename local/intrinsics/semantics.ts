import { Reader } from './reader';
import { Json } from '../assembly/json';
import { Resource } from '../assembly/stack-template';

/** What only the running system knows: the loopback addresses it handed out. */
export interface LiveFacts {
  /** The address of the machine behind a resource: an instance, a network interface, a cache node. */
  addressOf(resource: Resource): string;
}

interface Context {
  readonly resource: Resource;
  readonly props: Reader;
  readonly facts: LiveFacts;
}
type Value = (context: Context) => Json;
interface TypeSemantics {
  readonly ref: Value;
  readonly attributes?: Record<string, Value>;
}

const logicalId: Value = ({ resource }) => resource.logicalId;
const named =
  (property: string): Value =>
  ({ resource, props }) =>
    props.get(property).string(resource.logicalId);
const arn =
  (service: string, path: (context: Context) => string): Value =>
  (context) =>
    `arn:aws:${service}:${context.resource.stack.region}:${context.resource.stack.account}:${path(context)}`;
const nameOf = (property: string) => (context: Context) => String(named(property)(context));

const loadBalancerPath = (context: Context) => `app/${nameOf('Name')(context)}/${context.resource.logicalId}`;
const loadBalancerArn = arn('elasticloadbalancing', (context) => `loadbalancer/${loadBalancerPath(context)}`);
const targetGroupPath = (context: Context) => `targetgroup/${nameOf('Name')(context)}/${context.resource.logicalId}`;
const targetGroupArn = arn('elasticloadbalancing', targetGroupPath);
const listenerArn = arn('elasticloadbalancing', ({ resource }) => `listener/app/${resource.logicalId}`);
// Shaped like the real thing, because CDK takes it apart: a generated name has one hyphen, and every ARN ends in a random part.
const secretArn = arn(
  'secretsmanager',
  ({ resource, props }) => `secret:${props.get('Name').string(`${resource.logicalId}-generated000`)}-local0`,
);
/** The name that RDS gives to a secret of its own. */
const managedSecretArn = arn('secretsmanager', ({ resource }) => `secret:rds!db-${resource.logicalId}-local0`);
const clusterArn = arn('ecs', (context) => `cluster/${nameOf('ClusterName')(context)}`);
const address: Value = ({ resource, facts }) => facts.addressOf(resource);
const cachePort: Value = ({ props }) => props.get('Port').number(6379);
const networkOnly: TypeSemantics = { ref: logicalId };

/**
 * What `Ref` and `Fn::GetAtt` return, type by type, as AWS documents it. A type or attribute that is not listed is an error on use: a
 * guessed value would make a wrong wiring look right.
 */
const SEMANTICS: Record<string, TypeSemantics> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    ref: loadBalancerArn,
    attributes: {
      LoadBalancerArn: loadBalancerArn,
      DNSName: (context) => `${nameOf('Name')(context).toLowerCase()}.${context.resource.stack.name.toLowerCase()}.elb.local`,
      CanonicalHostedZoneID: () => 'ZLOCALELB',
      LoadBalancerFullName: loadBalancerPath,
      LoadBalancerName: named('Name'),
    },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    ref: targetGroupArn,
    attributes: { TargetGroupArn: targetGroupArn, TargetGroupFullName: targetGroupPath, TargetGroupName: named('Name') },
  },
  'AWS::ElasticLoadBalancingV2::Listener': { ref: listenerArn, attributes: { ListenerArn: listenerArn } },
  'AWS::WAFv2::WebACL': {
    ref: logicalId,
    attributes: { Arn: arn('wafv2', ({ resource }) => `regional/webacl/${resource.logicalId}`) },
  },
  'AWS::ECS::Cluster': { ref: named('ClusterName'), attributes: { Arn: clusterArn } },
  'AWS::ECS::TaskDefinition': {
    ref: arn('ecs', (context) => `task-definition/${nameOf('Family')(context)}:1`),
    attributes: { TaskDefinitionArn: arn('ecs', (context) => `task-definition/${nameOf('Family')(context)}:1`) },
  },
  'AWS::ECS::Service': {
    ref: arn('ecs', (context) => `service/${nameOf('ServiceName')(context)}`),
    attributes: { Name: named('ServiceName'), ServiceArn: arn('ecs', (context) => `service/${nameOf('ServiceName')(context)}`) },
  },
  'AWS::ECS::CapacityProvider': { ref: named('Name') },
  'AWS::AutoScaling::AutoScalingGroup': { ref: named('AutoScalingGroupName') },
  'AWS::EC2::LaunchTemplate': { ref: logicalId, attributes: { LatestVersionNumber: () => '1', DefaultVersionNumber: () => '1' } },
  'AWS::EC2::Instance': {
    ref: logicalId,
    attributes: {
      InstanceId: logicalId,
      PrivateIp: address,
      PrivateDnsName: ({ resource, facts }) => `ip-${facts.addressOf(resource).replaceAll('.', '-')}.ec2.internal`,
      AvailabilityZone: ({ resource }) => `${resource.stack.region}a`,
    },
  },
  'AWS::EC2::NetworkInterface': { ref: logicalId, attributes: { Id: logicalId, PrimaryPrivateIpAddress: address } },
  'AWS::EC2::VPC': { ref: logicalId, attributes: { VpcId: logicalId } },
  'AWS::EC2::Subnet': {
    ref: logicalId,
    attributes: { SubnetId: logicalId, AvailabilityZone: ({ resource }) => `${resource.stack.region}a` },
  },
  'AWS::EC2::SecurityGroup': { ref: logicalId, attributes: { GroupId: logicalId } },
  'AWS::EC2::Volume': { ref: logicalId, attributes: { VolumeId: logicalId } },
  'AWS::SecretsManager::Secret': { ref: secretArn, attributes: { Id: secretArn } },
  'AWS::SecretsManager::SecretTargetAttachment': { ref: ({ props }) => props.get('SecretId').string() },
  'AWS::SSM::Parameter': {
    ref: named('Name'),
    attributes: { Value: ({ props }) => props.get('Value').string(), Type: ({ props }) => props.get('Type').string() },
  },
  'AWS::ElastiCache::ReplicationGroup': {
    ref: named('ReplicationGroupId'),
    attributes: {
      'PrimaryEndPoint.Address': address,
      'PrimaryEndPoint.Port': cachePort,
      'ReaderEndPoint.Address': address,
      'ReaderEndPoint.Port': cachePort,
      'ConfigurationEndPoint.Address': address,
      'ConfigurationEndPoint.Port': cachePort,
    },
  },
  'AWS::ElastiCache::ServerlessCache': {
    ref: named('ServerlessCacheName'),
    attributes: {
      'Endpoint.Address': address,
      'Endpoint.Port': () => 6379,
      'ReaderEndpoint.Address': address,
      'ReaderEndpoint.Port': () => 6380,
    },
  },
  'AWS::RDS::DBInstance': {
    ref: named('DBInstanceIdentifier'),
    attributes: {
      'Endpoint.Address': address,
      'Endpoint.Port': ({ props }) => props.get('Port').number(5432),
      'MasterUserSecret.SecretArn': managedSecretArn,
    },
  },
  'AWS::ServiceDiscovery::PrivateDnsNamespace': {
    ref: logicalId,
    attributes: { Id: logicalId, Arn: arn('servicediscovery', ({ resource }) => `namespace/${resource.logicalId}`) },
  },
  'AWS::ServiceDiscovery::HttpNamespace': {
    ref: logicalId,
    attributes: { Id: logicalId, Arn: arn('servicediscovery', ({ resource }) => `namespace/${resource.logicalId}`) },
  },
  'AWS::ServiceDiscovery::Service': {
    ref: logicalId,
    attributes: {
      Id: logicalId,
      Name: named('Name'),
      Arn: arn('servicediscovery', ({ resource }) => `service/${resource.logicalId}`),
    },
  },
  'AWS::Route53::HostedZone': { ref: logicalId, attributes: { Id: logicalId } },
  'AWS::CertificateManager::Certificate': { ref: arn('acm', ({ resource }) => `certificate/${resource.logicalId}`) },
  'AWS::S3::Bucket': {
    ref: ({ resource, props }) => props.get('BucketName').string(resource.logicalId.toLowerCase()),
    attributes: {
      Arn: ({ resource, props }) => `arn:aws:s3:::${props.get('BucketName').string(resource.logicalId.toLowerCase())}`,
    },
  },
  'AWS::Logs::LogGroup': {
    ref: named('LogGroupName'),
    attributes: { Arn: arn('logs', (context) => `log-group:${nameOf('LogGroupName')(context)}:*`) },
  },
  'AWS::IAM::Role': {
    ref: named('RoleName'),
    attributes: {
      Arn: (context) => `arn:aws:iam::${context.resource.stack.account}:role/${nameOf('RoleName')(context)}`,
      RoleId: logicalId,
    },
  },
  'AWS::KMS::Key': {
    ref: logicalId,
    attributes: { KeyId: logicalId, Arn: arn('kms', ({ resource }) => `key/${resource.logicalId}`) },
  },
  'AWS::EFS::FileSystem': { ref: logicalId, attributes: { FileSystemId: logicalId } },
  'AWS::EFS::AccessPoint': { ref: logicalId, attributes: { AccessPointId: logicalId } },
  'AWS::EC2::RouteTable': networkOnly,
  'AWS::CloudFormation::WaitConditionHandle': { ref: ({ resource }) => `https://cloudformation.invalid/${resource.logicalId}` },
};

export function refOf(resource: Resource, props: Reader, facts: LiveFacts, path: string): Json {
  return semanticsOf(resource, `Ref`, path).ref({ resource, props, facts });
}

export function getAttribute(resource: Resource, attribute: string, props: Reader, facts: LiveFacts, path: string): Json {
  const value = semanticsOf(resource, `GetAtt .${attribute}`, path).attributes?.[attribute];
  if (!value) {
    throw new Error(`${path}: the local run does not know what GetAtt ${resource.key}.${attribute} of ${resource.type} returns`);
  }
  return value({ resource, props, facts });
}

function semanticsOf(resource: Resource, use: string, path: string): TypeSemantics {
  const semantics = SEMANTICS[resource.type];
  if (!semantics) {
    throw new Error(
      `${path}: the local run does not know what ${use} of ${resource.key} (${resource.type}) returns; add it to semantics.ts`,
    );
  }
  return semantics;
}
