import { join } from 'path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import {
  AfterRotation,
  Compliance,
  ContainerRedis,
  RedisPersistence,
  CostReport,
  DualAlbGateway,
  EcsMeshChecks,
  ElastiCacheRedis,
  ExternalSide,
  IRedisStore,
  PostgresDatabase,
  RedisBackedEcsService,
  RedisExposure,
  Scaling,
  ServiceConnect,
  ServiceConnectMesh,
  SideCertificate,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';

/** A voting page and its Redis, each behind a load balancer of its own. Settings come from `-c name=value`; all may be left out. */
export class VotingStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const removalPolicy = this.setting('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const mesh = new ServiceConnectMesh(this, 'Mesh', { removalPolicy });
    const redis = this.createRedis(mesh);

    const frontend = this.createFrontend(mesh, redis);
    if (this.setting('database') === 'postgres') {
      const database = new PostgresDatabase(this, 'Database', { mesh, databaseName: 'votes' });
      frontend.connectTo(database, { afterRotation: AfterRotation.READ_AGAIN });
    }

    const zone = this.publicZone(this.setting('zoneName'), this.setting('zoneId'));
    const gateway = this.createGateway(mesh, removalPolicy, zone);
    const page = gateway.external.route('Frontend', {
      target: frontend.port('http'),
      recordName: zone && 'vote',
      healthCheck: {
        path: '/healthz',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(4),
        healthyThreshold: 3,
        unhealthyThreshold: 2,
      },
    });
    new CfnOutput(this, 'Url', { value: page.url, description: 'The page' });
    new CfnOutput(this, 'RedisHost', { value: redis.host, description: 'The Redis store, inside the network' });
  }

  private setting(name: string): string | undefined {
    return this.node.tryGetContext(name);
  }

  /** One writer: it grows by `cpu` and `memoryMiB`, never by a second task. Replicas for reads come with ElastiCache. */
  private createRedis(mesh: ServiceConnectMesh): IRedisStore {
    if (this.setting('redis') === 'elasticache') return new ElastiCacheRedis(this, 'Redis', { mesh });
    return new ContainerRedis(this, 'Redis', {
      mesh,
      exposure: RedisExposure.networkLoadBalancer(),
      persistence: this.setting('persistence') === 'none' ? RedisPersistence.none() : RedisPersistence.appendOnly(),
      taskSize: { cpu: 256, memoryMiB: 512 },
    });
  }

  private createFrontend(mesh: ServiceConnectMesh, redis: IRedisStore): RedisBackedEcsService {
    return new RedisBackedEcsService(this, 'Frontend', {
      mesh,
      redis,
      // The load balancers' own DNS names join the tiers; no task carries a proxy.
      networking: { serviceConnect: ServiceConnect.none() },
      scaling: Scaling.between(2, 10, { cpuPercent: 60, requestsPerTarget: 1000 }),
      containers: [
        {
          image: ecs.ContainerImage.fromAsset(join(__dirname, 'frontend'), { platform: Platform.LINUX_AMD64 }),
          ports: [{ name: 'http', containerPort: 8080 }],
          environment: { QUESTION: 'Cats or dogs?', OPTION_A: 'Cats', OPTION_B: 'Dogs' },
          process: { user: '1000' },
          healthCheck: {
            command: ['CMD', 'node', '/app/healthcheck.js'],
            interval: Duration.seconds(10),
            timeout: Duration.seconds(5),
            retries: 3,
            startPeriod: Duration.seconds(10),
          },
        },
      ],
    });
  }

  private createGateway(mesh: ServiceConnectMesh, removalPolicy: RemovalPolicy, publicZone?: route53.IHostedZone): DualAlbGateway {
    const external = publicZone
      ? ExternalSide.https({
          certificate: SideCertificate.requested({ names: [`vote.${publicZone.zoneName}`], zone: publicZone }),
          zone: publicZone,
        })
      : ExternalSide.http();
    return new DualAlbGateway(this, 'Gateway', { network: mesh, external, removalPolicy });
  }

  private publicZone(zoneName?: string, hostedZoneId?: string): route53.IHostedZone | undefined {
    if (!zoneName || !hostedZoneId) return undefined;
    return route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId });
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new VotingStack(app, 'Voting');
TopologyDiagram.attach(app, { title: 'Voting' });
CostReport.attach(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
