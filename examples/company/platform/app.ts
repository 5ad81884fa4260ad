import { App, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import {
  Compliance,
  CostReport,
  DualAlbGateway,
  EcsMeshChecks,
  ElastiCacheRedis,
  ExternalSide,
  PostgresDatabase,
  ServiceConnectMesh,
  SideCertificate,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';

/**
 * The app of the platform team: network, cluster, namespace, public load balancer, cache and database, shared with the apps of other
 * repositories under `/company`. Settings come from `-c name=value`; all may be left out.
 */
export class PlatformStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const removalPolicy = this.setting('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const mesh = new ServiceConnectMesh(this, 'Mesh', { namespaceName: 'company', removalPolicy });
    const gateway = new DualAlbGateway(this, 'Gateway', { network: mesh, external: this.publicSide(), removalPolicy });
    const cache = new ElastiCacheRedis(this, 'Cache', { mesh });
    const database = new PostgresDatabase(this, 'Database', { mesh, databaseName: 'orders' });

    mesh.share('/company/mesh');
    gateway.external.share('/company/public');
    cache.share('/company/cache');
    database.share('/company/database');
    new CfnOutput(this, 'Url', { value: gateway.external.url, description: 'The load balancer, to which other apps add routes' });
  }

  private setting(name: string): string | undefined {
    return this.node.tryGetContext(name);
  }

  /** HTTPS with one certificate for the names of all apps, or plain HTTP without a domain. */
  private publicSide(): ExternalSide {
    const [zoneName, hostedZoneId] = [this.setting('zoneName'), this.setting('zoneId')];
    if (!zoneName || !hostedZoneId) return ExternalSide.http();
    const zone = route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId });
    return ExternalSide.https({ certificate: SideCertificate.requested({ names: [`*.${zoneName}`], zone }) });
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new PlatformStack(app, 'CompanyPlatform');
TopologyDiagram.attach(app, { title: 'Company: platform' });
CostReport.attach(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
