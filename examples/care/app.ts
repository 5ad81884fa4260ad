import { App, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  BucketAccess,
  Compliance,
  ContainerRedis,
  CostReport,
  DatabaseRotation,
  DeploymentJob,
  DualAlbGateway,
  EcsMeshChecks,
  Endpoint,
  PostgresDatabase,
  RedisBackedEcsService,
  Scaling,
  ServiceConnectMesh,
  TopologyDiagram,
  WritablePath,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';

/** A Django web service and its Celery worker, joined to Redis by Service Connect; PostgreSQL and a bucket behind both. */
class CareStack extends Stack {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const setting = (name: string): string | undefined => this.node.tryGetContext(name);
    const removalPolicy = setting('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;

    const mesh = new ServiceConnectMesh(this, 'Mesh', { namespaceName: 'care-ns', removalPolicy });
    const rotation = DatabaseRotation.none('The image reads the password when it starts, and goes on with it.');
    const database = new PostgresDatabase(this, 'Database', { mesh, databaseName: 'care', rotation });
    const uploads = this.createUploads(removalPolicy);
    const redis = new ContainerRedis(this, 'Redis', {
      mesh,
      image: ecs.ContainerImage.fromRegistry('redis/redis-stack-server:7.4.0-v3'),
      cpu: 1024,
      memoryMiB: 3072,
    });

    const image = ecs.ContainerImage.fromEcrRepository(
      ecr.Repository.fromRepositoryName(this, 'Images', setting('repository') ?? 'care'),
    );
    const environment = { DJANGO_SETTINGS_MODULE: 'config.settings.production' };
    const writablePaths = [WritablePath.tmpfs('/tmp')];
    const care = new RedisBackedEcsService(this, 'Care', {
      mesh,
      redis,
      cpu: 1024,
      memoryMiB: 2048,
      containers: [
        { image, command: ['/app/start-ecs.sh'], environment, writablePaths, ports: [{ name: 'http', containerPort: 9000 }] },
      ],
    });
    const celery = new RedisBackedEcsService(this, 'Celery', {
      mesh,
      redis,
      cpu: 1024,
      memoryMiB: 2048,
      // Two beats would send every job twice.
      scaling: Scaling.fixed(1),
      containers: [
        { name: 'worker', image, command: ['/app/celery_worker-ecs.sh'], environment, writablePaths },
        { name: 'beat', image, command: ['/app/celery_beat-ecs.sh'], environment, writablePaths },
      ],
    });
    const migrate = new DeploymentJob(this, 'Migrate', {
      mesh,
      cpu: 512,
      memoryMiB: 1024,
      containers: [{ image, command: ['python', 'manage.py', 'migrate'], environment, writablePaths }],
    });
    migrate.connectTo(database);
    for (const service of [care, celery]) {
      service.connectTo(database);
      service.connectTo(Endpoint.bucket(uploads, { access: BucketAccess.READ_WRITE }));
      migrate.before(service);
    }

    const publicZone = this.publicZone(setting('zoneName'), setting('zoneId'));
    const gateway = this.createGateway(mesh, removalPolicy, publicZone);
    const page = gateway.external.route('Care', {
      target: care.port('http'),
      recordName: publicZone && 'care',
      healthCheck: { path: '/ping/' },
    });
    new CfnOutput(this, 'Url', { value: page.url, description: 'The web service' });
  }

  private createUploads(removalPolicy: RemovalPolicy): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Uploads', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      encryptionKey: Compliance.of(this).encryptionKey(this),
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    const logging =
      'Two task roles reach the bucket and CARE keeps its own audit log; add serverAccessLogsBucket where yours must be outside the app.';
    const replication = 'Versions undo mistakes; add replicationRules where a copy in a second Region is asked for.';
    Validations.of(bucket).acknowledge(
      { id: 'AwsSolutions-S1', reason: logging },
      ...['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'].flatMap((pack) => [
        { id: `${pack}-S3BucketLoggingEnabled`, reason: logging },
        { id: `${pack}-S3BucketReplicationEnabled`, reason: replication },
      ]),
    );
    return bucket;
  }

  private createGateway(mesh: ServiceConnectMesh, removalPolicy: RemovalPolicy, publicZone?: route53.IHostedZone): DualAlbGateway {
    const domainNames = publicZone && [`care.${publicZone.zoneName}`];
    const externalProtocol = publicZone ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP;
    return new DualAlbGateway(this, 'Gateway', { vpc: mesh.vpc, domainNames, externalProtocol, publicZone, removalPolicy });
  }

  private publicZone(zoneName?: string, hostedZoneId?: string): route53.IHostedZone | undefined {
    if (!zoneName || !hostedZoneId) return undefined;
    return route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId });
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new CareStack(app, 'Care');
TopologyDiagram.attach(app, { title: 'Care' });
CostReport.attach(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
