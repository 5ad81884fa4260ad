import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Violation } from './errors';
import { isUnknown } from './unknown';

/** The properties whose value is unique in an account and Region, by type of resource. */
const NAMES: Record<string, string> = {
  'AWS::AutoScaling::AutoScalingGroup': 'autoScalingGroupName',
  'AWS::CloudWatch::Alarm': 'alarmName',
  'AWS::CloudWatch::CompositeAlarm': 'alarmName',
  'AWS::CloudWatch::Dashboard': 'dashboardName',
  'AWS::DynamoDB::Table': 'tableName',
  'AWS::EC2::LaunchTemplate': 'launchTemplateName',
  'AWS::ECR::Repository': 'repositoryName',
  'AWS::ECS::CapacityProvider': 'name',
  'AWS::ECS::Cluster': 'clusterName',
  'AWS::ElastiCache::ParameterGroup': 'cacheParameterGroupName',
  'AWS::ElastiCache::ReplicationGroup': 'replicationGroupId',
  'AWS::ElastiCache::ServerlessCache': 'serverlessCacheName',
  'AWS::ElastiCache::SubnetGroup': 'cacheSubnetGroupName',
  'AWS::ElastiCache::User': 'userId',
  'AWS::ElastiCache::UserGroup': 'userGroupId',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'name',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'name',
  'AWS::Events::Rule': 'name',
  'AWS::IAM::ManagedPolicy': 'managedPolicyName',
  'AWS::IAM::Role': 'roleName',
  'AWS::KMS::Alias': 'aliasName',
  'AWS::Lambda::Function': 'functionName',
  'AWS::Logs::LogGroup': 'logGroupName',
  'AWS::RDS::DBCluster': 'dbClusterIdentifier',
  'AWS::RDS::DBInstance': 'dbInstanceIdentifier',
  'AWS::RDS::DBSubnetGroup': 'dbSubnetGroupName',
  'AWS::S3::Bucket': 'bucketName',
  'AWS::SecretsManager::Secret': 'name',
  'AWS::SNS::Topic': 'topicName',
  'AWS::SQS::Queue': 'queueName',
  'AWS::SSM::Parameter': 'name',
};
/** The services that do not tell upper and lower case apart. */
const CASELESS = /^AWS::(RDS|ElastiCache)::/;

/** Returns the names that two resources of one account and Region have, of which AWS would refuse the second. */
export function claimNames(resources: CfnResource[]): Violation[] {
  const holders = new Map<string, CfnResource>();
  return resources.flatMap((node): Violation[] => {
    const name = nameOf(node);
    if (name === undefined) return [];
    const key = [
      node.cfnResourceType,
      node instanceof CfnRecordSet ? zoneOf(node) : placeOf(node),
      CASELESS.test(node.cfnResourceType) ? name.toLowerCase() : name,
    ].join(' ');
    const holder = holders.get(key);
    if (!holder) {
      holders.set(key, node);
      return [];
    }
    if (node instanceof CfnRecordSet) return [recordTwice(node, holder)];
    const property = NAMES[node.cfnResourceType];
    return [
      {
        prop: `${property} of ${node.node.path}`,
        must: `be unique in an account and Region, and ${holder.node.path} (${node.cfnResourceType}) has it too`,
        got: name,
        fix: 'choose another name, or leave it out where it is optional',
      },
    ];
  });
}

/** The account and Region of a resource; its stack if they are known only at deployment. */
function placeOf(resource: CfnResource): string {
  const { account, region, node } = Stack.of(resource);
  return isUnknown(account) || isUnknown(region) ? node.path : `${account} ${region}`;
}

function zoneOf({ hostedZoneId, hostedZoneName, type }: CfnRecordSet): string {
  return `${hostedZoneId ?? hostedZoneName} ${type}`;
}

function recordTwice(record: CfnRecordSet, holder: CfnResource): Violation {
  return {
    prop: `name of ${record.node.path}`,
    must: `be the only ${record.type} record of its name in the zone, and ${holder.node.path} has the name too`,
    got: record.name,
    fix: 'for one name in several Regions, give each record a `setIdentifier` and a `region` (https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/gateway.md#one-name-in-two-regions); else choose another name',
  };
}

function nameOf(resource: CfnResource): string | undefined {
  if (resource instanceof CfnRecordSet) return isPlain(resource) ? resource.name.toLowerCase().replace(/\.$/, '') : undefined;
  const property = NAMES[resource.cfnResourceType];
  const name = property === undefined ? undefined : (resource as unknown as Record<string, unknown>)[property];
  return typeof name === 'string' && !isUnknown(name) ? name : undefined;
}

/** Records of an identifier (weighted, latency, failover) may have one name; of a zone that is a token, nobody knows which it is. */
function isPlain({ setIdentifier, name, hostedZoneId, hostedZoneName }: CfnRecordSet): boolean {
  return setIdentifier === undefined && ![name, hostedZoneId, hostedZoneName].some((value) => isUnknown(value));
}
