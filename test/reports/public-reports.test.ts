/**
 * Public reports of people who build this (rows PR-nn) and of people who tried the library (NU-nn), which no other test holds by its id: each
 * works, or is an error of ours that says what to do.
 */
import { App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ContainerDependencyCondition,
  ContainerImage,
  FireLensLogDriver,
  FirelensLogRouterType,
  UlimitName,
  Secret as ContainerSecret,
} from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  ContainerLogging,
  ContainerOptions,
  DualAlbGateway,
  EcsMeshChecks,
  ElastiCacheEngine,
  ElastiCacheRedis,
  ExternalSide,
  InternalSide,
  MeshNetwork,
  MeshService,
  PortProtocol,
  PostgresDatabase,
  Rollout,
  ServiceConnectMesh,
  SideCertificate,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, resources, templateOf, WEB } from '../helpers';

const MANY_FILES = { name: UlimitName.NOFILE, softLimit: 65_536, hardLimit: 65_536 };
const image = ContainerImage.fromRegistry('my/api');
/** The first container of a service with these options. */
function containerOf(options: Partial<ContainerOptions>): Record<string, any> { // eslint-disable-line
  const api = newService(newMesh(), 'Api', { containers: [{ ...WEB, ...options }] });
  const { ContainerDefinitions } = only(templateOf(api), 'AWS::ECS::TaskDefinition', 'ApiTask').Properties;
  return ContainerDefinitions.find(({ Name }: { Name: string }) => Name === 'api');
}

/** A gateway with an external side over HTTPS in a mesh of a stack. */
function newGateway(mesh: ServiceConnectMesh, stack = Stack.of(mesh)): DualAlbGateway {
  const arn = 'arn:aws:acm:eu-west-1:111111111111:certificate/0';
  const certificate = SideCertificate.given(Certificate.fromCertificateArn(stack, 'Certificate', arn));
  return new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.https({ certificate }) });
}

const serviceOf = (api: MeshService) => only(templateOf(api), 'AWS::ECS::Service', 'ApiService').Properties;

test('PR-10: the internal load balancer is in the subnets that are chosen for it', () => {
  const stack = newStack();
  const group = (name: string) => ({ name, subnetType: SubnetType.PRIVATE_WITH_EGRESS });
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
    subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }, group('Db'), group('Apps'), group('Lb')],
  });
  const network = MeshNetwork.fromVpc(vpc, { taskSubnets: { subnetGroupName: 'Apps' } });
  const mesh = newMesh(stack, { network });
  const internal = InternalSide.http({ subnets: { subnetGroupName: 'Lb' } });
  new DualAlbGateway(stack, 'Gateway', { network: mesh, internal }).internal.route('Api', {
    target: newService(mesh, 'Api').port('http'),
  });
  const { Subnets } = only(templateOf(mesh), 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties;
  expect(Subnets).toEqual([{ Ref: expect.stringMatching(/^VpcLbSubnet1/) }, { Ref: expect.stringMatching(/^VpcLbSubnet2/) }]);
});

describe('PR-12, NU-5: an app that starts slowly', () => {
  const withGrace = (healthCheckGracePeriod?: Duration) => {
    const api = newService(newMesh(), 'Api', { operations: { healthCheckGracePeriod } });
    newGateway(api.mesh as ServiceConnectMesh).external.route('Api', { target: api.port('http') });
    return serviceOf(api).HealthCheckGracePeriodSeconds;
  };

  test('has the time that it says, and 60 seconds where it says nothing', () => {
    expect(withGrace(Duration.minutes(4))).toBe(240);
    expect(withGrace()).toBe(60);
  });

  test('a time that ECS does not take is refused', () => {
    expect(() => withGrace(Duration.millis(1500))).toThrow(
      '`operations.healthCheckGracePeriod` must be whole seconds from 0 to 2147483647, got "1.5 seconds"; choose a duration in that range [GracePeriodOutOfRange at Shop/Api]',
    );
  });

  test('without a load balancer it is for the health checks of containers', () => {
    const api = newService(newMesh(), 'Api', { operations: { healthCheckGracePeriod: Duration.minutes(2) } });
    expect(serviceOf(api).HealthCheckGracePeriodSeconds).toBe(120);
  });
});

test('PR-13: an image that has to be process 1 is', () => {
  expect(containerOf({ process: { initProcessEnabled: false } }).LinuxParameters.InitProcessEnabled).toBe(false);
  expect(containerOf({}).LinuxParameters.InitProcessEnabled).toBe(true);
});

