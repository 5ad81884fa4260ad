import { Task } from '../aws-clients';
import { handle, JobEvent, JobProperties, World } from '../handler';

const ARN = 'arn:aws:ecs:eu-west-1:111111111111:task/mesh/0123456789';
const PROPERTIES: JobProperties = {
  Job: 'migrate',
  Cluster: 'mesh',
  TaskDefinition: 'migrate:7',
  Container: 'migrate',
  Subnets: ['subnet-1'],
  SecurityGroups: ['sg-1'],
  LogGroup: '/ecs/mesh/migrate',
  TimeoutSeconds: '600',
};

const running: Task = { lastStatus: 'RUNNING' };
const stopped = (exitCode?: number, rest: Partial<Task> = {}): Task => ({
  lastStatus: 'STOPPED',
  stoppedReason: 'Essential container in task exited',
  containers: [{ name: 'migrate', exitCode }],
  ...rest,
});

/** An ECS that shows the given states of the task, one a poll, the last one for ever; time passes in `sleep` only. */
function newWorld({ states = [stopped(0)], status = 'UPDATE_IN_PROGRESS' }: { states?: (Task | Error)[]; status?: string } = {}) {
  const asked = { runTask: [] as object[], stopTask: [] as object[], describeStacks: [] as object[] };
  let time = 0;
  let poll = 0;
  const world = {
    now: () => time,
    sleep: async (milliseconds: number) => void (time += milliseconds),
    log: () => undefined,
    cloudFormation: {
      describeStacks: async (input: object) => {
        asked.describeStacks.push(input);
        return { Stacks: [{ StackStatus: status }] };
      },
    },
    ecs: {
      runTask: async (input: object): ReturnType<World['ecs']['runTask']> => {
        asked.runTask.push(input);
        return { tasks: [{ taskArn: ARN }] };
      },
      describeTasks: async () => {
        const state = states[Math.min(poll++, states.length - 1)];
        if (state instanceof Error) throw state;
        return { tasks: [state] };
      },
      stopTask: async (input: object) => asked.stopTask.push(input),
    },
  };
  return { world, asked };
}

const event = (rest: Partial<JobEvent> = {}, properties: Partial<JobProperties> = {}): JobEvent => ({
  RequestType: 'Update',
  RequestId: 'request-1',
  StackId: 'arn:stack',
  LogicalResourceId: 'MigrateRun',
  PhysicalResourceId: 'MigrateRun',
  ResourceProperties: { ...PROPERTIES, ...properties },
  ...rest,
});

