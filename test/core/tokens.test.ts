import { CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as lib from 'cdk-ecs-mesh';
import { WEB, newMesh, newService, newStack, only, templateOf } from '../helpers';

const number = (stack: Stack) => new CfnParameter(stack, 'Given', { type: 'Number' }).valueAsNumber;
const seconds = (stack: Stack) => Duration.seconds(number(stack));
const refused = (prop: string, path: string) =>
  `\`${prop}\` must be known at synthesis, got "a token"; specify the value itself, such as one from the context; ` +
  `the value of a template parameter is known only at deployment [KnownAtSynthesis at ${path}]`;

const job = (stack: Stack, props: Partial<lib.ScheduledJobProps>) =>
  new lib.ScheduledJob(stack, 'It', {
    mesh: newMesh(stack),
    schedule: ScheduleExpression.rate(Duration.hours(1)),
    containers: [{ image: WEB.image }],
    ...props,
  });
const worker = (stack: Stack, props: Partial<lib.QueueWorkerServiceProps>) =>
  new lib.QueueWorkerService(stack, 'It', { mesh: newMesh(stack), containers: [{ image: WEB.image }], ...props });
const service = (stack: Stack, props: Partial<lib.MeshServiceProps>) => newService(newMesh(stack), 'It', props);
const container = (stack: Stack, props: Partial<lib.ContainerOptions>) => service(stack, { containers: [{ ...WEB, ...props }] });
const database = (stack: Stack, props: Partial<lib.PostgresDatabaseProps>) =>
  new lib.PostgresDatabase(stack, 'It', { mesh: newMesh(stack), ...props });
const ec2Redis = (stack: Stack, props: Partial<lib.Ec2HostRedisProps>) =>
  new lib.Ec2HostRedis(stack, 'It', { mesh: newMesh(stack), ...props });
const gateway = (stack: Stack, props: Partial<lib.DualAlbGatewayProps>, options: lib.ExternalHttpOptions = {}) => {
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/0');
  const external = lib.ExternalSide.https({ ...options, certificate: lib.SideCertificate.given(certificate) });
  return new lib.DualAlbGateway(stack, 'It', { network: newMesh(stack), external, accessLogs: lib.AccessLogs.none(), ...props });
};
const route = (stack: Stack, props: Partial<lib.RouteProps>) => {
  const mesh = newMesh(stack);
  const given = { network: mesh, internal: lib.InternalSide.http(), accessLogs: lib.AccessLogs.none() };
  const side = new lib.DualAlbGateway(stack, 'Gateway', given).internal;
  return side.route('It', { target: newService(mesh, 'Web').port('http'), ...props });
};
const githubRole = (stack: Stack, props: Partial<lib.GitHubDeployRoleProps>) =>
  new lib.GitHubDeployRole(stack, 'It', { repository: 'a/b', subjects: [lib.GitHubSubject.branch('main')], ...props });
const logs = (expiration: Duration) => lib.AccessLogs.managedBucket({ expiration });

test.each<[string, string, (stack: Stack) => unknown]>([
  [
    'network.availabilityZones',
    'Mesh',
    (s) => newMesh(s, { network: lib.MeshNetwork.threeTier({ availabilityZones: number(s) }) }),
  ],
  ['taskSize.cpu', 'It', (s) => service(s, { taskSize: { cpu: number(s), memoryMiB: 512 } })],
  ['taskSize.memoryMiB', 'It', (s) => service(s, { taskSize: { cpu: 256, memoryMiB: number(s) } })],
  ['taskSize.memoryMiB', 'It', (s) => job(s, { taskSize: { cpu: 256, memoryMiB: number(s) } })],
  [
    'taskSize.memoryMiB',
    'It',
    (s) => new lib.ContainerRedis(s, 'It', { mesh: newMesh(s), taskSize: { cpu: 256, memoryMiB: number(s) } }),
  ],
  ['maxMemoryMiB', 'It', (s) => new lib.ContainerRedis(s, 'It', { mesh: newMesh(s), maxMemoryMiB: number(s) })],
  ['containers[0].ports[0].containerPort', 'It', (s) => container(s, { ports: [{ name: 'http', containerPort: number(s) }] })],
  ['numReplicas', 'It', (s) => new lib.ElastiCacheRedis(s, 'It', { mesh: newMesh(s), numReplicas: number(s) })],
  ['containers[0].lifecycle.stopTimeout', 'It', (s) => container(s, { lifecycle: { stopTimeout: seconds(s) } })],
  ['containers[0].healthCheck.interval', 'It', (s) => container(s, { healthCheck: { command: ['true'], interval: seconds(s) } })],
  ['rollout.bakeTime', 'It', (s) => service(s, { rollout: lib.Rollout.blueGreen({ bakeTime: seconds(s) }) })],
  ['retryAttempts', 'It', (s) => job(s, { retryAttempts: number(s) })],
  ['flexibleWindow', 'It', (s) => job(s, { flexibleWindow: seconds(s) })],
  ['maxEventAge', 'It', (s) => job(s, { maxEventAge: seconds(s) })],
  ['queue.longestProcessing', 'It', (s) => worker(s, { queue: { longestProcessing: seconds(s) } })],
  ['queue.visibilityTimeout', 'It', (s) => worker(s, { queue: { visibilityTimeout: seconds(s) } })],
  ['backlog.averageProcessing', 'It', (s) => worker(s, { backlog: { averageProcessing: seconds(s) } })],
  [
    'containers[0].lifecycle.stopTimeout',
    'It',
    (s) => worker(s, { containers: [{ image: WEB.image, lifecycle: { stopTimeout: seconds(s) } }] }),
  ],
  ['storage', 'It', (s) => database(s, { storage: Size.gibibytes(number(s)) })],
  ['backupRetention', 'It', (s) => database(s, { backupRetention: seconds(s) })],
  ['rotation.every', 'It', (s) => database(s, { rotation: lib.DatabaseRotation.managedByRds({ every: seconds(s) }) })],
  ['port', 'It', (s) => ec2Redis(s, { port: number(s) })],
  ['hostGeneration', 'It', (s) => ec2Redis(s, { hostGeneration: number(s) })],
  [
    'persistence.volumeSize',
    'It',
    (s) => ec2Redis(s, { persistence: lib.RedisPersistence.appendOnly({ volumeSize: Size.gibibytes(number(s)) }) }),
  ],
  ['diskSize', 'Mesh/It', (s) => newMesh(s).addEc2Capacity('It', { diskSize: Size.mebibytes(number(s)) })],
  ['diskSize', 'Mesh/It', (s) => newMesh(s).addManagedInstances('It', { diskSize: Size.mebibytes(number(s)) })],
  [
    'maxDataStorage',
    'It',
    (s) => new lib.ServerlessRedis(s, 'It', { mesh: newMesh(s), maxDataStorage: Size.mebibytes(number(s)) }),
  ],
  [
    'external.responseHeaders.maxAge',
    'It',
    (s) => gateway(s, {}, { responseHeaders: lib.ResponseHeaders.secure({ maxAge: seconds(s) }) }),
  ],
  ['idleTimeout', 'It', (s) => gateway(s, { idleTimeout: seconds(s) })],
  ['accessLogs.expiration', 'It', (s) => gateway(s, { accessLogs: logs(seconds(s)) })],
  ['deregistrationDelay', 'Gateway/Internal/Routes/It', (s) => route(s, { deregistrationDelay: seconds(s) })],
  ['healthCheck.interval', 'Gateway/Internal/Routes/It', (s) => route(s, { healthCheck: { interval: seconds(s) } })],
  ['healthCheck.timeout', 'Gateway/Internal/Routes/It', (s) => route(s, { healthCheck: { timeout: seconds(s) } })],
  ['keptImages', 'It', (s) => new lib.ImageRepository(s, 'It', { keptImages: number(s) })],
  ['untaggedExpiration', 'It', (s) => new lib.ImageRepository(s, 'It', { untaggedExpiration: seconds(s) })],
  ['maxSessionDuration', 'It', (s) => githubRole(s, { maxSessionDuration: seconds(s) })],
  ['networking.serviceConnect.idleTimeout', 'It', (s) => service(s, { networking: { serviceConnect: connect(seconds(s)) } })],
])('%s must be known at synthesis (%s)', (prop, path, build) =>
  expect(() => build(newStack())).toThrow(refused(prop, `Shop/${path}`)),
);

function connect(idleTimeout: Duration) {
  return lib.ServiceConnect.clientAndServer({ idleTimeout });
}

test('a duration in the unit of its prop may be a token', () => {
  const stack = newStack();
  worker(stack, { queue: { retention: seconds(stack) } });
  expect(only(templateOf(stack), 'AWS::SQS::Queue', 'ItQueue').Properties.MessageRetentionPeriod).toEqual({ Ref: 'Given' });
});

test('a duration in another unit may not', () =>
  expect(() => {
    const stack = newStack();
    worker(stack, { queue: { retention: Duration.days(number(stack)) } });
  }).toThrow(refused('queue.retention', 'Shop/It')));

test.each([
  ['lazy', () => Lazy.number({ produce: () => 6380 }), '6380', 'rediss://r.example.com:6380'],
  ['a parameter', number, { Ref: 'Given' }, { 'Fn::Join': ['', ['rediss://r.example.com:', { Ref: 'Given' }]] }],
])('the port of a store may be %s', (_, port, text, url) => {
  const stack = newStack();
  const store = new lib.ImportedRedis(stack, 'Store', { host: 'r.example.com', tls: true, port: port(stack) });
  service(stack, {}).connectTo(store);
  expect(variables(stack)).toMatchObject({ REDIS_PORT: text, REDIS_URL: url });
});

test('the port of an external host may be lazy', () => {
  const stack = newStack();
  service(stack, {}).connectTo(lib.Endpoint.externalHost('a.example', { port: Lazy.number({ produce: () => 587 }) }), { as: 'A' });
  expect(variables(stack)).toMatchObject({ A_PORT: '587' });
});

test('the version of an ElastiCache engine may be a token', () => {
  const stack = newStack();
  const engine = lib.ElastiCacheEngine.valkey(new CfnParameter(stack, 'Version').valueAsString);
  new lib.ElastiCacheRedis(stack, 'It', { mesh: newMesh(stack), engine });
  const family = { 'Fn::Join': ['', ['valkey', { 'Fn::Select': [0, { 'Fn::Split': ['.', { Ref: 'Version' }] }] }]] };
  expect(only(templateOf(stack), 'AWS::ElastiCache::ParameterGroup').Properties.CacheParameterGroupFamily).toEqual(family);
});

test.each(['constructor', 'toString'])('a container may be called %s, as every JavaScript object has a property', (name) => {
  const stack = newStack();
  container(stack, { name });
  expect(only(templateOf(stack), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[0].Name).toBe(name);
});

function variables(stack: Stack): Record<string, unknown> {
  const [{ Environment }] = only(templateOf(stack), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  return Object.fromEntries(Environment.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value]));
}

const text = (stack: Stack) => new CfnParameter(stack, 'Given').valueAsString;
const lookedUp = (stack: Stack) => StringParameter.valueFromLookup(stack, '/platform/given');

/** What companies keep in Parameter Store or pass as a parameter: where it is in the template. */
const TAKEN: Record<string, (stack: Stack, value: string) => [type: string, path: string]> = {
  'a host': (stack, value) => {
    service(stack, {}).connectTo(lib.Endpoint.externalHost(value), { as: 'SMTP' });
    return ['AWS::ECS::TaskDefinition', 'ContainerDefinitions.0.Environment.0.Value'];
  },
  'the host of a store': (stack, value) => {
    service(stack, {}).connectTo(new lib.ImportedRedis(stack, 'Redis', { host: value, tls: true }));
    return ['AWS::ECS::TaskDefinition', 'ContainerDefinitions.0.Environment.0.Value'];
  },
  'a private domain': (stack, value) => {
    newMesh(stack, { privateDomain: value });
    return ['AWS::Route53::HostedZone', 'Name'];
  },
  'the domain of a namespace': (stack, value) => {
    newMesh(stack).addDnsNamespace('Names', value);
    return ['AWS::ServiceDiscovery::PrivateDnsNamespace', 'Name'];
  },
  'the name of a database': (stack, value) => {
    database(stack, { databaseName: value });
    return ['AWS::RDS::DBInstance', 'DBName'];
  },
  'a web ACL': (stack, value) => {
    gateway(stack, {}, { waf: lib.Waf.fromArn(value) });
    return ['AWS::WAFv2::WebACLAssociation', 'WebACLArn'];
  },
};

describe.each(Object.entries(TAKEN))('%s', (_, build) => {
  const found = (stack: Stack, value: string) => {
    const [type, path] = build(stack, value);
    const [resource] = Object.values(templateOf(stack).findResources(type));
    return path.split('.').reduce((part, key) => (part as Record<string, unknown>)[key], resource.Properties as unknown);
  };

  test('that is a parameter is in the template', () => {
    const stack = newStack();
    expect(JSON.stringify(found(stack, text(stack)))).toContain('"Ref":"Given"');
  });

  test('that is still to be looked up does not end the first pass', () => {
    const stack = new Stack(undefined, 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
    expect(JSON.stringify(found(stack, lookedUp(stack)))).toContain('dummy-value-for-');
  });
});

test('the variables of a host whose name is a token need a prefix', () => {
  const stack = newStack();
  expect(() => service(stack, {}).connectTo(lib.Endpoint.externalHost(text(stack)))).toThrow(
    new Error(
      '`as` must be given for a host whose name is known only at deployment, because its variables have their names at synthesis; ' +
        "write it like `connectTo(endpoint, { as: 'SMTP' })` [BadVariablePrefix at Shop/It]",
    ),
  );
});

test('an error about a value that is still to be looked up says how the look-up can go on', () => {
  const stack = new Stack(undefined, 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  expect(() => service(stack, { networking: { discoveryName: lookedUp(stack) } })).toThrow(
    /the parameter is still to be looked up: pass a value of this form as third argument of `StringParameter.valueFromLookup` \[BadDiscoveryName/,
  );
});

test('an error never has a token in it', () => {
  const stack = newStack();
  expect(() => service(stack, { networking: { discoveryName: text(stack) } })).toThrow(
    refused('networking.discoveryName', 'Shop/It'),
  );
});

test('bounds that are parameters are not compared', () => {
  const stack = newStack();
  const count = number(stack);
  service(stack, { scaling: lib.Scaling.between(count, count) });
  const { MinCapacity, MaxCapacity } = only(templateOf(stack), 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
  expect([MinCapacity, MaxCapacity]).toEqual([{ Ref: 'Given' }, { Ref: 'Given' }]);
});
