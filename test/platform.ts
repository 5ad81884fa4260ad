import { App, Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  AccessLogs,
  CapacityShare,
  Compliance,
  Compute,
  DualAlbGateway,
  Ec2PurchaseOption,
  ElastiCacheRedis,
  ExternalSide,
  FeatureFlags,
  ImageRepository,
  InternalSide,
  MeshAlarms,
  MeshDashboard,
  PostgresDatabase,
  QueueWorkerService,
  RedisBackedEcsService,
  Rollout,
  Scaling,
  ScheduledJob,
  ServiceConnectMesh,
  ServiceDiscovery,
  ParameterSettings,
  SideCertificate,
  WritablePath,
} from 'cdk-ecs-mesh';
import { Construct } from 'constructs';

export interface PlatformOptions {
  /** Where the stacks are; a new app without it. */
  readonly scope?: Construct;
  readonly region?: string;
  readonly inOneStack?: boolean;
  /** What becomes of construct ids. */
  readonly rename?: (id: string) => string;
  readonly compliance?: Compliance;
}

/** Everything of examples/platform, each part in a stack of its own unless all are in one. */
export function platform(options: PlatformOptions = {}): App {
  const { scope = new App(), region, inOneStack, rename = (id: string) => id, compliance } = options;
  compliance?.applyTo(scope);
  const one = inOneStack ? new Stack(scope, 'One', { env: { region } }) : undefined;
  const at = (id: string): [Stack, string] => [one ?? new Stack(scope, `${id}Stack`, { env: { region } }), rename(id)];
  const containers = (id: string, port = true) => [
    {
      image: new ImageRepository(...at(`${id}Images`)).image(),
      ports: port ? [{ name: 'http', containerPort: 8080 }] : [],
      storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
      lifecycle: { stopTimeout: Duration.seconds(85) },
    },
  ];

  const mesh = new ServiceConnectMesh(...at('Mesh'), { meshName: 'platform', privateDomain: 'platform.internal' });
  const discovery = ServiceDiscovery.privateDns(mesh.addDnsNamespace(rename('Names'), 'svc.platform.internal'));
  const database = new PostgresDatabase(...at('Database'), { mesh });
  const api = new RedisBackedEcsService(...at('Api'), {
    mesh,
    redis: new ElastiCacheRedis(...at('Redis'), { mesh }),
    networking: { discoveryName: 'api', discovery },
    compute: Compute.mix([CapacityShare.fargate({ base: 2, weight: 1 }), CapacityShare.fargateSpot({ weight: 2 })]),
    rollout: Rollout.blueGreen(),
    scaling: Scaling.between(3, 9, { cpuPercent: 60 }),
    containers: containers('Api'),
  });
  const hosts = mesh.addEc2Capacity(rename('Hosts'));
  const spot = mesh.addEc2Capacity(rename('Spot'), { purchase: Ec2PurchaseOption.spot() });
  const worker = new QueueWorkerService(...at('Worker'), {
    mesh,
    networking: { discoveryName: 'worker', discovery },
    compute: Compute.mix([CapacityShare.ec2(hosts, { base: 1, weight: 0 }), CapacityShare.ec2(spot, { weight: 1 })]),
    containers: containers('Worker'),
  });
  const job = new ScheduledJob(...at('Job'), {
    mesh,
    discoveryName: 'job',
    schedule: ScheduleExpression.rate(Duration.hours(1)),
    containers: containers('Job', false),
  });

  const [edge, id] = at('Gateway');
  const gateway = new DualAlbGateway(edge, id, {
    network: mesh,
    external: ExternalSide.https({
      certificate: SideCertificate.given(
        Certificate.fromCertificateArn(
          edge,
          'Certificate',
          `arn:aws:acm:${region ?? 'eu-west-1'}:111111111111:certificate/platform`,
        ),
      ),
      zone: HostedZone.fromHostedZoneAttributes(edge, 'Zone', { zoneName: 'example.com', hostedZoneId: 'Z0' }),
    }),
    internal: InternalSide.http({ zone: mesh.privateZone }),
    accessLogs: region ? undefined : AccessLogs.none(),
  });
  gateway.external.route(rename('Api'), { target: api.port('http'), recordName: 'api' });
  const inside = gateway.internal.route(rename('Worker'), { target: worker.port('http'), recordName: 'worker' });
  api.connectTo(database);
  api.connectTo(worker.queueEndpoint, { as: 'WORK' });
  worker.connectTo(database);
  job.connectTo(inside, { as: 'WORKER' });
  job.connectTo(worker.queueEndpoint, { as: 'WORK' });
  const settings = new ParameterSettings(...at('Settings'), { mesh, name: 'common', values: { LOG_LEVEL: 'info' } });
  const flags = new FeatureFlags(...at('Flags'), { mesh, name: 'flags', flags: { bulkImport: false } });
  for (const service of [api, worker]) {
    service.connectTo(settings);
    service.connectTo(flags);
  }
  const alarms = new MeshAlarms(...at('Alarms'), { mesh });
  alarms.rollBack(api);
  new MeshDashboard(...at('Dashboard'), { mesh, alarms });
  return mesh.node.root as App;
}