describe('a run that succeeds', () => {
  test('waits for the end of the task and keeps the id of the resource', async () => {
    const { world, asked } = newWorld({ states: [running, running, stopped(0)] });
    expect(await handle(event(), world)).toEqual({ PhysicalResourceId: 'MigrateRun' });
    expect(world.now()).toBe(15_000);
    expect(asked.describeStacks).toEqual([{ StackName: 'arn:stack' }]);
  });

  test('is one Fargate task without a public address, with its tags', async () => {
    const { world, asked } = newWorld();
    await handle(event(), world);
    const awsvpcConfiguration = { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' };
    const where = { cluster: 'mesh', taskDefinition: 'migrate:7', launchType: 'FARGATE', platformVersion: 'LATEST', count: 1 };
    const tags = { enableECSManagedTags: true, propagateTags: 'TASK_DEFINITION', startedBy: 'deployment/migrate' };
    expect(asked.runTask).toEqual([{ ...where, ...tags, networkConfiguration: { awsvpcConfiguration }, clientToken: 'request-1' }]);
  });

  test('a first run takes its id from the template', async () => {
    const created = await handle(event({ RequestType: 'Create', PhysicalResourceId: undefined }), newWorld().world);
    expect(created).toEqual({ PhysicalResourceId: 'MigrateRun' });
  });

  test('an invocation that Lambda repeats asks for the same task again', async () => {
    const { world, asked } = newWorld();
    await handle(event(), world);
    await handle(event(), world);
    expect(asked.runTask[1]).toEqual(asked.runTask[0]);
  });

  test('a sidecar that was told to stop does not matter', async () => {
    const containers = [
      { name: 'proxy', exitCode: 143 },
      { name: 'migrate', exitCode: 0 },
    ];
    await expect(handle(event(), newWorld({ states: [stopped(0, { containers })] }).world)).resolves.toBeDefined();
  });

  test('goes on while ECS cannot show the task', async () => {
    const { world } = newWorld({ states: [new Error('Rate exceeded'), {}, stopped(0)] });
    await expect(handle(event(), world)).resolves.toBeDefined();
  });
});

const WHERE = 'Task 0123456789, log group /ecs/mesh/migrate.';

describe('a run that fails', () => {
  test.each<[string, Task, string]>([
    ['exit code 1', stopped(1), `container migrate exited with 1; Essential container in task exited. ${WHERE}`],
    [
      'no image',
      stopped(undefined, { stoppedReason: 'CannotPullContainerError: manifest unknown' }),
      `container migrate never ran; CannotPullContainerError: manifest unknown. ${WHERE}`,
    ],
    [
      'no memory',
      stopped(137, { containers: [{ name: 'migrate', exitCode: 137, reason: 'OutOfMemoryError' }] }),
      `container migrate exited with 137 (OutOfMemoryError); Essential container in task exited. ${WHERE}`,
    ],
    [
      'an essential sidecar that fails first',
      stopped(143, {
        containers: [
          { name: 'migrate', exitCode: 143 },
          { name: 'proxy', exitCode: 2 },
        ],
      }),
      `container migrate exited with 143; container proxy exited with 2; Essential container in task exited. ${WHERE}`,
    ],
    [
      'an essential sidecar that ends first, and well',
      stopped(143, {
        containers: [
          { name: 'migrate', exitCode: 143 },
          { name: 'proxy', exitCode: 0 },
        ],
      }),
      `container migrate exited with 143; Essential container in task exited. ${WHERE}`,
    ],
    ['nothing known', { lastStatus: 'STOPPED' }, `no reason given. ${WHERE}`],
  ])('%s', async (_, task, message) => {
    const error = await handle(event(), newWorld({ states: [task] }).world).catch((e: Error) => e);
    expect((error as Error).message).toBe(`Deployment job migrate failed: ${message}`);
    // CDK's wrapper sends the stack of an error to CloudFormation.
    expect((error as Error).stack).toBe((error as Error).message);
  });

  test.each([
    [[{ reason: 'RESOURCE:MEMORY', detail: 'no host has 512 MiB' }], 'RESOURCE:MEMORY, no host has 512 MiB'],
    [[], 'no reason given'],
    [undefined, 'no reason given'],
  ])('ECS does not start it: %j', async (failures, words) => {
    const { world } = newWorld();
    world.ecs.runTask = async () => ({ tasks: [], failures });
    await expect(handle(event(), world)).rejects.toThrow(`Deployment job migrate failed: ECS did not start the task: ${words}.`);
  });

  test('is stopped at the timeout', async () => {
    const { world, asked } = newWorld({ states: [running] });
    const message = `Deployment job migrate failed: it was not done after 600 seconds, and was stopped. ${WHERE}`;
    await expect(handle(event(), world)).rejects.toThrow(message);
    const reason = 'deployment job was not done after 600 seconds';
    expect(asked.stopTask).toEqual([{ cluster: 'mesh', task: ARN, reason }]);
    expect(world.now()).toBe(600_000);
  });
});

describe('DT-35: the time of a job', () => {
  const refused = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  /** A world in which permissions take a while to arrive, twice. */
  const slowWorld = () => {
    const slow = newWorld({ states: [running] });
    const { describeStacks } = slow.world.cloudFormation;
    const { runTask } = slow.world.ecs;
    const after = <T extends unknown[], R>(time: number, call: (...args: T) => Promise<R>) =>
      jest.fn(async (...args: T) => {
        if (slow.world.now() < time) throw refused;
        return call(...args);
      });
    slow.world.cloudFormation.describeStacks = after(55_000, describeStacks);
    slow.world.ecs.runTask = after(110_000, runTask);
    return slow;
  };

  test.each(['600', '840'])('of %s seconds has waiting for permissions in it', async (TimeoutSeconds) => {
    const { world, asked } = slowWorld();
    await expect(handle(event({}, { TimeoutSeconds }), world)).rejects.toThrow(
      `it was not done after ${TimeoutSeconds} seconds, and was stopped`,
    );
    expect(asked.stopTask).toHaveLength(1);
    expect(world.now()).toBe(Number(TimeoutSeconds) * 1000);
  });

  test('of a minute ends with it, before the task could begin', async () => {
    const { world, asked } = slowWorld();
    await expect(handle(event({}, { TimeoutSeconds: '60' }), world)).rejects.toBe(refused);
    expect(asked.runTask).toEqual([]);
    expect(world.now()).toBe(60_000);
  });
});

describe('it does not run', () => {
  test.each(['UPDATE_ROLLBACK_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_IN_PROGRESS'])('in %s', async (status) => {
    const { world, asked } = newWorld({ status, states: [stopped(1)] });
    expect(await handle(event(), world)).toEqual({ PhysicalResourceId: 'MigrateRun' });
    expect(asked.runTask).toEqual([]);
  });

  test.each<[string, JobEvent]>([
    ['when it is deleted', event({ RequestType: 'Delete' })],
    ['with a placeholder', event({}, { Placeholder: 'true' })],
  ])('%s, and asks nobody', async (_, request) => {
    const { world, asked } = newWorld();
    await handle(request, world);
    expect(asked).toEqual({ runTask: [], stopTask: [], describeStacks: [] });
  });

  test('in a stack that nobody can show it runs', async () => {
    const { world, asked } = newWorld();
    world.cloudFormation.describeStacks = async () => ({ Stacks: [] });
    await handle(event({}, { Placeholder: 'false' }), world);
    expect(asked.runTask).toHaveLength(1);
  });
});

describe('permissions that are new', () => {
  const refused = Object.assign(new Error('User is not authorized to perform: ecs:RunTask'), { name: 'AccessDeniedException' });

  test.each([refused, new Error('ECS was unable to assume the role that was provided')])('%s: asks again', async (error) => {
    const { world, asked } = newWorld();
    const { runTask } = world.ecs;
    world.ecs.runTask = jest.fn(runTask).mockRejectedValueOnce(error);
    await handle(event(), world);
    expect(asked.runTask).toHaveLength(1);
  });

  test('are waited for a minute, not longer', async () => {
    const { world } = newWorld();
    world.ecs.runTask = jest.fn().mockRejectedValue(refused);
    await expect(handle(event(), world)).rejects.toBe(refused);
    expect(world.now()).toBe(60_000);
  });

  test('another error is one at once', async () => {
    const { world } = newWorld();
    world.cloudFormation.describeStacks = jest.fn().mockRejectedValue(new Error('Stack does not exist'));
    await expect(handle(event(), world)).rejects.toThrow('Stack does not exist');
    expect(world.now()).toBe(0);
  });
});

test('the function takes the SDK of its runtime and hands its own clock and clients over', async () => {
  const { world, asked } = newWorld();
  jest.doMock('@aws-sdk/client-ecs', () => ({ ECS: jest.fn(() => world.ecs) }), { virtual: true });
  jest.doMock('@aws-sdk/client-cloudformation', () => ({ CloudFormation: jest.fn(() => world.cloudFormation) }), { virtual: true });
  const { handler } = jest.requireActual<typeof import('../main')>('../main');
  await handler(event({}, { Placeholder: 'true' }));
  expect(asked.runTask).toEqual([]);
});
