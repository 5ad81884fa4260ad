import { App, CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  AfterRotation,
  BucketAccess,
  Compliance,
  ContainerRedis,
  CostReport,
  DeploymentJob,
  DualAlbGateway,
  EcsMeshChecks,
  Endpoint,
  ExternalSide,
  PostgresDatabase,
  RedisBackedEcsService,
  Rollout,
  Scaling,
  ServiceConnectMesh,
  SideCertificate,
  TopologyDiagram,
  Waf,
  WritablePath,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { CareImage } from './care-image';

const PACKS = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/** A Django web service and its Celery worker, joined to Redis by Service Connect; PostgreSQL and a bucket behind both. */
class CareStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const removalPolicy = this.setting('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    // Where the pages of CARE are: another app, the browser's side of this one. The default is its development server.
    const frontend = this.setting('frontend') ?? 'http://localhost:4000';

    const mesh = new ServiceConnectMesh(this, 'Mesh', { namespaceName: 'care-ns', removalPolicy });
    const database = new PostgresDatabase(this, 'Database', { mesh, databaseName: 'care' });
    const uploads = this.createUploads(removalPolicy, frontend);
    const redis = new ContainerRedis(this, 'Redis', {
      mesh,
      // With search and JSON, from the registry that limits nobody's pulls.
      image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/redis:8.10-alpine'),
      taskSize: { cpu: 1024, memoryMiB: 3072 },
    });
    const publicZone = this.publicZone(this.setting('zoneName'), this.setting('zoneId'));
    const gateway = this.createGateway(mesh, removalPolicy, publicZone);

    const keys = this.createKeys();
    const container = {
      image: CareImage.build(this, this.setting('careImage'), this.setting('careVersion')),
      environment: CareImage.variables(uploads, frontend),
      secrets: {
        DJANGO_SECRET_KEY: ecs.Secret.fromSecretsManager(keys, 'django'),
        JWKS_BASE64: ecs.Secret.fromSecretsManager(keys, 'jwks'),
      },
      storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
    };
    const care = new RedisBackedEcsService(this, 'Care', {
      mesh,
      redis,
      taskSize: { cpu: 1024, memoryMiB: 2048 },
      containers: [{ ...container, process: { command: CareImage.WEB }, ports: [{ name: 'http', containerPort: 9000 }] }],
    });
    const celery = new RedisBackedEcsService(this, 'Celery', {
      mesh,
      redis,
      taskSize: { cpu: 1024, memoryMiB: 2048 },
      // Two beats would send every job twice, so the old task stops before the new one starts; what is sent meanwhile waits in Redis.
      scaling: Scaling.fixed(1),
      rollout: Rollout.rolling({ minHealthyPercent: 0, maxHealthyPercent: 100 }),
      containers: [
        {
          ...container,
          name: 'worker',
          process: { command: CareImage.WORKER },
          healthCheck: CareImage.WORKER_ANSWERS,
          lifecycle: { stopTimeout: Duration.minutes(2) },
        },
        { ...container, name: 'beat', process: { command: CareImage.BEAT } },
      ],
    });
    const migrate = new DeploymentJob(this, 'Migrate', {
      mesh,
      taskSize: { cpu: 512, memoryMiB: 1024 },
      timeout: Duration.minutes(14), // the first time all of CARE's migrations run, on a small instance
      containers: [{ ...container, process: { command: CareImage.MIGRATE } }],
    });
    migrate.connectTo(database);
    migrate.connectTo(Endpoint.secret(keys), { as: 'KEYS' });
    this.letWrite(keys, migrate);
    for (const service of [care, celery]) {
      service.connectTo(database, { afterRotation: AfterRotation.READ_AGAIN });
      service.connectTo(Endpoint.bucket(uploads, { access: BucketAccess.READ_WRITE }));
      migrate.before(service);
    }

    const page = gateway.external.route('Care', {
      target: care.port('http'),
      recordName: publicZone && 'care',
      healthCheck: { path: '/ping/' },
    });
    new CfnOutput(this, 'Url', { value: page.url, description: 'The web service' });
  }

  /** Keys of the app: Secrets Manager makes the one, the migration job the other. */
  private createKeys(): secretsmanager.Secret {
    const keys = new secretsmanager.Secret(this, 'Keys', {
      description: 'What CARE signs sessions (django) and tokens (jwks) with',
      encryptionKey: Compliance.of(this).encryptionKey(this),
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ jwks: 'made by the migration job' }),
        generateStringKey: 'django',
        passwordLength: 64,
        excludePunctuation: true,
      },
    });
    const rules = ['AwsSolutions-SMG4', ...PACKS.map((pack) => `${pack}-SecretsManagerRotationEnabled`)];
    const reason = 'Another key ends every session and makes every token invalid; change it when it has leaked.';
    Validations.of(keys).acknowledge(...rules.map((id) => ({ id, reason })));
    return keys;
  }

  /** Nothing but a new value: `grantWrite` allows changes of the secret itself too. */
  private letWrite(keys: secretsmanager.Secret, { taskRole }: DeploymentJob): void {
    const put = { actions: ['secretsmanager:PutSecretValue'], resources: [keys.secretArn] };
    taskRole.addToPrincipalPolicy(new iam.PolicyStatement(put));
    const key = keys.encryptionKey;
    if (key) taskRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [key.keyArn] }));
  }

  private createUploads(removalPolicy: RemovalPolicy, frontend: string): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Uploads', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      // What was replaced or deleted by mistake can be restored for 90 days, and is then deleted for good.
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(90),
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      encryptionKey: Compliance.of(this).encryptionKey(this),
      // Browsers upload and read with links that CARE signs.
      cors: [
        { allowedOrigins: [frontend], allowedMethods: [s3.HttpMethods.PUT, s3.HttpMethods.GET], allowedHeaders: ['content-type'] },
      ],
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    const logging =
      'Two task roles reach the bucket and CARE keeps its own audit log; add serverAccessLogsBucket where yours must be outside the app.';
    const replication = 'Versions undo mistakes; add replicationRules where a copy in a second Region is asked for.';
    Validations.of(bucket).acknowledge(
      { id: 'AwsSolutions-S1', reason: logging },
      ...PACKS.flatMap((pack) => [
        { id: `${pack}-S3BucketLoggingEnabled`, reason: logging },
        { id: `${pack}-S3BucketReplicationEnabled`, reason: replication },
      ]),
    );
    return bucket;
  }

  private createGateway(mesh: ServiceConnectMesh, removalPolicy: RemovalPolicy, publicZone?: route53.IHostedZone): DualAlbGateway {
    // Clinical forms and pictures are larger than the 8 KB that the rule allows; a hospital has one address for all of its people.
    const waf = Waf.managedRules({ countedRules: ['SizeRestrictions_BODY'], rateLimit: 10000 });
    const external = publicZone
      ? ExternalSide.https({
          certificate: SideCertificate.requested({ names: [`care.${publicZone.zoneName}`], zone: publicZone }),
          zone: publicZone,
          waf,
        })
      : ExternalSide.http({ waf });
    return new DualAlbGateway(this, 'Gateway', { network: mesh, external, removalPolicy });
  }

  private publicZone(zoneName?: string, hostedZoneId?: string): route53.IHostedZone | undefined {
    if (!zoneName || !hostedZoneId) return undefined;
    return route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId });
  }

  private setting(name: string): string | undefined {
    return this.node.tryGetContext(name);
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new CareStack(app, 'Care');
TopologyDiagram.attach(app, { title: 'Care' });
CostReport.attach(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
