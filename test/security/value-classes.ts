import { Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { UserPool, UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { InstanceClass, InstanceSize, InstanceType, Peer } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, CpuArchitecture, DeploymentLifecycleStage } from 'aws-cdk-lib/aws-ecs';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  AccessLogs,
  BucketAccess,
  CapacityShare,
  Compliance,
  Compute,
  ContainerRedis,
  RedisPersistence,
  DatabaseRotation,
  DeploymentHook,
  DualAlbGateway,
  Ec2PurchaseOption,
  Endpoint,
  ExternalHttpsOptions,
  ExternalSide,
  FeatureFlags,
  GitHubDeployRole,
  GitHubSubject,
  HostImage,
  ImageRepository,
  InternalSide,
  MeshAlarms,
  MeshDashboard,
  MeshNetwork,
  MeshServiceProps,
  MutualTls,
  NatStrategy,
  OfficeHours,
  PostgresDatabase,
  QueueWorkerService,
  RedisBackedEcsService,
  RedisExposure,
  Rollout,
  RouteAuthentication,
  Scaling,
  ScheduledJob,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceConnectMeshProps,
  ServiceDiscovery,
  ParameterSettings,
  Shield,
  SideCertificate,
  TestTraffic,
  Tracing,
  Waf,
} from 'cdk-ecs-mesh';
import { Choice, inMesh as inMeshOf } from './matrix';
import { newService, oidc, WEB } from '../helpers';

type Build = (stack: Stack, mesh: ServiceConnectMesh) => void;

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/shop';
const minutes = (amount: number) => Duration.minutes(amount);
const large = (type: InstanceClass) => InstanceType.of(type, InstanceSize.LARGE);
const OPEN = OfficeHours.weekdays(TimeZone.ETC_UTC, { opens: '07:00', closes: '19:00' });

const ENV = { account: '111111111111', region: 'eu-west-1' };

/** Several choices of value classes in one stack of one mesh: what a stack costs to make is paid once. */
const inMesh = (build: Build, props: ServiceConnectMeshProps = {}): Choice => inMeshOf(build, props, ENV);

function gateway(
  stack: Stack,
  mesh: ServiceConnectMesh,
  options: Partial<ExternalHttpsOptions> = {},
  accessLogs?: AccessLogs,
  id = 'Gateway',
): DualAlbGateway {
  const { privateZone: zone, removalPolicy } = mesh;
  const given = () => SideCertificate.given(Certificate.fromCertificateArn(stack, `${id}Certificate`, CERTIFICATE));
  const external = ExternalSide.https({ certificate: options.certificate ?? given(), ...options });
  const inside = { zone, waf: options.waf };
  const internal = id === 'Named' ? InternalSide.https({ ...inside, certificate: given() }) : InternalSide.http(inside);
  return new DualAlbGateway(stack, id, { network: mesh, external, internal, accessLogs, removalPolicy });
}

/** A service for each rollout, behind one gateway. */
const rollouts =
  (choices: Record<string, Rollout>): Build =>
  (stack, mesh) => {
    const { external } = gateway(stack, mesh);
    Object.entries(choices).forEach(([id, rollout], index) => {
      const service = newService(mesh, id, { rollout });
      external.route(id, { target: service.port('http'), paths: [`/${index}`, `/${index}/*`] });
    });
  };

const hooks = (stack: Stack) => [
  DeploymentHook.lambda('SmokeTest', Function.fromFunctionName(stack, 'SmokeTest', 'smoke-test'), {
    stages: [DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT],
  }),
];

const shifts: Build = (stack, mesh) =>
  rollouts({
    BlueGreen: Rollout.blueGreen({ testTraffic: TestTraffic.port(8443), hooks: hooks(stack) }),
    Canary: Rollout.canary({ testTraffic: TestTraffic.header('X-Version', 'next') }),
    Linear: Rollout.linear({ stepPercent: 20, stepTime: minutes(2) }),
  })(stack, mesh);

const codeDeploy: Build = (stack, mesh) => {
  const rollout = Rollout.codeDeploy({ testTraffic: TestTraffic.port(8443), approvalTime: minutes(10) });
  const target = newService(mesh, 'Web', { rollout, networking: { serviceConnect: ServiceConnect.none() } }).port('http');
  gateway(stack, mesh).external.route('Web', { target });
};

