import { App, Duration, Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AccessLogs,
  Compliance,
  ContainerRedis,
  RedisPersistence,
  DeploymentJob,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  ImportedRedis,
  InternalSide,
  IRedisStore,
  MeshNetwork,
  NatStrategy,
  PostgresDatabase,
  QueueWorkerService,
  RedisAuthentication,
  RedisBackedEcsService,
  RedisExposure,
  Rollout,
  Scaling,
  ScheduledJob,
  ServerlessRedis,
  ServiceConnectMesh,
  ServiceConnectMeshProps,
  SideCertificate,
  Waf,
} from 'cdk-ecs-mesh';
import { newService, WEB } from '../helpers';
import { certificate } from '../shop';

type Build = (stack: Stack, mesh: ServiceConnectMesh) => void;

const DEVELOPMENT = { removalPolicy: RemovalPolicy.DESTROY };

/** Makes the stack that everything is in. */
export type Place = (app: App) => Stack;

/** An app of one choice. */
export type Choice = (compliance: Compliance, place?: Place) => App;

export function inMesh(build: Build, props: ServiceConnectMeshProps = {}, env: Environment = { region: 'eu-west-1' }): Choice {
  return (compliance, place = (app) => new Stack(app, 'Shop', { env })) => {
    const app = new App();
    compliance.applyTo(app);
    const stack = place(app);
    build(stack, new ServiceConnectMesh(stack, 'Mesh', { privateDomain: 'shop.local', ...props }));
    return app;
  };
}

/** A service that calls the store, which has its alarms. */
const withStore =
  (create: (stack: Stack, mesh: ServiceConnectMesh) => IRedisStore & { addAlarms?: Ec2HostRedis['addAlarms'] }): Build =>
  (stack, mesh) => {
    const redis = create(stack, mesh);
    redis.addAlarms?.({
      actions: [
        new SnsAction(new Topic(stack, 'Alarms', { masterKey: Compliance.of(stack).encryptionKey(stack), enforceSSL: true })),
      ],
    });
    new RedisBackedEcsService(stack, 'Api', { mesh, redis, containers: [WEB] });
  };

const job: Build = (stack, mesh) => {
  const schedule = ScheduleExpression.rate(Duration.hours(1));
  new ScheduledJob(stack, 'Job', { mesh, schedule, containers: [{ image: WEB.image }] });
};

const deploymentJob: Build = (stack, mesh) => {
  new DeploymentJob(stack, 'Migrate', { mesh, containers: [{ image: WEB.image }] }).before(newService(mesh, 'Api'));
};

const worker: Build = (stack, mesh) => {
  const containers = [{ image: WEB.image }];
  const queue = new QueueWorkerService(stack, 'Worker', { mesh, containers, scaling: Scaling.between(0, 9) });
  newService(mesh, 'Api').connectTo(queue.queueEndpoint);
};

const database =
  (multiAz: boolean): Build =>
  (stack, mesh) =>
    newService(mesh, 'Api').connectTo(new PostgresDatabase(stack, 'Database', { mesh, multiAz }));

const gateway =
  (waf?: Waf, accessLogs?: AccessLogs): Build =>
  (stack, mesh) => {
    const { privateZone: zone, removalPolicy } = mesh;
    const external = ExternalSide.https({ certificate: SideCertificate.given(certificate(stack)), waf });
    const internal = InternalSide.http({ zone, waf });
    new DualAlbGateway(stack, 'Gateway', { network: mesh, external, internal, accessLogs, removalPolicy });
  };

/** A gateway that was told what is in front of it, and where its logs go. */
export const gatewayWith = (waf?: Waf, accessLogs?: AccessLogs) => inMesh(gateway(waf, accessLogs));

const service: Build = (_stack, mesh) => {
  const [web, api] = ['Web', 'Api'].map((id) => newService(mesh, id, { rollout: Rollout.rolling({ minHealthyPercent: 100 }) }));
  web.connectTo(api.port('http'));
};

/** Every choice of the constructs that the combinations of computes and stores leave out. */
export const CHOICES: Record<string, Choice> = {
  'a host whose data is lost': inMesh(
    withStore((stack, mesh) => new Ec2HostRedis(stack, 'Redis', { mesh, persistence: RedisPersistence.none() })),
  ),
  'a host in development': inMesh(
    withStore((stack, mesh) => new Ec2HostRedis(stack, 'Redis', { mesh })),
    DEVELOPMENT,
  ),
  'a container without a password': inMesh(
    withStore((stack, mesh) => new ContainerRedis(stack, 'Redis', { mesh, authentication: RedisAuthentication.NONE })),
  ),
  'a container with files behind a load balancer, in development': inMesh(
    withStore((stack, mesh) => {
      const persistence = RedisPersistence.appendOnly();
      return new ContainerRedis(stack, 'Redis', { mesh, persistence, exposure: RedisExposure.networkLoadBalancer() });
    }),
    DEVELOPMENT,
  ),
  'one node of ElastiCache': inMesh(withStore((stack, mesh) => new ElastiCacheRedis(stack, 'Redis', { mesh, numReplicas: 0 }))),
  'a serverless cache in development': inMesh(
    withStore((stack, mesh) => new ServerlessRedis(stack, 'Redis', { mesh })),
    DEVELOPMENT,
  ),
  'a store of somebody else': inMesh(
    withStore((stack) => new ImportedRedis(stack, 'Redis', { host: 'redis.example.com', tls: true })),
  ),
  'a job': inMesh(job),
  'a deployment job': inMesh(deploymentJob),
  'a worker': inMesh(worker),
  'a database': inMesh(database(true)),
  'a database in one zone, in development': inMesh(database(false), DEVELOPMENT),
  'a gateway': gatewayWith(),
  'a gateway in development, with a web ACL of somebody else': inMesh(
    gateway(Waf.fromArn('arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/shop/1')),
    DEVELOPMENT,
  ),
  'one NAT gateway': inMesh(service, { network: MeshNetwork.threeTier({ nat: NatStrategy.single() }) }),
};
