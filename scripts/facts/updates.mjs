/**
 * Writes src/template/private/compare/update-table.ts: for each resource type below, the properties whose change replaces the resource, or
 * can replace it, as CloudFormation's own schemas define them.
 *
 *   npx projen facts:updates             writes the table
 *   npx projen facts:updates --stdout    prints it instead
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { format, resolveConfig } from 'prettier';
import { root } from '../install.mjs';

/** The types that the examples and the value classes render; a test says which one is missing. */
const TYPES = {
  ApplicationAutoScaling: 'ScalableTarget ScalingPolicy',
  AutoScaling: 'AutoScalingGroup LifecycleHook',
  Backup: 'BackupPlan BackupSelection BackupVault',
  CertificateManager: 'Certificate',
  CloudFront: 'Distribution VpcOrigin',
  CloudFormation: 'Stack WaitCondition WaitConditionHandle',
  CloudWatch: 'Alarm CompositeAlarm Dashboard',
  CodeDeploy: 'Application DeploymentConfig DeploymentGroup',
  Cognito: 'UserPool UserPoolClient UserPoolDomain',
  EC2:
    'EIP EIPAssociation FlowLog Instance InternetGateway LaunchTemplate NatGateway NetworkInterface Route RouteTable SecurityGroup ' +
    'SecurityGroupEgress SecurityGroupIngress Subnet SubnetRouteTableAssociation VPC VPCEndpoint VPCGatewayAttachment ' +
    'VPNGateway VPNGatewayRoutePropagation Volume VolumeAttachment',
  ECR: 'Repository',
  ECS: 'CapacityProvider Cluster ClusterCapacityProviderAssociations Service TaskDefinition',
  EFS: 'AccessPoint FileSystem MountTarget',
  ElastiCache: 'ParameterGroup ReplicationGroup ServerlessCache SubnetGroup User UserGroup',
  ElasticLoadBalancingV2: 'Listener ListenerCertificate ListenerRule LoadBalancer TargetGroup TrustStore',
  Events: 'Rule',
  IAM: 'InstanceProfile ManagedPolicy OIDCProvider Policy Role',
  KMS: 'Alias Key',
  Lambda: 'Alias EventInvokeConfig Function LayerVersion Permission Version',
  Logs: 'LogGroup MetricFilter SubscriptionFilter',
  RDS: 'DBCluster DBInstance DBParameterGroup DBSubnetGroup',
  Route53: 'HostedZone RecordSet',
  S3: 'Bucket BucketPolicy',
  SNS: 'Subscription Topic TopicPolicy',
  SQS: 'Queue QueuePolicy',
  SSM: 'Parameter',
  Scheduler: 'Schedule ScheduleGroup',
  SecretsManager: 'ResourcePolicy RotationSchedule Secret SecretTargetAttachment',
  ServiceDiscovery: 'HttpNamespace Instance PrivateDnsNamespace Service',
  Shield: 'Protection',
  WAFv2: 'IPSet LoggingConfiguration WebACL WebACLAssociation',
};

const SPEC = '@aws-cdk/aws-service-spec';
const FILE = join(root, 'src', 'template', 'private', 'compare', 'update-table.ts');

const { version } = JSON.parse(
  readFileSync(
    createRequire(import.meta.url)
      .resolve(SPEC)
      .replace(/lib\/[^/]*$/, 'package.json'),
    'utf8',
  ),
);
const db = loadAwsServiceSpecSync();
const rows = Object.entries(TYPES)
  .flatMap(([service, names]) => names.split(' ').map((name) => `AWS::${service}::${name}`))
  .map((type) => [type, rowOf(type)]);
const table = await written();

if (process.argv.includes('--stdout')) process.stdout.write(table);
else writeFileSync(FILE, table);

function rowOf(type) {
  const [resource] = db.lookup('resource', 'cloudFormationType', 'equals', type);
  if (!resource) throw new Error(`${SPEC} ${version} has no ${type}`);
  const found = pathsOf(resource.properties);
  const paths = (wanted) =>
    found
      .filter(([, replaces]) => replaces === wanted)
      .map(([path]) => path)
      .sort();
  return {
    replaces: paths('yes').join(' '),
    mayReplace: paths('maybe').join(' '),
    name: nameOf(type, resource),
    holdsData: resource.isStateful || undefined,
  };
}

/** A property of an object in a property can replace the resource too: `A.B`, whatever lists are between them. */
function pathsOf(properties = {}, above = '', seen = []) {
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = above + name;
    if (['yes', 'maybe'].includes(property.causesReplacement)) return [[path, property.causesReplacement]];
    const id = innermost(property.type).reference?.$ref;
    if (id === undefined || seen.includes(id)) return [];
    return pathsOf(db.get('typeDefinition', id).properties, `${path}.`, [...seen, id]);
  });
}

function innermost(type) {
  return type.element ? innermost(type.element) : type;
}

/** The property with the physical name, which the schema does not mark: an identifier of its own, or by its name. Zones can share one. */
function nameOf(type, { properties, primaryIdentifier: [id, ...others] = [] }) {
  if (type === 'AWS::Route53::HostedZone') return undefined;
  const short = type.split('::')[2];
  const own = others.length === 0 && /(?:Name|Id|Identifier)$/.test(id) ? id : undefined;
  const group = short === 'SecurityGroup' ? 'GroupName' : undefined;
  return [own, `${short}Name`, 'Name', group].find((name) => properties[name]?.causesReplacement === 'yes');
}

async function written() {
  const entry = ([type, row]) => {
    const parts = Object.entries(row).filter(([, value]) => value);
    return `'${type}': {${parts.map(([key, value]) => `${key}: ${typeof value === 'string' ? `'${value}'` : value}`).join(', ')}},`;
  };
  const text = `
/**
 * The effects of changes to the properties of a type. Spaces separate paths; \`A.B\` is a property of an object, or of the objects of a list.
 */
export interface UpdateRow {
  /** The properties whose change replaces the resource. */
  readonly replaces?: string;
  /** The properties whose change can replace it, depending on values that the schema does not name. */
  readonly mayReplace?: string;
  /** The property with the physical name, if a template can give one. */
  readonly name?: string;
  /** Indicates whether the schema says that the resource holds data. */
  readonly holdsData?: boolean;
}

/** The specification that the table was written from. */
export const SPECIFICATION = '${SPEC} ${version}';

/** Written by \`npx projen facts:updates\` from CloudFormation's schemas; \`exceptions.ts\` corrects it. */
export const UPDATE_TABLE: Readonly<Record<string, UpdateRow | undefined>> = {
  ${rows.map(entry).join('\n')}
};
`;
  return format(text, { ...(await resolveConfig(FILE)), parser: 'typescript' });
}
