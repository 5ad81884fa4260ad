/** Returns code that makes a value of a type from what was specified in its place; undefined if what was specified does not say how. */
type Example = (value: unknown, prop: string) => string | undefined;

/** Code for a type where the value says nothing. */
const PLAIN: Record<string, string | undefined> = {
  Duration: 'Duration.seconds(60)',
  Size: 'Size.gibibytes(30)',
  ContainerImage: 'ecs.ContainerImage.fromRegistry("nginx")',
  CpuArchitecture: 'ecs.CpuArchitecture.ARM64',
  InstanceType: 'new ec2.InstanceType("t4g.small")',
  PostgresEngineVersion: 'rds.PostgresEngineVersion.VER_17',
  Secret: 'ecs.Secret.fromSecretsManager(secret)',
  Schedule: 'Schedule.cron({ hour: "8", minute: "0" })',
  ScheduleExpression: 'ScheduleExpression.rate(Duration.hours(1))',
  TimeZone: 'TimeZone.EUROPE_BERLIN',
  IPeer: 'ec2.Peer.ipv4("10.0.0.0/8")',
  Port: 'ec2.Port.tcp(443)',
};

/** The unit in which a prop is thought of, by what its name ends in; all others are in seconds. */
const UNITS: [RegExp, string][] = [
  [/(retention|expiration|every)$/i, 'days'],
  [/(bakeTime|canaryTime|stepTime|approvalTime|flexibleWindow|acceptableLatency)$/i, 'minutes'],
  [/(maxSessionDuration|maxEventAge|sessionTimeout)$/i, 'hours'],
];

const FROM_VALUE: Record<string, Example | undefined> = {
  Duration: (value, prop) => ofNumber(value, `Duration.${unitOf(prop)}`),
  Size: (value, prop) => ofNumber(value, /memory|buffer|^size$/i.test(prop) ? 'Size.mebibytes' : 'Size.gibibytes'),
  Port: (value) => ofNumber(value, 'ec2.Port.tcp'),
  Scaling: (value) => ofNumber(value, 'Scaling.fixed'),
  MonthlyBudget: (value) => ofNumber(value, 'MonthlyBudget.usd'),
  ContainerImage: (value) => ofText(value, 'ecs.ContainerImage.fromRegistry'),
  InstanceType: (value) => ofText(value, 'new ec2.InstanceType'),
  Schedule: (value) => ofText(value, 'Schedule.expression'),
  ScheduleExpression: (value) => ofText(value, 'ScheduleExpression.expression'),
  TimeZone: (value) => ofText(value, 'TimeZone.of'),
  WritablePath: (value) => ofText(value, 'WritablePath.tmpfs'),
  IPeer: (value) => (typeof value === 'string' ? ofText(value, `ec2.Peer.${peerOf(value)}`) : undefined),
  IEndpoint: (value) => ofText(value, 'Endpoint.externalHost'),
  ISecurityGroup: (value) => ofIdentifier(value, 'ec2.SecurityGroup.fromSecurityGroupId'),
  IVpc: (value) => (typeof value === 'string' ? `ec2.Vpc.fromLookup(this, "Vpc", { vpcId: ${JSON.stringify(value)} })` : undefined),
  ICertificate: (value) => ofIdentifier(value, 'acm.Certificate.fromCertificateArn'),
  IRole: (value) => ofIdentifier(value, 'iam.Role.fromRoleArn'),
  IKey: (value) => ofIdentifier(value, 'kms.Key.fromKeyArn'),
  IQueue: (value) => ofIdentifier(value, 'sqs.Queue.fromQueueArn'),
  ITopic: (value) => ofIdentifier(value, 'sns.Topic.fromTopicArn'),
  IBucket: (value) => ofIdentifier(value, 's3.Bucket.fromBucketName'),
  ITable: (value) => ofIdentifier(value, 'dynamodb.Table.fromTableName'),
  ILogGroup: (value) => ofIdentifier(value, 'logs.LogGroup.fromLogGroupName'),
  IFunction: (value) => ofIdentifier(value, 'lambda.Function.fromFunctionArn'),
  ISecret: (value) => ofIdentifier(value, 'secretsmanager.Secret.fromSecretCompleteArn'),
  IHostedZone: (value) =>
    typeof value === 'string' ? `route53.HostedZone.fromLookup(this, "Zone", { domainName: ${JSON.stringify(value)} })` : undefined,
  IAlarmAction: (value) => (has(value, 'topicArn') ? 'new cloudwatch_actions.SnsAction(topic)' : undefined),
  PostgresEngineVersion: (value) => {
    const major = /^\d+/.exec(typeof value === 'number' || typeof value === 'string' ? `${value}` : '');
    return major ? `rds.PostgresEngineVersion.VER_${major[0]}` : undefined;
  },
  CpuArchitecture: (value) => (typeof value === 'string' && /x86|amd|x64/i.test(value) ? 'ecs.CpuArchitecture.X86_64' : undefined),
  Secret: (value) => {
    if (has(value, 'secretArn')) return 'ecs.Secret.fromSecretsManager(secret)';
    return has(value, 'parameterArn') ? 'ecs.Secret.fromSsmParameter(parameter)' : undefined;
  },
  string: (value, prop) => {
    if (!has(value, 'sameInstanceClassAs')) return undefined;
    return JSON.stringify(`${prop === 'nodeType' ? 'cache.' : ''}${String(value)}`);
  },
};

