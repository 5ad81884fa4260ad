import { join } from 'path';
import { App, CfnOutput, Duration, Size, Stack, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import {
  ContainerRedis,
  DualAlbGateway,
  EcsMeshChecks,
  MeshNetwork,
  MeshService,
  PostgresDatabase,
  RedisBackedEcsService,
  RedisExposure,
  ServiceConnect,
  ServiceConnectMesh,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { Profile } from './profile';

/** Nginx in front of a Flask API, Redis and PostgreSQL behind it. The same code for every profile. */
export class FlaskStack extends Stack {
  public constructor(scope: Construct, id: string, profile: Profile) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const { nat, containerInsights, removalPolicy, multiAzDatabase, redisCompute } = profile.choices;

    const mesh = new ServiceConnectMesh(this, 'Mesh', {
      meshName: `flask-${profile.name}`,
      network: MeshNetwork.threeTier({ cidr: '10.0.0.0/16', nat }),
      containerInsights,
      removalPolicy,
    });
    if (containerInsights === ecs.ContainerInsights.DISABLED) {
      Validations.of(mesh.cluster).acknowledge({
        id: 'AwsSolutions-ECS4',
        reason: 'Nobody is called when development stands still, and the metrics would cost more than its tasks.',
      });
    }
    const redis = new ContainerRedis(this, 'Redis', {
      mesh,
      // The official image, from the registry that limits nobody's pulls.
      image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/redis:7-alpine'),
      exposure: RedisExposure.serviceConnect({ dnsName: 'redis' }),
      compute: redisCompute,
    });
    const database = new PostgresDatabase(this, 'Database', {
      mesh,
      databaseName: 'links',
      multiAz: multiAzDatabase,
      storage: Size.gibibytes(20),
      backupRetention: Duration.days(7),
    });

    const flask = this.createFlask(mesh, profile, redis);
    flask.connectTo(database);
    const nginx = this.createNginx(mesh, profile);
    nginx.connectTo(flask.port('http'));

    const publicZone = this.publicZone(this.setting('zoneName'), this.setting('zoneId'));
    const page = this.createGateway(mesh, profile, publicZone).external.route('Nginx', {
      target: nginx.port('http'),
      recordName: publicZone && `links-${profile.name}`,
      healthCheck: { path: '/nginx-health', interval: Duration.seconds(30), healthyThreshold: 2, unhealthyThreshold: 3 },
    });
    new CfnOutput(this, 'Url', { value: page.url, description: 'The page and the API' });
  }

  private createFlask(mesh: ServiceConnectMesh, { choices }: Profile, redis: ContainerRedis): RedisBackedEcsService {
    return new RedisBackedEcsService(this, 'Flask', {
      mesh,
      redis,
      discoveryName: 'flask-app',
      compute: choices.compute,
      cpu: 512,
      memoryMiB: 1024,
      scaling: choices.scaling,
      enableExecuteCommand: true,
      containers: [
        {
          image: this.image('flask'),
          ports: [{ name: 'http', containerPort: 5000, dnsName: 'flask-app' }],
          user: '1000',
          writablePaths: ['/tmp'],
          healthCheck: {
            command: ['CMD', 'python', '/app/healthcheck.py'],
            interval: Duration.seconds(30),
            timeout: Duration.seconds(5),
            retries: 3,
            startPeriod: Duration.seconds(15),
          },
        },
      ],
    });
  }

  private createNginx(mesh: ServiceConnectMesh, { choices }: Profile): MeshService {
    return new MeshService(this, 'Nginx', {
      mesh,
      compute: choices.compute,
      cpu: 256,
      memoryMiB: 512,
      scaling: choices.scaling,
      enableExecuteCommand: true,
      // Only the load balancer calls Nginx, so its own requests need the proxy, and those from outside pass none.
      serviceConnect: ServiceConnect.client(),
      containers: [
        {
          image: this.image('nginx'),
          ports: [{ name: 'http', containerPort: 8080 }],
          user: '101',
          writablePaths: ['/tmp'],
        },
      ],
    });
  }

  private image(folder: string): ecs.ContainerImage {
    return ecs.ContainerImage.fromAsset(join(__dirname, folder), { platform: Platform.LINUX_ARM64 });
  }

  private createGateway(mesh: ServiceConnectMesh, { choices, name }: Profile, publicZone?: route53.IHostedZone): DualAlbGateway {
    const certificate = publicZone
      ? new acm.Certificate(this, 'Certificate', {
          domainName: `links-${name}.${publicZone.zoneName}`,
          validation: acm.CertificateValidation.fromDns(publicZone),
        })
      : undefined;
    return new DualAlbGateway(this, 'Gateway', {
      vpc: mesh.vpc,
      certificate,
      externalProtocol: certificate ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP,
      publicZone,
      waf: choices.waf,
      removalPolicy: choices.removalPolicy,
    });
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
/** `-c profile=production` leaves the other stack out. */
const wanted: string | undefined = app.node.tryGetContext('profile');
for (const profile of [Profile.production(), Profile.development()]) {
  const id = `Flask${profile.name[0].toUpperCase()}${profile.name.slice(1)}`;
  if (!wanted || wanted === profile.name) new FlaskStack(app, id, profile);
}
TopologyDiagram.attach(app, { title: 'Flask behind Nginx' });
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
