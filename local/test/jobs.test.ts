import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CloudAssembly } from '../assembly/cloud-assembly';
import { Json } from '../assembly/json';
import { ResourceBody } from '../assembly/stack-template';
import { imageSource, localCommand } from '../ecs/image';
import { ServiceScheduler } from '../ecs/scheduler';
import { ContainerPlan } from '../ecs/task-definition';
import { Resolver } from '../intrinsics/resolver';
import { JobPlan, overridden, readJobs } from '../jobs/job-plan';
import { inOrder } from '../jobs/start-order';
import { withLocalPaths } from '../process/image-paths';
import { assemblyOf, resolverOf } from './fixture/resolver-of';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

const container = { Name: 'app', Image: 'redis', Command: ['migrate'], Environment: [{ Name: 'A', Value: '1' }] };
const RESOURCES: Record<string, ResourceBody> = {
  Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: 'migrate', ContainerDefinitions: [container] } },
  Run: run(false),
  Waiting: run(true),
  Nightly: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'cron(15 2 * * ? *)',
      Target: { Arn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/mesh', EcsParameters: { TaskDefinitionArn: { Ref: 'Task' } } },
    },
  },
  Message: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: { Arn: 'arn:aws:sqs:eu-west-1:111122223333:q' } } },
};

function run(placeholder: boolean): ResourceBody {
  const Properties: Record<string, Json> = {
    Job: 'migrate',
    Cluster: 'arn:aws:ecs:eu-west-1:111122223333:cluster/mesh',
    TaskDefinition: { Ref: 'Task' },
    Container: 'app',
    TimeoutSeconds: '840',
    Placeholder: String(placeholder),
  };
  return { Type: 'Custom::EcsMeshDeploymentJob', DependsOn: ['Database', 'Role'], Properties };
}

const jobs = () => readJobs(resolverOf(RESOURCES), (image) => ({ kind: 'redis', image }));

test('jobs are those of deployments that have an image, and of schedules that start a task', () => {
  expect(jobs().map(({ key, start, container: name }) => [key, start, name])).toEqual([
    ['Main/Run', { kind: 'deployment', timeoutMs: 840_000 }, 'app'],
    ['Main/Nightly', { kind: 'schedule', expression: 'cron(15 2 * * ? *)' }, 'app'],
  ]);
  expect(jobs()[0]).toMatchObject({
    after: ['Main/Database', 'Main/Role'],
    service: { cluster: 'mesh', targets: [], aliases: [] },
  });
});

test('a run may have another command and more variables', () => {
  const [plan] = jobs();
  const [changed] = overridden(plan, { command: ['createsuperuser'], environment: { B: '2' } }).task.containers;
  expect([changed.command, changed.environment]).toEqual([['createsuperuser'], { A: '1', B: '2' }]);
  expect(overridden(plan, {}).task.containers).toEqual(plan.service.task.containers);
});

/** Services and jobs that say when they begin and are complete. */
function deployment(steps: Record<string, { after?: string[]; job?: boolean; fails?: boolean }>) {
  const said: string[] = [];
  const all = Object.entries(steps).map(([key, { after = [], job = false }]) => ({ key, after, job }));
  const complete = async (key: string) => {
    said.push(`${key} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (steps[key].fails) throw new Error(`${key} failed`);
    said.push(`${key} is complete`);
  };
  const services = all.filter(({ job }) => !job).map((plan) => ({ plan, start: async () => undefined }));
  const plans = all.filter(({ job }) => job).map((plan) => ({ ...plan, start: { kind: 'deployment', timeoutMs: 1 } }));
  const order = inOrder(services as unknown as ServiceScheduler[], plans as unknown as JobPlan[], {
    run: ({ key }) => complete(key),
    steady: ({ plan }) => complete(plan.key),
  });
  return { said, order };
}

test('a service begins after the job and the service before it, whatever stands first in the template', async () => {
  const { said, order } = deployment({ Web: { after: ['Migrate', 'Redis', 'Role'] }, Migrate: { job: true }, Redis: {} });
  await order;
  expect(said.slice(0, 2).sort()).toEqual(['Migrate begins', 'Redis begins']);
  expect(said.slice(-2)).toEqual(['Web begins', 'Web is complete']);
});

test('a job that fails ends the deployment before the services after it', async () => {
  const { said, order } = deployment({ Web: { after: ['Migrate'] }, Migrate: { job: true, fails: true } });
  await expect(order).rejects.toThrow('Migrate failed');
  expect(said).toEqual(['Migrate begins']);
});

test('what waits for itself is an error', async () => {
  const { order } = deployment({ A: { after: ['B'] }, B: { after: ['A'] } });
  await expect(order).rejects.toThrow('circular dependency: A -> B -> A');
});

test('a released image is run from its Dockerfile, with the value of its parameter', () => {
  const dockerfile = path.join(scratch, 'api.Dockerfile');
  fs.writeFileSync(dockerfile, 'FROM x\nCMD ["api"]\n');
  const { directory } = assemblyOf({ Main: {} });
  const assembly = { images: new Map(), released: new Map([['shop/api', { directory, dockerfile }]]) } as unknown as CloudAssembly;
  const source = imageSource(assembly, '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api:local', 'here');
  expect(source).toMatchObject({ kind: 'asset', directory, spec: { command: ['api'] } });
  expect(() => imageSource(assembly, '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web:local', 'here')).toThrow('shop/web');
});

test('a parameter of the run replaces the default', () => {
  const stack = assemblyOf({ Main: { Resources: {}, Parameters: { Tag: { Type: 'String', Default: 'placeholder' } } } });
  const tag = (parameters: Record<string, string>) =>
    new Resolver(stack, { addressOf: () => '' }, parameters).evaluate(stack.stacks[0], { Ref: 'Tag' }, 'here');
  expect([tag({}), tag({ Tag: 'v1' })]).toEqual(['placeholder', 'v1']);
});

describe('paths of an image', () => {
  const place = { root: path.join(scratch, 'root'), directory: path.join(scratch, 'task') };
  beforeAll(() => {
    fs.mkdirSync(path.join(place.root, 'opt/app'), { recursive: true });
    fs.writeFileSync(path.join(place.root, 'opt/app/check.py'), '');
  });

  test('are below its root in lines for the shell too, and others stay', () => {
    const line = 'python /opt/app/check.py --log=/opt/app/check.py "$HOME/opt/app/check.py" /opt/other/x http://a/opt/app/check.py';
    const inside = path.join(place.root, 'opt/app/check.py');
    const [, , local] = localCommand(['/bin/sh', '-c', line], place.root);
    expect(local).toBe(`python ${inside} --log=${inside} "$HOME/opt/app/check.py" /opt/other/x http://a/opt/app/check.py`);
  });

  test('in variables are below its root, and those that a task writes to are its own', () => {
    const spec = { environment: { PYTHONPATH: '/opt/app:/elsewhere' } };
    const plan = {
      image: { kind: 'asset', spec },
      writablePaths: ['/tmp', '/scratch'],
      environment: { HOME: '/tmp', URL: 'http://a/tmp', D: '/scratch/x' },
    };
    const { image, environment } = withLocalPaths(plan as unknown as ContainerPlan, place);
    expect(environment).toEqual({ HOME: `${place.directory}/tmp`, URL: 'http://a/tmp', D: `${place.directory}/scratch/x` });
    expect(image).toMatchObject({ spec: { environment: { PYTHONPATH: `${place.root}/opt/app:/elsewhere` } } });
  });
});