const computes: Build = (_stack, mesh) => {
  const onDemand = mesh.addEc2Capacity('Hosts', { image: HostImage.bottlerocket() });
  const otherInstanceTypes = [large(InstanceClass.T3A)];
  const spot = mesh.addEc2Capacity('SpotHosts', { otherInstanceTypes, purchase: Ec2PurchaseOption.spot() });
  const gpu = mesh.addEc2Capacity('GpuHosts', { instanceType: InstanceType.of(InstanceClass.G5, InstanceSize.XLARGE) });
  const chosen: Record<string, Compute> = {
    Spot: Compute.ec2(spot),
    Mixed: Compute.mix([CapacityShare.ec2(onDemand, { base: 1, weight: 0 }), CapacityShare.ec2(spot, { weight: 1 })]),
    Serverless: Compute.mix([CapacityShare.fargate({ base: 2, weight: 1 }), CapacityShare.fargateSpot({ weight: 2 })]),
    FargateSpot: Compute.fargateSpot({ cpuArchitecture: CpuArchitecture.ARM64 }),
    Managed: Compute.managedInstances(mesh.addManagedInstances('ManagedHosts')),
  };
  for (const [id, compute] of Object.entries(chosen)) {
    const serviceConnect = id === 'Mixed' ? ServiceConnect.none() : undefined;
    newService(mesh, id, { compute, taskSize: { cpu: 256, memoryMiB: 512 }, networking: { serviceConnect } });
  }
  newService(mesh, 'Gpu', { compute: Compute.ec2(gpu), containers: [{ ...WEB, resources: { gpuCount: 1 } }] });
};

const SUBNETS = {
  publicSubnets: ['10.0.1.0/24', '10.0.2.0/24'],
  taskSubnets: ['10.0.11.0/24', '10.0.12.0/24'],
  storeSubnets: ['10.0.21.0/24', '10.0.22.0/24'],
};

const isolated: Build = (stack, mesh) => {
  const image = ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Shop', 'shop'));
  const redis = new ContainerRedis(stack, 'Redis', { mesh, image });
  const containers = [{ ...WEB, image }];
  new RedisBackedEcsService(stack, 'Api', { mesh, redis, containers, operations: { enableExecuteCommand: true } });
};

const closedAtNight: Build = (stack, mesh) => {
  newService(mesh, 'Web').connectTo(new PostgresDatabase(stack, 'Database', { mesh }));
  newService(mesh, 'Scaled', { scaling: Scaling.between(1, 3, { cpuPercent: 60 }) });
};

const keptPassword: Build = (stack, mesh) => {
  const rotation = DatabaseRotation.none('The reporting tool reads it once.');
  newService(mesh, 'Web').connectTo(new PostgresDatabase(stack, 'Database', { mesh, rotation }));
};

const watched: Build = (stack, mesh) => {
  const names = ServiceDiscovery.privateDns(mesh.addDnsNamespace('Names', 'svc.shop.local'));
  const service = newService(mesh, 'Api', { networking: { discovery: names }, operations: { tracing: Tracing.openTelemetry() } });
  service.connectTo(new ParameterSettings(stack, 'Settings', { mesh, name: 'common', values: { LOG_LEVEL: 'info' } }));
  service.connectTo(new FeatureFlags(stack, 'Flags', { mesh, flags: { bulk: false } }));
  service.connectTo(Endpoint.parameter(StringParameter.fromStringParameterName(stack, 'Level', '/shop/level')));
  service.connectTo(Endpoint.secret(Secret.fromSecretNameV2(stack, 'Token', 'shop/token')));
  service.connectTo(Endpoint.externalHost('api.example.com'));
  const files = Bucket.fromBucketName(stack, 'Files', 'shop-files');
  service.connectTo(Endpoint.bucket(files, { access: BucketAccess.READ_WRITE }));
  const alarms = new MeshAlarms(stack, 'Alarms', { mesh });
  new MeshDashboard(stack, 'Dashboard', { mesh, alarms });
};

const ownTopic: Build = (stack, mesh) => {
  newService(mesh, 'Api');
  const masterKey = Compliance.of(stack).encryptionKey(stack);
  const actions = [new SnsAction(new Topic(stack, 'Topic', { masterKey, enforceSSL: true }))];
  new MeshDashboard(stack, 'Dashboard', { mesh, alarms: new MeshAlarms(stack, 'Alarms', { mesh, actions }) });
};

const signIn: Build = (stack, mesh) => {
  const target = newService(mesh, 'Admin').port('http');
  const { external } = gateway(stack, mesh);
  const userPool = UserPool.fromUserPoolId(stack, 'Pool', 'eu-west-1_1');
  const userPoolClient = UserPoolClient.fromUserPoolClientId(stack, 'Client', 'client');
  const userPoolDomain = UserPoolDomain.fromDomainName(stack, 'Domain', 'shop');
  const cognito = RouteAuthentication.cognito({ userPool, userPoolClient, userPoolDomain });
  external.route('Oidc', { target, paths: ['/oidc'], authentication: oidc({}, stack) });
  external.route('Cognito', { target, paths: ['/cognito'], authentication: cognito });
};

