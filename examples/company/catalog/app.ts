import { App, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import {
  Compliance,
  CostReport,
  EcsMeshChecks,
  ImportedRedis,
  RedisBackedEcsService,
  ServiceConnectMesh,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';

/**
 * The app of the catalog team: one service in the platform's mesh, which keeps what it has read in the platform's cache. Services of other
 * teams call it at `http://catalog.company:8080`.
 */
export class CatalogStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const removalPolicy = this.node.tryGetContext('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const mesh = ServiceConnectMesh.fromParameters(this, 'Mesh', '/company/mesh', { removalPolicy });
    const repository = ecr.Repository.fromRepositoryName(this, 'Repository', 'catalog');
    const catalog = new RedisBackedEcsService(this, 'Catalog', {
      mesh,
      redis: ImportedRedis.fromParameters(this, 'Cache', '/company/cache'),
      containers: [
        {
          image: ecs.ContainerImage.fromEcrRepository(repository, this.node.tryGetContext('tag') ?? '1.0.0'),
          ports: [{ name: 'http', containerPort: 8080 }],
          process: { user: '1000' },
        },
      ],
    });
    catalog.port('http').share('/company/catalog');
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new CatalogStack(app, 'CompanyCatalog');
TopologyDiagram.attach(app, { title: 'Company: catalog' });
CostReport.attach(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