/** The endpoints of resources that are none themselves, by a member that tells such a resource apart. */
const ENDPOINTS: [string, string][] = [
  ['queueEndpoint', 'its `queueEndpoint`'],
  ['queueUrl', '`Endpoint.queue(...)` with it'],
  ['bucketArn', '`Endpoint.bucket(...)` with it'],
  ['secretArn', '`Endpoint.secret(...)` with it'],
  ['parameterArn', '`Endpoint.parameter(...)` with it'],
  ['tableArn', '`Endpoint.table(...)` with it'],
  ['topicArn', '`Endpoint.topic(...)` with it'],
  ['dbInstanceEndpointAddress', '`ImportedDatabase.fromDatabaseInstance(...)` with it'],
  ['clusterResourceIdentifier', '`ImportedDatabase.fromDatabaseCluster(...)` with it'],
  ['attrPrimaryEndPointAddress', 'an `ImportedRedis` with its address as `host`'],
];

/** Returns the code that makes a value of a type, from what was specified for `prop` if that says how. */
export function exampleOf(type: string, value: unknown, prop: string): string | undefined {
  return FROM_VALUE[type]?.(value, prop);
}

/** Returns the code that makes some value of a type of the CDK. */
export function anyExampleOf(type: string): string | undefined {
  return PLAIN[type];
}

/** Returns the endpoint of a resource that is none itself. */
export function endpointOf(value: unknown): string | undefined {
  return ENDPOINTS.find(([member]) => has(value, member))?.[1];
}

export function has<K extends string>(value: unknown, member: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && member in value;
}

function ofNumber(value: unknown, factory: string): string | undefined {
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) ? `${factory}(${amount})` : undefined;
}

function ofText(value: unknown, factory: string): string | undefined {
  return typeof value === 'string' ? `${factory}(${JSON.stringify(value)})` : undefined;
}

/** An identifier of a resource that exists. */
function ofIdentifier(value: unknown, factory: string): string | undefined {
  const id = /^\w+\.(\w+)/.exec(factory)![1];
  return typeof value === 'string' ? `${factory}(this, "${id}", ${JSON.stringify(value)})` : undefined;
}

function unitOf(prop: string): string {
  return UNITS.find(([names]) => names.test(prop))?.[1] ?? 'seconds';
}

function peerOf(text: string): string {
  if (text.startsWith('sg-')) return 'securityGroupId';
  if (text.startsWith('pl-')) return 'prefixList';
  return text.includes(':') ? 'ipv6' : 'ipv4';
}
