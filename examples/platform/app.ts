import { App, CfnOutput, Duration, RemovalPolicy, Stack, TimeZone, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import {
  Compliance,
  DatabaseRotation,
  DualAlbGateway,
  EcsMeshChecks,
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
  ServiceConnect,
  ServiceConnectMesh,
  ServiceDiscovery,
  ParameterSettings,
  Shield,
  SideCertificate,
  TopologyDiagram,
  WritablePath,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { Capacity } from './capacity';

/** A platform for an API, its workers and its scheduled jobs. Settings come from `-c name=value`; all may be left out. */
export class PlatformStack extends Stack {
  private readonly mesh: ServiceConnectMesh;
  private readonly capacity: Capacity;
  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    this.removalPolicy = this.setting('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.mesh = new ServiceConnectMesh(this, 'Mesh', { privateDomain: 'platform.internal', removalPolicy: this.removalPolicy });
    this.capacity = new Capacity(this.mesh);
    const names = ServiceDiscovery.privateDns(this.mesh.addDnsNamespace('Names', 'svc.platform.internal'));
    const rotation = DatabaseRotation.managedByRds();
    const database = new PostgresDatabase(this, 'Database', { mesh: this.mesh, databaseName: 'platform', rotation });

    const api = this.createApi(names);
    const worker = this.createWorker(names);
    const job = this.createScheduler();
    const gateway = this.createGateway();
    const front = gateway.external.route('Api', {
      target: api.port('http'),
      recordName: this.publicZone && 'api',
      healthCheck: { path: '/health' },
    });
    const inside = gateway.internal.route('Worker', {
      target: worker.port('http'),
      recordName: 'worker',
      healthCheck: { path: '/health' },
    });

    api.connectTo(database);
    api.connectTo(worker.queueEndpoint, { as: 'WORK' });
    worker.connectTo(database);
    // Jobs have no proxy: they call through the internal load balancer, and leave work in the queue.
    job.connectTo(inside, { as: 'WORKER' });
    job.connectTo(worker.queueEndpoint, { as: 'WORK' });

    const settings = new ParameterSettings(this, 'Settings', { mesh: this.mesh, name: 'common', values: { LOG_LEVEL: 'info' } });
    const flags = new FeatureFlags(this, 'Flags', { mesh: this.mesh, flags: { bulkImport: false } });
    for (const service of [api, worker]) {
      service.connectTo(settings);
      service.connectTo(flags);
    }

    const alarms = new MeshAlarms(this, 'Alarms', { mesh: this.mesh });
    new MeshDashboard(this, 'Dashboard', { mesh: this.mesh, alarms });
    new CfnOutput(this, 'Url', { value: front.url, description: 'The API' });
    new CfnOutput(this, 'WorkerUrl', { value: inside.url, description: 'The worker, inside the network' });
  }

  private createApi(discovery: ServiceDiscovery): RedisBackedEcsService {
    return new RedisBackedEcsService(this, 'Api', {
      mesh: this.mesh,
      redis: new ElastiCacheRedis(this, 'Redis', { mesh: this.mesh }),
      networking: { discoveryName: 'api-service', discovery },
      compute: this.capacity.serverless(),
      taskSize: { cpu: 512, memoryMiB: 1024 },
      // Requests of two target groups cannot be scaled on: that comes with `-c rollout=rolling`.
      ...(this.setting('rollout') === 'rolling'
        ? {
            rollout: Rollout.rolling(),
            scaling: Scaling.between(3, 9, { cpuPercent: 60, memoryPercent: 75, requestsPerTarget: 1200 }),
          }
        : { rollout: Rollout.blueGreen(), scaling: Scaling.between(3, 9, { cpuPercent: 60, memoryPercent: 75 }) }),
      containers: [
        {
          image: this.images('Api').image(),
          ports: [{ name: 'http', containerPort: 8080 }],
          storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
        },
      ],
    });
  }

  private createWorker(discovery: ServiceDiscovery): QueueWorkerService {
    return new QueueWorkerService(this, 'Worker', {
      mesh: this.mesh,
      networking: { discoveryName: 'worker-service', discovery, serviceConnect: ServiceConnect.none() },
      compute: this.setting('workers') === 'managed' ? this.capacity.managed() : this.capacity.hosts(),
      taskSize: { cpu: 1024, memoryMiB: 2048 },
      scaling: Scaling.between(2, 12),
      queue: { longestProcessing: Duration.seconds(80) },
      backlog: { acceptableLatency: Duration.minutes(2), averageProcessing: Duration.seconds(5) },
      containers: [
        {
          image: this.images('Worker').image(),
          ports: [{ name: 'http', containerPort: 8080 }],
          storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
          // A Spot host goes two minutes after its notice: 30 s out of the target group, then this.
          lifecycle: { stopTimeout: Duration.seconds(85) },
        },
      ],
    });
  }

  private createScheduler(): ScheduledJob {
    return new ScheduledJob(this, 'Scheduler', {
      mesh: this.mesh,
      discoveryName: 'scheduler-service',
      taskSize: { cpu: 256, memoryMiB: 512 },
      schedule: scheduler.ScheduleExpression.cron({ minute: '15', hour: '2', timeZone: TimeZone.ETC_UTC }),
      containers: [{ image: this.images('Scheduler').image(), storage: { writablePaths: [WritablePath.tmpfs('/tmp')] } }],
    });
  }

  /** Scanned on push; a placeholder runs until the first release. */
  private images(service: string): ImageRepository {
    return new ImageRepository(this, `${service}Images`, {
      repositoryName: `platform/${service.toLowerCase()}`,
      removalPolicy: this.removalPolicy,
    });
  }

  private createGateway(): DualAlbGateway {
    const { publicZone } = this;
    const certificate = publicZone
      ? new acm.Certificate(this, 'Certificate', {
          domainName: `api.${publicZone.zoneName}`,
          validation: acm.CertificateValidation.fromDns(publicZone),
        })
      : undefined;
    const options = {
      zone: publicZone,
      shield: this.setting('shield') === 'advanced' ? Shield.advanced() : Shield.standard(),
    };
    return new DualAlbGateway(this, 'Gateway', {
      network: this.mesh,
      external: certificate
        ? ExternalSide.https({ ...options, certificate: SideCertificate.given(certificate) })
        : ExternalSide.http(options),
      internal: InternalSide.http({ zone: this.mesh.privateZone }),
      removalPolicy: this.removalPolicy,
    });
  }

  private get publicZone(): route53.IHostedZone | undefined {
    const [zoneName, hostedZoneId] = [this.setting('zoneName'), this.setting('zoneId')];
    if (!zoneName || !hostedZoneId) return undefined;
    const known = this.node.tryFindChild('Zone') as route53.IHostedZone | undefined;
    return known ?? route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId });
  }

  private setting(name: string): string | undefined {
    return this.node.tryGetContext(name);
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new PlatformStack(app, 'Platform');
TopologyDiagram.attach(app, { title: 'Platform' });
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
