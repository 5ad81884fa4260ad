/**
 * Public reports of people who build this (rows PR-nn) and of people who tried the library (NU-nn), which no other test holds by its id: each
 * works, or is an error of ours that says what to do.
 */
import { App, Duration, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IpAddresses, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { TagMutability } from 'aws-cdk-lib/aws-ecr';
import {
  CfnService,
  Cluster,
  ContainerDependencyCondition,
  ContainerImage,
  FireLensLogDriver,
  FargateService,
  FargateTaskDefinition,
  FirelensLogRouterType,
  UlimitName,
  Secret as ContainerSecret,
} from 'aws-cdk-lib/aws-ecs';
import { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnRecordSet, HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  ContainerLogging,
  ContainerOptions,
  DualAlbGateway,
  EcsMeshChecks,
  ElastiCacheEngine,
  ElastiCacheRedis,
  ExternalSide,
  ImageRepository,
  InternalSide,
  MeshNetwork,
  MeshService,
  PortProtocol,
  Rollout,
  ServiceConnectMesh,
  SideCertificate,
  WritablePath,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, only, resources, templateOf, WEB } from '../helpers';

const MANY_FILES = { name: UlimitName.NOFILE, softLimit: 65_536, hardLimit: 65_536 };
const image = ContainerImage.fromRegistry('my/api');
/** The first container of a service with these options. */
function containerOf(options: Partial<ContainerOptions>): Record<string, any> {
  // eslint-disable-line
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

test('PR-36: TLS up to the container, as docs/gateway.md writes it, keeps its health check', () => {
  const mesh = newMesh();
  const { targetGroup } = newGateway(mesh).external.route('Api', { target: newService(mesh, 'Api').port('http') });
  Object.assign(targetGroup.node.defaultChild as CfnTargetGroup, { protocol: 'HTTPS', healthCheckProtocol: 'HTTPS' });
  const { Protocol, HealthCheckProtocol, HealthCheckPath } = only(
    templateOf(mesh),
    'AWS::ElasticLoadBalancingV2::TargetGroup',
  ).Properties;
  expect({ Protocol, HealthCheckProtocol, HealthCheckPath }).toEqual({
    ...{ Protocol: 'HTTPS', HealthCheckProtocol: 'HTTPS', HealthCheckPath: '/' },
  });
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

describe('PR-42, NU-11: what is in a stage', () => {
  /** A service without a circuit breaker, in a stage. */
  function plainService(): App {
    const app = new App();
    const stage = new Stage(app, 'Prod', { env: { region: 'eu-west-1', account: '111111111111' } });
    const stack = new Stack(stage, 'Shop');
    const cluster = new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc', { maxAzs: 2 }) });
    const taskDefinition = new FargateTaskDefinition(stack, 'Task');
    taskDefinition.addContainer('api', { image });
    new FargateService(stack, 'Service', { cluster, taskDefinition });
    return app;
  }

  test('is found by the recipe for tests', () => {
    const { violations } = new EcsMeshChecks().validateScope(plainService());
    expect(violations.map(({ ruleName }) => ruleName)).toContain('EcsMesh-NoRollback');
  });

  test('stops the synthesis of a test', () => {
    const app = plainService();
    Validations.of(app).addPlugins(new EcsMeshChecks());
    expect(() => app.synth()).toThrow('The service has no deployment circuit breaker with rollback');
  });
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

describe('PR-54: a tag that moves', () => {
  const withTags = (tagMutability?: TagMutability) => {
    const repository = new ImageRepository(newStack(), 'Images', { tagMutability });
    const { LifecyclePolicy } = only(templateOf(repository), 'AWS::ECR::Repository').Properties;
    const [untagged] = JSON.parse(LifecyclePolicy.LifecyclePolicyText).rules;
    const warnings = Annotations.fromStack(Stack.of(repository)).findWarning('*', Match.stringLikeRegexp('MovedTags'));
    return { days: untagged.selection.countNumber, warnings: warnings.length };
  };

  test('the image that runs stays for 90 days after its tag has moved on, and a warning says so', () => {
    expect(withTags(TagMutability.MUTABLE)).toEqual({ days: 90, warnings: 1 });
    expect(withTags()).toEqual({ days: 1, warnings: 0 });
  });
});

describe('PR-55: one name in two Regions', () => {
  function twoRegions(each: (record: CfnRecordSet, region: string) => void): () => void {
    const app = new App();
    for (const region of ['eu-west-1', 'us-east-1']) {
      const stack = new Stack(app, `Shop-${region}`, { env: { region, account: '111111111111' } });
      const mesh = newMesh(stack);
      const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
      const external = ExternalSide.http({ zone });
      const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external });
      const route = gateway.external.route('Web', { target: newService(mesh, 'Web', {}, stack).port('http'), recordName: 'www' });
      each(route.record!.node.defaultChild as CfnRecordSet, region);
    }
    return () => app.synth();
  }

  test('two plain records are refused at synthesis, as Route 53 refuses the second', () => {
    expect(twoRegions(() => undefined)).toThrow(/must be the only A record of its name in the zone, and .* has the name too/);
  });

  test('latency records of the name are not', () => {
    expect(
      twoRegions((record, region) => {
        record.setIdentifier = region;
        record.region = region;
      }),
    ).not.toThrow();
  });
});

test('PR-18: TLS of Service Connect stays as an override of the L1 wrote it', () => {
  const api = newService(newMesh(), 'Api');
  api.connectTo(newService(api.mesh as ServiceConnectMesh, 'Server').port('http'));
  const server = api.node.scope!.node.findChild('Server') as MeshService;
  const { node } = server.service;
  const tls = {
    IssuerCertificateAuthority: { AwsPcaAuthorityArn: 'arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/1' },
  };
  (node.findChild('Service') as CfnService).addPropertyOverride('ServiceConnectConfiguration.Services.0.Tls', tls);
  const [served] = only(templateOf(server), 'AWS::ECS::Service', 'ServerService').Properties.ServiceConnectConfiguration.Services;
  expect(served).toMatchObject({ PortName: 'http', Tls: tls });
});

test('PR-01: a user who is not root is warned of a path that only root may write', () => {
  const process = { user: '101' };
  const storage = { writablePaths: [WritablePath.volume('/data')] };
  const api = newService(newMesh(), 'Api', { containers: [{ ...WEB, process, storage }] });
  const warnings = Annotations.fromStack(Stack.of(api)).findWarning('*', Match.stringLikeRegexp('/data'));
  expect(warnings).toHaveLength(1);
});

test('PR-02: the sixth route to a service is refused', () => {
  const mesh = newMesh();
  const gateway = newGateway(mesh);
  const target = newService(mesh, 'Api').port('http');
  const route = (i: number) => gateway.external.route(`Route${i}`, { target, paths: [`/p${i}/*`] });
  for (let i = 0; i < 5; i++) route(i);
  expect(() => route(5)).toThrow('[RoutesPerService at Shop/Api]');
});

test('NU-9: a route says its address, also without a domain', () => {
  const mesh = newMesh();
  const external = ExternalSide.http();
  const gateway = new DualAlbGateway(Stack.of(mesh), 'Gateway', { network: mesh, external });
  const { url } = gateway.external.route('Api', { target: newService(mesh, 'Api').port('http') });
  const parts = ['http://', { 'Fn::GetAtt': [expect.stringMatching(/^GatewayExternal/), 'DNSName'] }];
  expect(Stack.of(mesh).resolve(url)).toEqual({ 'Fn::Join': ['', parts] });
});