describe('PR-14, NU-8: logs by FireLens', () => {
  const driver = new FireLensLogDriver({ options: { Name: 'datadog', apikey: 'x' } });
  const byFireLens = () => newService(newMesh(), 'Api', { containers: [{ ...WEB, logging: ContainerLogging.driver(driver) }] });
  const containersOf = (api: MeshService) =>
    only(templateOf(api), 'AWS::ECS::TaskDefinition', 'ApiTask').Properties.ContainerDefinitions;

  test('the container has the options of FireLens only', () => {
    const [{ LogConfiguration }] = containersOf(byFireLens());
    expect(LogConfiguration).toEqual({ LogDriver: 'awsfirelens', Options: { Name: 'datadog', apikey: 'x' } });
  });

  test('the router writes to the log group of the task, which expires; no other group is left', () => {
    const api = byFireLens();
    const [, router] = containersOf(api);
    expect(router).toMatchObject({ Name: 'log-router', FirelensConfiguration: { Type: 'fluentbit' } });
    const group = router.LogConfiguration.Options['awslogs-group'].Ref;
    const groups = Object.entries(resources(templateOf(api), 'AWS::Logs::LogGroup', 'Api'));
    expect(groups).toEqual([[group, expect.objectContaining({ Properties: expect.objectContaining({ RetentionInDays: 30 }) })]]);
  });

  test('a router of the user is the only one', () => {
    const api = byFireLens();
    api.taskDefinition.addFirelensLogRouter('Own', {
      image: ContainerImage.fromRegistry('own/router'),
      firelensConfig: { type: FirelensLogRouterType.FLUENTBIT },
    });
    expect(containersOf(api).map(({ Name }: { Name: string }) => Name)).toEqual(['api', 'Own']);
  });
});

describe('PR-22: data of a snapshot', () => {
  const restored = (snapshotIdentifier?: string) => {
    const mesh = newMesh();
    const database = new PostgresDatabase(Stack.of(mesh), 'Database', { mesh, snapshotIdentifier });
    return only(templateOf(database), 'AWS::RDS::DBInstance').Properties;
  };

  test('a database has nothing beside the snapshot that RDS takes from it', () => {
    const properties = restored('shop-snapshot');
    expect(properties).toMatchObject({ DBSnapshotIdentifier: 'shop-snapshot', ManageMasterUserPassword: true, MultiAZ: true });
    const fromIt = ['DBName', 'MasterUsername', 'StorageEncrypted', 'KmsKeyId'];
    for (const name of fromIt) expect(properties).not.toHaveProperty(name);
    for (const name of fromIt.slice(0, 3)) expect(restored()).toHaveProperty(name);
  });

  test.each(['arn:aws:rds:eu-west-1:111122223333:snapshot:shop', 'rds:shop-2026-11-30-05-00', 'awsbackup:job-1'])(
    '%s is a snapshot',
    (snapshot) => expect(restored(snapshot).DBSnapshotIdentifier).toBe(snapshot),
  );

  test.each(['arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:shop', '2026', 'my_snapshot'])('%s is refused', (snapshot) => {
    expect(() => restored(snapshot)).toThrow('[BadSnapshotIdentifier at Shop/Database]');
  });

  test('a store begins with the data of its snapshot', () => {
    const mesh = newMesh();
    const store = new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh, snapshotName: 'last-week' });
    expect(only(templateOf(store), 'AWS::ElastiCache::ReplicationGroup').Properties.SnapshotName).toBe('last-week');
  });
});

describe('PR-20, PR-23: what a replication group cannot be', () => {
  test('engine, version and family of parameters move together', () => {
    const of = (engine: ElastiCacheEngine) => {
      const mesh = newMesh();
      const store = new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh, engine });
      const template = templateOf(store);
      const { Engine, EngineVersion } = only(template, 'AWS::ElastiCache::ReplicationGroup').Properties;
      return [Engine, EngineVersion, only(template, 'AWS::ElastiCache::ParameterGroup').Properties.CacheParameterGroupFamily];
    };
    expect(of(ElastiCacheEngine.REDIS_OSS_7_1)).toEqual(['redis', '7.1', 'redis7']);
    expect(of(ElastiCacheEngine.VALKEY_8_1)).toEqual(['valkey', '8.1', 'valkey8']);
  });

  test.each(['numNodeGroups', 'replicasPerNodeGroup', 'nodeGroupConfiguration'] as const)(
    '%s contradicts the one primary endpoint that clients get',
    (property) => {
      const mesh = newMesh();
      const store = new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh });
      Object.assign(store.replicationGroup, { [property]: property === 'nodeGroupConfiguration' ? [{}] : 2 });
      expect(() => templateOf(store)).toThrow(`\`replicationGroup.${property}\` must be left out`);
    },
  );
});

test('PR-26: roles that another team has made are used, and none is left in the template', () => {
  const app = new App();
  const usePrecreatedRoles = { 'Shop/Api/TaskRole': 'team-task', 'Shop/Api/ExecutionRole': 'team-execution' };
  Role.customizeRoles(app, { usePrecreatedRoles });
  const stack = newStack('Shop', app);
  newService(newMesh(stack), 'Api');
  const task = only(templateOf(stack), 'AWS::ECS::TaskDefinition', 'ApiTask').Properties;
  expect([task.TaskRoleArn, task.ExecutionRoleArn].map((arn) => JSON.stringify(arn))).toEqual([
    expect.stringContaining('team-task'),
    expect.stringContaining('team-execution'),
  ]);
  expect(resources(templateOf(stack), 'AWS::IAM::Role', 'Api')).toEqual({});
});

