import { App, CfnOutput, Duration, Size, Stack, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import {
  AfterRotation,
  Compliance,
  ComponentKind,
  ContainerRedis,
  DualAlbGateway,
  EcsMeshChecks,
  ExternalSide,
  MeshAlarms,
  MeshDashboard,
  MeshNetwork,
  MeshService,
  MetricRecord,
  NatStrategy,
  PostgresDatabase,
  RedisBackedEcsService,
  RedisExposure,
  Rollout,
  ServiceConnectMesh,
  SideCertificate,
  TopologyDiagram,
  Waf,
  WritablePath,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { Images } from './images';
import { MANAGED_RULES, pinnedImage, Profile } from './profile';

const REGION = process.env.CDK_DEFAULT_REGION ?? 'us-east-1';
const SUBNETS = {
  publicSubnets: ['10.0.1.0/24', '10.0.2.0/24'],
  taskSubnets: ['10.0.11.0/24', '10.0.12.0/24'],
  storeSubnets: ['10.0.21.0/24', '10.0.22.0/24'],
};

/** Nginx in front of a Flask API, Redis and PostgreSQL behind it. The same code for every profile. */
export class FlaskStack extends Stack {
  constructor(scope: Construct, id: string, profile: Profile) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: REGION } });
    const { nat, containerInsights, officeHours, removalPolicy, multiAzDatabase, redisCompute } = profile.choices;

    const mesh = new ServiceConnectMesh(this, 'Mesh', {
      meshName: `flask-${profile.name}`,
      network: MeshNetwork.threeTier({ cidr: '10.0.0.0/16', subnets: SUBNETS, nat }),
      containerInsights,
      officeHours,
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

    const images = new Images(this, 'Images', profile, this.setting('github'));
    const flask = this.createFlask(mesh, profile, redis, images.of('flask'));
    flask.connectTo(database, { afterRotation: AfterRotation.READ_AGAIN });
    const nginx = this.createNginx(mesh, profile, images.of('nginx'));
    nginx.connectTo(flask.port('http'));

    const publicZone = this.publicZone(this.setting('zoneName'), this.setting('zoneId'));
    const page = this.createGateway(mesh, profile, publicZone).external.route('Nginx', {
      target: nginx.port('http'),
      recordName: publicZone && `links-${profile.name}`,
      healthCheck: { path: '/nginx-health', interval: Duration.seconds(30), healthyThreshold: 2, unhealthyThreshold: 3 },
    });
    new CfnOutput(this, 'Url', { value: page.url, description: 'The page and the API' });
    if (profile.choices.watched) this.watch(mesh, flask);
  }

  private createFlask(mesh: ServiceConnectMesh, { choices }: Profile, redis: ContainerRedis, image: ecs.ContainerImage) {
    return new RedisBackedEcsService(this, 'Flask', {
      mesh,
      redis,
      networking: { discoveryName: 'flask-app' },
      compute: choices.compute,
      taskSize: { cpu: 512, memoryMiB: 1024 },
      scaling: choices.scaling,
      operations: { enableExecuteCommand: true },
      containers: [
        {
          image,
          ports: [{ name: 'http', containerPort: 5000, dnsName: 'flask-app' }],
          process: { user: '1000' },
          storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
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

  private createNginx(mesh: ServiceConnectMesh, { choices }: Profile, image: ecs.ContainerImage): MeshService {
    return new MeshService(this, 'Nginx', {
      mesh,
      compute: choices.compute,
      taskSize: { cpu: 256, memoryMiB: 512 },
      scaling: choices.scaling,
      operations: { enableExecuteCommand: true },
      rollout: this.setting('rollout') === 'blueGreen' ? Rollout.blueGreen() : Rollout.rolling(),
      containers: [
        {
          image,
          ports: [{ name: 'http', containerPort: 8080 }],
          process: { user: '101' },
          storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
        },
      ],
    });
  }

  private createGateway(mesh: ServiceConnectMesh, { choices, name }: Profile, publicZone?: route53.IHostedZone): DualAlbGateway {
    const certificate = publicZone
      ? new acm.Certificate(this, 'Certificate', {
          domainName: `links-${name}.${publicZone.zoneName}`,
          validation: acm.CertificateValidation.fromDns(publicZone),
        })
      : undefined;
    const options = { zone: publicZone, waf: choices.waf };
    return new DualAlbGateway(this, 'Gateway', {
      network: mesh,
      external: certificate
        ? ExternalSide.https({ ...options, certificate: SideCertificate.given(certificate) })
        : ExternalSide.http(options),
      removalPolicy: choices.removalPolicy,
    });
  }

  /** Alarms of every service, of the load balancer and of both stores; somebody must subscribe to their topic. */
  private watch(mesh: ServiceConnectMesh, flask: MeshService): void {
    const errors = flask.logGroup.addMetricFilter('Errors', {
      filterPattern: logs.FilterPattern.stringValue('$.level', '=', 'error'),
      metricNamespace: mesh.meshName,
      metricName: 'FlaskErrors',
    });
    const metric = errors.metric({ statistic: 'Sum', period: Duration.minutes(1) });
    const alarm = { threshold: 5, description: 'Flask logs errors: the database is away, or the code is wrong' };
    const metrics = [{ id: 'Errors', title: 'Error lines', metric, alarm }];
    MetricRecord.of(mesh).add({ owner: flask, home: mesh, kind: ComponentKind.SERVICE, label: 'flask-app', metrics });

    const alarms = new MeshAlarms(this, 'Alarms', { mesh });
    new MeshDashboard(this, 'Dashboard', { mesh, alarms });
    new CfnOutput(this, 'AlarmTopic', { value: alarms.topic!.topicArn, description: 'Subscribe to hear of alarms' });
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
/** `-c compliance=strict` puts a web ACL in front of development too. */
const compliance = app.node.tryGetContext('compliance') === 'strict' ? Compliance.strict() : Compliance.standard();
compliance.applyTo(app);
const waf = compliance.isStrict ? MANAGED_RULES : Waf.none();
/** `-c profile=production` leaves the other stack out; `-c nat=instance` takes NAT instances in production, `-c natImage=ami-...` pins them. */
const wanted: string | undefined = app.node.tryGetContext('profile');
const natImage = pinnedImage(REGION, app.node.tryGetContext('natImage'));
const nat = app.node.tryGetContext('nat') === 'instance' ? NatStrategy.instancePerAz({ machineImage: natImage }) : undefined;
for (const profile of [Profile.production(nat), Profile.development(waf, natImage)]) {
  const id = `Flask${profile.name[0].toUpperCase()}${profile.name.slice(1)}`;
  if (!wanted || wanted === profile.name) new FlaskStack(app, id, profile);
}
TopologyDiagram.attach(app, { title: 'Flask behind Nginx' });
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
