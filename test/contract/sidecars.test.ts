import { Stack } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import * as lib from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newMesh, only, templateOf } from '../helpers';

const IMAGE = ContainerImage.fromRegistry('my/app');
const AGENT = { image: ContainerImage.fromRegistry('vendor/agent'), name: 'agent', environment: { SITE: 'eu' } };
const TASK = { containers: [{ image: IMAGE, name: 'app' }], sidecars: [AGENT, { ...AGENT, name: 'proxy' }] };

interface WithContainers extends Construct {
  connectTo(endpoint: lib.IEndpoint, options?: lib.ConnectOptions): void;
}

/** Every construct that takes containers of the user. */
const CONSTRUCTS: Record<string, (mesh: lib.ServiceConnectMesh) => WithContainers> = {
  MeshService: (mesh) =>
    new lib.MeshService(Stack.of(mesh), 'It', { mesh, ...TASK, operations: { tracing: lib.Tracing.openTelemetry() } }),
  RedisBackedEcsService: (mesh) => new lib.RedisBackedEcsService(Stack.of(mesh), 'It', { mesh, ...TASK }),
  QueueWorkerService: (mesh) => new lib.QueueWorkerService(Stack.of(mesh), 'It', { mesh, ...TASK }),
  ScheduledJob: (mesh) =>
    new lib.ScheduledJob(Stack.of(mesh), 'It', { mesh, ...TASK, schedule: ScheduleExpression.expression('rate(1 day)') }),
  DeploymentJob: (mesh) => new lib.DeploymentJob(Stack.of(mesh), 'It', { mesh, ...TASK }),
};

/** Names of the variables and secrets of each container, those of its own options and of tracing left out. */
function received(owner: Construct): Record<string, string[]> {
  const { ContainerDefinitions } = only(templateOf(owner), 'AWS::ECS::TaskDefinition', 'It').Properties;
  return Object.fromEntries(
    ContainerDefinitions.map(({ Name, Environment = [], Secrets = [] }: Record<string, { Name: string }[]>) => [
      Name,
      [...Environment, ...Secrets].map((variable) => variable.Name).filter((name) => !/^(SITE|OTEL_.*)$/.test(name)),
    ]),
  );
}

const arrange = (name: string) => {
  const mesh = newMesh();
  const owner = CONSTRUCTS[name](mesh);
  return { owner, database: new lib.PostgresDatabase(Stack.of(mesh), 'Database', { mesh }) };
};
const DATABASE = ['DATABASE_HOST', 'DATABASE_PASSWORD', 'DATABASE_USERNAME'];

test('every construct with containers is in the list', () => {
  const classes = Object.entries(lib).filter(([, value]) => typeof value === 'function' && 'containers' in value.prototype);
  const concrete = classes.map(([name]) => name).filter((name) => name !== 'Job');
  expect(concrete.sort()).toEqual(Object.keys(CONSTRUCTS).sort());
});

describe.each(Object.keys(CONSTRUCTS))('%s', (name) => {
  test(`T37: a connection of a ${name} gives nothing to a sidecar`, () => {
    const { owner, database } = arrange(name);
    owner.connectTo(database);
    const { app, ...beside } = received(owner);
    expect(app).toEqual(expect.arrayContaining(DATABASE));
    expect(Object.keys(beside)).toEqual(expect.arrayContaining(['agent', 'proxy']));
    expect(Object.values(beside).flat()).toEqual([]);
  });

  test('a sidecar that is named gets the variables and secrets, beside the containers or in their place', () => {
    const { owner, database } = arrange(name);
    owner.connectTo(database, { sidecars: ['proxy'] });
    owner.connectTo(database, { as: 'OTHER', containers: [], sidecars: ['agent'] });
    const { app, agent, proxy } = received(owner);
    expect(proxy).toEqual(expect.arrayContaining(DATABASE));
    expect(app).toEqual(expect.arrayContaining(DATABASE));
    expect(agent).toEqual(expect.arrayContaining(['OTHER_PASSWORD']));
    expect(agent.filter((each) => !each.startsWith('OTHER_'))).toEqual([]);
  });

  test.each([
    [{ sidecars: ['app'] }, '`sidecars` must name sidecars of this task', 'name it in `containers`'],
    [{ containers: ['agent'] }, '`containers` must name containers of this task', 'name it in `sidecars`'],
    [{ sidecars: ['agnet'] }, '`sidecars` must name sidecars of this task', 'did you mean "agent"?'],
  ])('%j is refused', (options, must, fix) => {
    const { owner, database } = arrange(name);
    expect(() => owner.connectTo(database, options)).toThrow(
      new RegExp(`^${must}.*${fix.replace('?', '\\?')} \\[ContainerUnknown`),
    );
  });
});

test('T37: the store of a RedisBackedEcsService reaches the containers and sidecars that are named', () => {
  const mesh = newMesh();
  const redisConnection = { as: 'CACHE', containers: ['second'], sidecars: ['proxy'] };
  const containers = [...TASK.containers, { image: IMAGE, name: 'second' }];
  const service = new lib.RedisBackedEcsService(Stack.of(mesh), 'It', { mesh, ...TASK, containers, redisConnection });
  const { app, agent, second, proxy } = received(service);
  expect([app, agent]).toEqual([[], []]);
  expect(second).toEqual(expect.arrayContaining(['CACHE_HOST', 'CACHE_PASSWORD']));
  expect(proxy).toEqual(second);
});

test('T37: the collector of traces is a sidecar', () => {
  const service = CONSTRUCTS.MeshService(newMesh()) as lib.MeshService;
  expect(service.sidecars.map(({ containerName }) => containerName)).toEqual(['agent', 'proxy', 'otel-collector']);
  expect(service.containers.map(({ containerName }) => containerName)).toEqual(['app']);
});