test('PR-27: nothing names the partition of the other Regions in one of China', () => {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'cn-north-1' } });
  const mesh = newMesh(stack);
  const api = newService(mesh, 'Api');
  api.connectTo(new ElastiCacheRedis(stack, 'Redis', { mesh }));
  expect(JSON.stringify(templateOf(stack).toJSON())).not.toContain('arn:aws:');
});

test('PR-34: a TCP route is refused with the way that a TCP port has', () => {
  const mesh = newMesh();
  const ports = [{ name: 'mqtt', containerPort: 1883, protocol: PortProtocol.TCP }];
  const broker = newService(mesh, 'Broker', { containers: [{ image, ports }] });
  expect(() => newGateway(mesh).external.route('Mqtt', { target: broker.port('mqtt') })).toThrow('[RouteNeedsHttp at ');
});

test('PR-39: zones are not rebalanced where a deployment may not start a task too many', () => {
  const zones = (rollout: Rollout) => serviceOf(newService(newMesh(), 'Api', { rollout })).AvailabilityZoneRebalancing;
  expect(zones(Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 100 }))).toBe('DISABLED');
  expect(zones(Rollout.rolling())).not.toBe('DISABLED');
});

test('PR-40: a field of a secret that is known by its name', () => {
  const mesh = newMesh();
  const secret = Secret.fromSecretNameV2(Stack.of(mesh), 'Given', 'team/api');
  const field = ContainerSecret.fromSecretsManager(secret, 'token');
  const api = newService(mesh, 'Api', { containers: [{ ...WEB, secrets: { TOKEN: field } }] });
  const [{ Secrets }] = only(templateOf(api), 'AWS::ECS::TaskDefinition', 'ApiTask').Properties.ContainerDefinitions;
  expect(JSON.stringify(Secrets)).toContain(':secret:team/api:token::');
});

test('PR-41: the path of a health check is the one that was given', () => {
  const mesh = newMesh();
  newGateway(mesh).external.route('Api', { target: newService(mesh, 'Api').port('http'), healthCheck: { path: '/ready' } });
  expect(only(templateOf(mesh), 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.HealthCheckPath).toBe('/ready');
});

test('PR-42: checks find what is in a stage', () => {
  const app = new App();
  const stage = new Stage(app, 'Prod', { env: { region: 'eu-west-1', account: '111111111111' } });
  const stack = new Stack(stage, 'Shop');
  const api = newService(newMesh(stack), 'Api');
  const { node } = api.taskDefinition;
  Object.assign(node.defaultChild!, { networkMode: 'host' });
  expect(new EcsMeshChecks().validateScope(app).violations.length).toBeGreaterThan(0);
});

test('PR-47: entry point, limits and order of containers are options', () => {
  const process = { entryPoint: ['/entry'], command: ['serve'], workingDirectory: '/srv', ulimits: [MANY_FILES] };
  const api = newService(newMesh(), 'Api', {
    containers: [
      { ...WEB, process, lifecycle: { dependsOn: [{ container: 'init', condition: ContainerDependencyCondition.START }] } },
    ],
    sidecars: [{ image, name: 'init', lifecycle: { essential: false } }],
  });
  const { ContainerDefinitions } = only(templateOf(api), 'AWS::ECS::TaskDefinition', 'ApiTask').Properties;
  expect(ContainerDefinitions.find(({ Name }: { Name: string }) => Name === 'api')).toMatchObject({
    ...{ EntryPoint: ['/entry'], Command: ['serve'], WorkingDirectory: '/srv' },
    Ulimits: [{ Name: 'nofile', SoftLimit: 65_536, HardLimit: 65_536 }],
    DependsOn: [{ ContainerName: 'init', Condition: 'START' }],
  });
});

test('NU-3: a password goes to the containers of the service, and to a sidecar only by its choice', () => {
  const mesh = newMesh();
  const redis = new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh });
  const agent = { image: ContainerImage.fromRegistry('vendor/agent'), name: 'agent' };
  const api = newService(mesh, 'Api', { sidecars: [agent] });
  api.connectTo(redis);
  const { ContainerDefinitions } = only(templateOf(api), 'AWS::ECS::TaskDefinition', 'ApiTask').Properties;
  const secretsOf = (name: string) =>
    ContainerDefinitions.find(({ Name }: { Name: string }) => Name === name).Secrets?.map(({ Name }: { Name: string }) => Name) ??
    [];
  expect(secretsOf('agent')).toEqual([]);
  expect(secretsOf('api')).toContain('REDIS_PASSWORD');
});
