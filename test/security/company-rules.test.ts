import { App, InjectionContext, IPropertyInjector, PropertyInjectors, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { LogGroup, LogGroupProps } from 'aws-cdk-lib/aws-logs';
import {
  DualAlbGateway,
  ElastiCacheRedis,
  InternalSide,
  PostgresDatabase,
  QueueWorkerService,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { newService, WEB } from '../helpers';

/** An injector of a company, on an L2 inside our constructs. */
class CompanyLogs implements IPropertyInjector {
  public readonly constructUniqueId = LogGroup.PROPERTY_INJECTION_ID;

  public inject(props: LogGroupProps, _context: InjectionContext): LogGroupProps {
    return { ...props, logGroupName: props.logGroupName && `/company${props.logGroupName}` };
  }
}

function shop(prepare: (app: App) => void): Template {
  const app = new App();
  prepare(app);
  const stack = new Stack(app, 'Shop', { env: { region: 'eu-west-1' } });
  const mesh = new ServiceConnectMesh(stack, 'Mesh');
  mesh.addEc2Capacity('Hosts');
  mesh.addManagedInstances('Managed');
  const api = newService(mesh, 'Api');
  api.connectTo(new ElastiCacheRedis(stack, 'Redis', { mesh }));
  api.connectTo(new PostgresDatabase(stack, 'Database', { mesh }));
  new QueueWorkerService(stack, 'Worker', { mesh, containers: [WEB] });
  const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, internal: InternalSide.http() });
  gateway.internal.route('Api', { target: api.port('http') });
  return Template.fromStack(stack);
}

test('PR-25: a permissions boundary of the app reaches every role', () => {
  const boundary = 'arn:aws:iam::111111111111:policy/boundary';
  const template = shop((app) => {
    const scope = new Stack(app, 'Iam');
    PermissionsBoundary.of(app).apply(ManagedPolicy.fromManagedPolicyArn(scope, 'Boundary', boundary));
  });
  const roles = Object.entries(template.findResources('AWS::IAM::Role'));
  expect(roles.length).toBeGreaterThan(8);
  expect(roles.filter(([, { Properties }]) => Properties.PermissionsBoundary !== boundary).map(([id]) => id)).toEqual([]);
});

test("a company's injector changes the L2 constructs inside ours", () => {
  const template = shop((app) => PropertyInjectors.of(app).add(new CompanyLogs()));
  const names = Object.values(template.findResources('AWS::Logs::LogGroup')).flatMap(
    ({ Properties }) => Properties.LogGroupName ?? [],
  );
  expect(names).toContain('/company/ecs/shop-mesh/api');
});

test('mandatory tags reach services, load balancers, databases and caches', () => {
  const template = shop((app) => Tags.of(app).add('cost-center', '4711'));
  const types = [
    'AWS::ECS::Service',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AWS::RDS::DBInstance',
    'AWS::ElastiCache::ReplicationGroup',
  ];
  const tagged = types.map((type) => JSON.stringify(template.findResources(type)).includes('{"Key":"cost-center","Value":"4711"}'));
  expect(tagged).toEqual([true, true, true, true]);
});
