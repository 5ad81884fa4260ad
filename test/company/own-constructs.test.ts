import { App, PropertyInjectors } from 'aws-cdk-lib';
import * as lib from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { Override } from './injectors';
import { WEB, newMesh, newService, newStack, only, templateOf } from '../helpers';
import { PARTS } from '../surroundings/constructs';
import { PLACES, ZONES, spotIn } from '../surroundings/places';

type ConstructClass = (new () => Construct) & { readonly PROPERTY_INJECTION_ID?: string };
const exported = lib as unknown as Record<string, ConstructClass>;

/** Exported constructs that no injector can name, and why. */
const WITHOUT_ID: Record<string, string> = {
  Job: 'is abstract: ScheduledJob and DeploymentJob have IDs',
  GatewaySide: 'has no props of its own: those of its L2s and of DualAlbGateway are injected',
};

/** The change of an injector, and the row of the table of constructs that creates one, if its name is another. */
const CHANGES: Record<string, { readonly change: object; readonly part?: string }> = {
  DeploymentJob: { change: { discoveryName: 'changed' } },
  DualAlbGateway: { change: { accessLogs: lib.AccessLogs.none() } },
  Ec2Capacity: { change: { maxInstances: 7 }, part: 'Ec2Capacity, bridge' },
  Ec2HostRedis: { change: { port: 6380 } },
  ElastiCacheRedis: { change: { numReplicas: 2 } },
  ContainerRedis: { change: { discoveryName: 'changed' } },
  FeatureFlags: { change: { flags: { changed: true } } },
  GatewayRoute: { change: { paths: ['/changed/*'] }, part: 'DualAlbGateway' },
  GeolocationReferenceApp: { change: { internalName: 'changed' } },
  GitHubDeployRole: { change: { repository: 'acme/changed' } },
  ImageRepository: { change: { repositoryName: 'changed' } },
  ImportedDatabase: { change: { databaseName: 'changed' }, part: 'to database that exists' },
  ImportedRedis: { change: { host: 'changed.example.com' }, part: 'to Redis that exists' },
  ManagedInstances: { change: { purchase: 'SPOT' } },
  MeshAlarms: { change: { actions: [] }, part: 'MeshAlarms and MeshDashboard' },
  MeshDashboard: { change: { dashboardName: 'changed' }, part: 'MeshAlarms and MeshDashboard' },
  MeshService: { change: { scaling: lib.Scaling.fixed(3) } },
  ParameterSettings: { change: { values: { LOG_LEVEL: 'changed' } } },
  PostgresDatabase: { change: { databaseName: 'changed' } },
  QueueWorkerService: { change: { backlog: { messagesAtOnce: 7 } } },
  RedisBackedEcsService: { change: { scaling: lib.Scaling.fixed(3) } },
  ScheduledJob: { change: { retryAttempts: 7 } },
  ServerlessRedis: { change: { snapshotRetentionDays: 7 } },
  ServiceConnectMesh: { change: { containerInsights: 'enhanced' } },
};

const classes = Object.keys(exported).filter((name) => exported[name].prototype instanceof Construct);
const injectable = classes.filter((name) => !(name in WITHOUT_ID));
const idOf = (name: string) => exported[name].PROPERTY_INJECTION_ID!;

/** An app with one part of the table, and its templates. */
function synthesised(part: string, ...injectors: Override[]) {
  const app = new App({ context: ZONES });
  PropertyInjectors.of(app).add(...injectors);
  PARTS[part](spotIn(app, PLACES['one stack']));
  return { app, text: JSON.stringify(app.synth().stacks.map(({ template }) => template)) };
}

test('every construct has an ID, by its folder and its name', () => {
  expect(classes.length).toBeGreaterThan(25);
  expect(injectable.filter((name) => !new RegExp(`^cdk-ecs-mesh\\.[a-z]+\\.${name}$`).test(idOf(name)))).toEqual([]);
  expect(Object.keys(WITHOUT_ID).filter((name) => !classes.includes(name) || idOf(name))).toEqual([]);
});

test('the table of changes has every construct', () => expect(Object.keys(CHANGES).sort()).toEqual(injectable.sort()));

test.each(injectable)('%s: an injector changes the template, and is called once for each construct', (name) => {
  const { change, part = name } = CHANGES[name];
  const injector = new Override(idOf(name), change);
  const { app, text } = synthesised(part, injector);
  const made = app.node.findAll().filter((each) => each instanceof exported[name]);
  expect(text === synthesised(part).text).toBe(false);
  expect(injector.paths.sort()).toEqual(made.map((each) => each.node.path).sort());
});

test('a derived construct gets the props of its own injector, then those of the injector of its base', () => {
  const stack = newStack();
  const own = { scaling: lib.Scaling.fixed(3), networking: { discoveryName: 'own' } };
  PropertyInjectors.of(stack).add(
    new Override(lib.MeshService.PROPERTY_INJECTION_ID, { scaling: lib.Scaling.fixed(4) }),
    new Override(lib.RedisBackedEcsService.PROPERTY_INJECTION_ID, own),
  );
  const { discoveryName } = new lib.RedisBackedEcsService(stack, 'Api', { mesh: newMesh(stack), containers: [WEB] });
  expect(discoveryName).toBe('own');
  expect(only(templateOf(stack), 'AWS::ECS::Service').Properties.DesiredCount).toBe(4);
});

test('the injector of the closest scope is applied, to a route too', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const gateway = new lib.DualAlbGateway(stack, 'Gateway', { network: mesh, internal: lib.InternalSide.http() });
  const paths = (pattern: string) => new Override(lib.GatewayRoute.PROPERTY_INJECTION_ID, { paths: [pattern] });
  PropertyInjectors.of(stack).add(paths('/far'));
  PropertyInjectors.of(gateway).add(paths('/near'), new Override(lib.DualAlbGateway.PROPERTY_INJECTION_ID, {}));
  expect(gateway.internal.route('Api', { target: newService(mesh, 'Api').port('http') }).paths).toEqual(['/near']);
});

test.each<[string, (stack: Construct, mesh: lib.ServiceConnectMesh) => void, object, string]>([
  ['ElastiCacheRedis', (stack, mesh) => new lib.ElastiCacheRedis(stack, 'Redis', { mesh }), { numReplicas: '1' }, 'Shop/Redis'],
  [
    'GatewayRoute',
    (stack, mesh) => {
      const gateway = new lib.DualAlbGateway(stack, 'Gateway', { network: mesh, internal: lib.InternalSide.http() });
      gateway.internal.route('Api', { target: newService(mesh, 'Api').port('http') });
    },
    { recordName: 5 },
    'Shop/Gateway/Internal/Routes/Api',
  ],
])('what an injector of %s returns is held against the types', (name, build, change, path) => {
  const stack = newStack();
  const mesh = newMesh(stack);
  PropertyInjectors.of(stack).add(new Override(idOf(name), change));
  expect(() => build(stack, mesh)).toThrow(new RegExp(`^\`${Object.keys(change)[0]}\` must be a .* \\[ValueType at ${path}\\]$`));
});
