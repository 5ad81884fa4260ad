import { App, Stack } from 'aws-cdk-lib';
import * as lib from 'cdk-ecs-mesh';
import { Construct, IConstruct } from 'constructs';
import { WEB } from '../helpers';
import { platform } from '../platform';

const REGION = 'eu-west-1';
const containers = [{ image: WEB.image }];

/** Every construct of the library in one app. */
function everything(): App {
  const app = platform({ region: REGION, inOneStack: true });
  const stack = new Stack(app, 'Others', { env: { region: REGION } });
  const mesh = new lib.ServiceConnectMesh(stack, 'Mesh', { privateDomain: 'others.internal' });
  mesh.addManagedInstances('Managed');
  new lib.ContainerRedis(stack, 'Container', { mesh, exposure: lib.RedisExposure.networkLoadBalancer() });
  new lib.Ec2HostRedis(stack, 'Host', { mesh });
  new lib.ServerlessRedis(stack, 'Serverless', { mesh });
  new lib.ImportedRedis(stack, 'Imported', { host: 'redis.example.com', tls: true });
  const engine = lib.DatabaseEngine.MYSQL;
  new lib.ImportedDatabase(stack, 'Orders', { engine, host: 'db.example.com', databaseName: 'orders' });
  const api = new lib.MeshService(stack, 'Api', { mesh, containers });
  new lib.DeploymentJob(stack, 'Migrate', { mesh, containers }).before(api);
  new lib.GitHubDeployRole(stack, 'Deploy', { repository: 'acme/shop', subjects: [lib.GitHubSubject.branch('main')] });
  new lib.GeolocationReferenceApp(new Stack(app, 'Geo', { env: { region: REGION } }), 'Geo');
  return app;
}

const isOurs = (value: unknown): boolean => (Object.values(lib) as unknown[]).includes(value);
const constructsOf = (app: App): IConstruct[] => app.node.findAll().filter(({ constructor }) => isOurs(constructor));

/** The getters of a construct that CDK has not given it, each with the class that declares it. */
function gettersOf(construct: IConstruct): string[] {
  const names: string[] = [];
  for (let proto: object = Object.getPrototypeOf(construct); proto !== Construct.prototype; proto = Object.getPrototypeOf(proto)) {
    const own = Object.entries(Object.getOwnPropertyDescriptors(proto));
    names.push(...own.filter(([name, { get }]) => get && !name.startsWith('_')).map(([name]) => name));
  }
  return names;
}

function readAll(app: App): string[] {
  return constructsOf(app).flatMap((construct) =>
    gettersOf(construct).map((name) => {
      void (construct as unknown as Record<string, unknown>)[name];
      return `${construct.constructor.name}.${name}`;
    }),
  );
}

const templates = (app: App) => app.synth().stacks.map(({ stackName, template }) => [stackName, template as unknown]);

test('the app has every construct of the library', () => {
  const classes = Object.entries(lib).filter(([, one]) => typeof one === 'function' && one.prototype instanceof Construct);
  const made = new Set(constructsOf(everything()).map(({ constructor }) => constructor.name));
  const abstract = ['Job'];
  expect(classes.map(([name]) => name).filter((name) => !made.has(name) && !abstract.includes(name))).toEqual([]);
});

test('no getter creates a resource: after reading them all twice the templates are the same', () => {
  const app = everything();
  const paths = app.node.findAll().map(({ node }) => node.path);
  const read = readAll(app);
  expect(read).toEqual(expect.arrayContaining(['DualAlbGateway.external', 'DualAlbGateway.internal', 'MeshService.containers']));
  expect(readAll(app)).toEqual(read);
  expect(app.node.findAll().map(({ node }) => node.path)).toEqual(paths);
  expect(templates(app)).toEqual(templates(everything()));
});
