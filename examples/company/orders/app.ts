import { App, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import {
  Compliance,
  CostReport,
  EcsMeshChecks,
  GatewaySide,
  IGatewaySide,
  ImportedDatabase,
  MeshService,
  ServiceConnectMesh,
  ServicePort,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';

/**
 * The app of the orders team: one service behind the platform's public load balancer, which calls the service of the catalog team and keeps
 * orders in the platform's database. Settings come from `-c name=value`; all may be left out.
 */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const removalPolicy = this.setting('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const mesh = ServiceConnectMesh.fromParameters(this, 'Mesh', '/company/mesh', { removalPolicy });
    const repository = ecr.Repository.fromRepositoryName(this, 'Repository', 'orders');
    const orders = new MeshService(this, 'Orders', {
      mesh,
      containers: [
        {
          image: ecs.ContainerImage.fromEcrRepository(repository, this.setting('tag') ?? '1.0.0'),
          ports: [{ name: 'http', containerPort: 8080 }],
          process: { user: '1000' },
        },
      ],
    });
    orders.connectTo(ImportedDatabase.fromParameters(this, 'Database', '/company/database'));
    orders.connectTo(ServicePort.fromParameters(this, 'Catalog', '/company/catalog', { port: 8080 }));

    const zone = this.publicZone(this.setting('zoneName'), this.setting('zoneId'));
    const route = this.publicSide(mesh, zone).route('Orders', {
      target: orders.port('http'),
      paths: zone ? undefined : ['/orders', '/orders/*'],
      recordName: zone && 'orders',
      healthCheck: { path: '/healthz' },
    });
    new CfnOutput(this, 'Url', { value: zone ? route.url : `${route.url}/orders`, description: 'The orders' });
  }

  private setting(name: string): string | undefined {
    return this.node.tryGetContext(name);
  }

  /** The platform's load balancer. Its protocol is in no parameter that a template could read, so it is stated here. */
  private publicSide(mesh: ServiceConnectMesh, zone?: route53.IHostedZone): IGatewaySide {
    const protocol = zone ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP;
    return GatewaySide.fromParameters(this, 'Public', '/company/public', { network: mesh, internetFacing: true, protocol, zone });
  }

  private publicZone(zoneName?: string, hostedZoneId?: string): route53.IHostedZone | undefined {
    if (!zoneName || !hostedZoneId) return undefined;
    return route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId });
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new OrdersStack(app, 'CompanyOrders');
TopologyDiagram.attach(app, { title: 'Company: orders' });
CostReport.attach(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