const guarded: Build = (stack, mesh) => {
  const bucket = Bucket.fromBucketName(stack, 'Authorities', 'shop-authorities');
  const zone = PublicHostedZone.fromHostedZoneAttributes(stack, 'Zone', { zoneName: 'shop.example', hostedZoneId: 'Z1' });
  const gateways: Record<string, Partial<ExternalHttpsOptions>> = {
    Verified: { mutualTls: MutualTls.verify({ bucket, key: 'partners.pem' }), shield: Shield.advanced() },
    Passed: { mutualTls: MutualTls.passthrough(), waf: Waf.managedRules({ rateLimit: 10_000 }) },
    Named: { certificate: SideCertificate.requested({ names: ['www.shop.example', 'shop.example'], zone }), zone },
    Few: { peers: [Peer.ipv4('203.0.113.0/24'), Peer.prefixList('pl-1')] },
  };
  const accessLogs = AccessLogs.bucket(Bucket.fromBucketName(stack, 'Logs', 'shop-logs'), 'shop');
  for (const [id, options] of Object.entries(gateways)) {
    const { external, internal } = gateway(stack, mesh, options, id === 'Few' ? accessLogs : undefined, id);
    const target = newService(mesh, `${id}Web`).port('http');
    [external, internal].forEach((side) => side.route('Web', { target }));
  }
};

const released: Build = (stack, mesh) => {
  const images = new ImageRepository(stack, 'Images', { repositoryName: 'shop/web' });
  const subjects = [GitHubSubject.environment('production')];
  const role = new GitHubDeployRole(stack, 'Deploy', { repository: 'acme/shop', subjects });
  role.allowPush(images);
  role.allowImageRelease(stack);
  role.allowCdkDeploy(stack);
  newService(mesh, 'Web', { containers: [{ ...WEB, image: images.image() }] } satisfies Partial<MeshServiceProps>);
};

const redisAndJobs: Build = (stack, mesh) => {
  const persistence = RedisPersistence.appendOnly();
  const redis = new ContainerRedis(stack, 'Redis', { mesh, persistence, exposure: RedisExposure.networkLoadBalancer() });
  const containers = [{ image: WEB.image }];
  new RedisBackedEcsService(stack, 'Api', { mesh, redis, containers: [WEB] });
  const worker = new QueueWorkerService(stack, 'Worker', { mesh, containers, scaling: Scaling.between(0, 9) });
  const schedule = ScheduleExpression.rate(Duration.hours(1));
  const job = new ScheduledJob(stack, 'Job', { mesh, containers, schedule, flexibleWindow: minutes(10) });
  job.connectTo(worker.queueEndpoint);
  job.connectTo(gateway(stack, mesh).internal.route('Web', { target: newService(mesh, 'Web').port('http'), recordName: 'web' }));
};

const plainHttp: Build = (stack, mesh) => {
  const { external } = new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.http() });
  external.route('Web', { target: newService(mesh, 'Web').port('http') });
};

/** Choices that `strict()` refuses. */
export const STANDARD_ONLY: Record<string, Choice> = { 'plain HTTP': inMesh(plainHttp) };

/** What can be chosen by a value class, in stacks of several choices. */
export const VALUE_CLASSES: Record<string, Choice> = {
  'rollouts that shift traffic, with hooks and test traffic': inMesh(shifts),
  CodeDeploy: inMesh(codeDeploy),
  'Spot, mixes, GPU and Managed Instances': inMesh(computes),
  'a network without a way out': inMesh(isolated, {
    network: MeshNetwork.threeTier({ subnets: SUBNETS, nat: NatStrategy.none() }),
  }),
  'NAT instances': inMesh(closedAtNight, { network: MeshNetwork.threeTier({ nat: NatStrategy.instancePerAz() }) }),
  'a password that stays': inMesh(keptPassword),
  'office hours': inMesh(closedAtNight, { officeHours: OPEN }),
  'office hours in development': inMesh(closedAtNight, { officeHours: OPEN, removalPolicy: RemovalPolicy.DESTROY }),
  'settings, parameters, names, traces, alarms and a dashboard': inMesh(watched),
  'alarms to a topic of the user': inMesh(ownTopic),
  'sign-in': inMesh(signIn),
  'mutual TLS, Shield, names and logs of gateways': inMesh(guarded),
  'images and their release': inMesh(released),
  'Redis with files behind a load balancer, a worker and a job': inMesh(redisAndJobs),
};
