import { inIdleGroups } from '../deploy/blue-green-deployment';
import { CircuitBreaker, failureThreshold } from '../deploy/circuit-breaker';
import { readDeployment } from '../deploy/deployment-plan';
import { formerWanted, movesOf, RevisionState, taskLimits } from '../deploy/percentages';
import { rollOut } from '../deploy/rolling-deployment';
import { shiftSteps } from '../deploy/traffic-shift';
import { ServiceScheduler } from '../ecs/scheduler';
import { ServicePlan } from '../ecs/service-plan';
import { standingOf } from '../ecs/standing';
import { Task } from '../ecs/task';
import { LiveRules } from '../elb/live-rules';
import { TaskRequest } from '../engine/engine';
import { Reader } from '../intrinsics/reader';
import { TimeScale } from '../run/time-scale';

const deploymentOf = (configuration: object, more: object = {}) =>
  readDeployment(new Reader({ DeploymentConfiguration: configuration, ...more } as never, 'here', (value) => value));

describe('the time scale', () => {
  test('makes every wait shorter by one factor, and tells both', () => {
    const time = new TimeScale(20);
    expect([time.here(10_000), time.here(600_000)]).toEqual([500, 30_000]);
    expect(time.describe(90_000)).toBe('4.5 s (90 s of AWS)');
    expect(String(time)).toBe('1 s here is 20 s of AWS');
  });

  test.each([0.5, 0, -1, NaN, Infinity])('refuses %p', (factor) => {
    expect(() => new TimeScale(factor)).toThrow(/^--time-scale must be a number of at least 1/);
  });
});

describe('the circuit breaker', () => {
  test.each([
    [1, 3],
    [6, 3],
    [7, 4],
    [25, 13],
    [400, 200],
    [800, 200],
  ])('of %d desired tasks fails at %d failures', (desired, threshold) => {
    expect(failureThreshold(deploymentOf({}).breaker, desired)).toBe(threshold);
  });

  test.each([
    [{ Type: 'COUNT', Value: 5 }, 5],
    [{ Type: 'UNBOUNDED_PERCENT', Value: 50 }, 400],
    [{ Type: 'BOUNDED_PERCENT', Value: 10 }, 80],
  ])('with the threshold %j of 800 tasks fails at %d', (ThresholdConfiguration, threshold) => {
    const { breaker } = deploymentOf({ DeploymentCircuitBreaker: { Enable: true, ThresholdConfiguration } });
    expect(failureThreshold(breaker, 800)).toBe(threshold);
  });

  const breakerOf = (settings: object) =>
    new CircuitBreaker(deploymentOf({ DeploymentCircuitBreaker: { Enable: true, ...settings } }).breaker, 2);
  const twoThenWell = (breaker: CircuitBreaker) => {
    for (const step of ['taskFailed', 'taskFailed', 'taskIsHealthy', 'taskFailed'] as const) breaker[step]();
    return breaker.tripped;
  };

  test('counts failures in a row, and all of them if the template says so', () => {
    expect(twoThenWell(breakerOf({}))).toBe(false);
    expect(twoThenWell(breakerOf({ ResetOnHealthyTask: false }))).toBe(true);
  });

  test('does nothing where it is off', () => {
    const breaker = breakerOf({ Enable: false });
    for (let i = 0; i < 10; i++) breaker.taskFailed();
    expect(breaker.tripped).toBe(false);
  });
});

describe('minimum and maximum', () => {
  test.each([
    [100, 200, 2, { least: 2, most: 4 }],
    [50, 100, 3, { least: 2, most: 3 }],
    [0, 100, 1, { least: 0, most: 1 }],
    [100, 150, 3, { least: 3, most: 4 }],
    [100, 200, 0, { least: 0, most: 1 }],
  ])('%d and %d %% of %d tasks', (MinimumHealthyPercent, MaximumPercent, desired, limits) => {
    expect(taskLimits(deploymentOf({ MinimumHealthyPercent, MaximumPercent }), desired)).toEqual(limits);
  });

  test('two versions side by side are twice as many', () => {
    expect(taskLimits(deploymentOf({ Strategy: 'BLUE_GREEN', MaximumPercent: 100 }), 3).most).toBe(6);
  });

  test.each([
    ['no new task is healthy: all stay', 2, 0, { wanted: 2, healthy: 2 }, 2],
    ['one is: one goes', 2, 1, { wanted: 2, healthy: 2 }, 1],
    ['all are: none is needed', 2, 2, { wanted: 2, healthy: 2 }, 0],
    ['one of the former is lost: the other stays', 2, 1, { wanted: 2, healthy: 0 }, 2],
    ['the former are all ill, the new ones well: they go', 2, 2, { wanted: 2, healthy: 0 }, 0],
    ['half may go before anything starts', 2, 0, { wanted: 4, healthy: 4 }, 2],
    ['a minimum of 0 stops all at once', 0, 0, { wanted: 1, healthy: 1 }, 0],
  ])('%s', (_about, least, newHealthy, former, wanted) => {
    expect(formerWanted(least, newHealthy, former)).toBe(wanted);
  });
});

describe('what a scheduler does', () => {
  const state = (part: Partial<RevisionState>): RevisionState => ({
    ...{ wanted: 2, pending: 0, healthy: 0, unhealthy: 0, leaving: 0, room: 2 },
    ...part,
  });
  const nothing = { start: 0, stop: 0, stopUnhealthy: 0 };

  test.each([
    ['starts what is missing', {}, { ...nothing, start: 2 }],
    ['starts no more than there is room', { room: 1 }, { ...nothing, start: 1 }],
    ['is content', { healthy: 2 }, nothing],
    ['waits for what starts', { pending: 1, healthy: 1 }, nothing],
    ['starts another one beside an unhealthy task', { healthy: 1, unhealthy: 1 }, { ...nothing, start: 1 }],
    [
      'stops the unhealthy one once its successor is healthy',
      { healthy: 2, unhealthy: 1, room: 1 },
      { ...nothing, stopUnhealthy: 1 },
    ],
    ['stops one unhealthy task first where there is no room', { unhealthy: 2, room: 0 }, { ...nothing, stopUnhealthy: 1 }],
    ['and not the next one before that has stopped', { unhealthy: 1, leaving: 1, room: 0 }, nothing],
    ['stops what is too many', { wanted: 1, healthy: 2 }, { ...nothing, stop: 1 }],
    [
      'stops everything of a version that nobody wants',
      { wanted: 0, pending: 1, healthy: 1, unhealthy: 1 },
      { start: 0, stop: 2, stopUnhealthy: 1 },
    ],
    ['starts nothing while there are too many tasks', { room: -1 }, nothing],
  ])('%s', (_about, part, moves) => {
    expect(movesOf(state(part))).toEqual(moves);
  });
});

describe('whether a task counts as healthy', () => {
  const time = new TimeScale(10);
  const task = (part: object) =>
    ({
      state: 'RUNNING',
      runningAt: 0,
      createdAt: 0,
      checked: false,
      health: 'UNKNOWN',
      service: { healthGraceMs: 60_000 },
      ...part,
    }) as Task;

  test.each([
    ['without checks after 40 s', {}, undefined, 3_999, 'pending'],
    ['without checks after 40 s', {}, undefined, 4_000, 'healthy'],
    ['by its load balancer', {}, 'HEALTHY', 0, 'healthy'],
    ['by its load balancer', {}, 'UNKNOWN', 9_000, 'pending'],
    ['by both', { checked: true, health: 'UNKNOWN' }, 'HEALTHY', 0, 'pending'],
    ['by both', { checked: true, health: 'HEALTHY' }, 'HEALTHY', 0, 'healthy'],
    ['within the grace period', { checked: true, health: 'UNHEALTHY' }, 'HEALTHY', 5_999, 'pending'],
    ['after the grace period', { checked: true, health: 'UNHEALTHY' }, 'HEALTHY', 6_000, 'unhealthy'],
    ['after the grace period', {}, 'UNHEALTHY', 6_000, 'unhealthy'],
    ['while it starts', { state: 'STARTING' }, undefined, 60_000, 'pending'],
  ] as const)('%s: %j, targets %s, %d ms: %s', (_about, part, targets, now, standing) => {
    expect(standingOf(task(part), targets, time, now)).toBe(standing);
  });
});

describe('traffic', () => {
  const config = (percent: string, bake: string) => ({ [percent]: 25, [bake]: 3 });
  test.each([
    [{ Strategy: 'BLUE_GREEN' }, [[100, 0]]],
    [
      { Strategy: 'CANARY', CanaryConfiguration: config('CanaryPercent', 'CanaryBakeTimeInMinutes') },
      [
        [25, 180_000],
        [100, 0],
      ],
    ],
    [
      { Strategy: 'LINEAR', LinearConfiguration: config('StepPercent', 'StepBakeTimeInMinutes') },
      [
        [25, 180_000],
        [50, 180_000],
        [75, 180_000],
        [100, 0],
      ],
    ],
    [
      { Strategy: 'CANARY' },
      [
        [5, 600_000],
        [100, 0],
      ],
    ],
  ])('%j moves in steps', (configuration, steps) => {
    expect(shiftSteps(deploymentOf(configuration)).map(({ percent, waitMs }) => [percent, waitMs])).toEqual(steps);
  });

  test('ECS moves ten shares, six minutes apart, where a template says no more than LINEAR', () => {
    const { step } = deploymentOf({ Strategy: 'LINEAR' });
    expect(step).toEqual({ percent: 10, bakeMs: 360_000 });
  });

  test('a pause is a hook without a function', () => {
    const hook = { TargetType: 'PAUSE', LifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] };
    expect(deploymentOf({ LifecycleHooks: [hook] }).hooks).toHaveLength(1);
  });

  test('each deployment registers its tasks in the group that the other version does not use', () => {
    const template = {
      targets: [{ targetGroupArn: 'one', container: 'c', port: 1, alternate: { targetGroupArn: 'two', productionRule: 'rule' } }],
    } as unknown as ServicePlan;
    const second = inIdleGroups(template, template);
    const third = inIdleGroups(template, second);
    const groups = ({ targets: [target] }: ServicePlan) => [target.targetGroupArn, target.alternate?.targetGroupArn];
    expect([groups(second), groups(third), groups(inIdleGroups(second, second))]).toEqual([
      ['two', 'one'],
      ['one', 'two'],
      ['one', 'two'],
    ]);
  });

  test('a rule has the weights of the last deployment until the template changes it', () => {
    const live = new LiveRules();
    const action = { kind: 'forward' as const, targets: [{ arn: 'one', weight: 100 }] };
    const rule = { arn: 'rule', priority: 1, conditions: [], action };
    live.shift('rule', [{ arn: 'two', weight: 100 }]);
    expect(live.actionOf(rule)).toEqual({ kind: 'forward', targets: [{ arn: 'two', weight: 100 }] });
    live.forget('rule');
    expect(live.actionOf(rule)).toBe(action);
  });
});

test.each([true, false])(
  'a rolling deployment that fails goes back, whether ECS does it (%p) or CloudFormation',
  async (Rollback) => {
    const breaker = { Enable: true, Rollback, ThresholdConfiguration: { Type: 'COUNT', Value: 1 } };
    const version = (family: string) =>
      ({
        ...{ key: 'Main/Api', label: 'Api', cluster: 'mesh', desiredCount: 1, targets: [], healthGraceMs: 0 },
        deployment: deploymentOf({ DeploymentCircuitBreaker: breaker }),
        task: { family, containers: [] },
      }) as unknown as ServicePlan;
    const open = async ({ service }: TaskRequest) => {
      if (service.task.family === 'bad') throw new Error('no such image');
      return { ports: [], close: async () => undefined };
    };
    const time = new TimeScale(1000);
    const registry = {
      deregister: async () => undefined,
      register: () => undefined,
      announce: () => undefined,
      healthOf: () => undefined,
    };
    const placer = { place: () => ({ address: '127.0.0.1', zone: 'z' }), free: () => undefined };
    const service = new ServiceScheduler(version('good'), placer as never, registry as never, { engine: { open }, time } as never);
    await service.start();
    const [before] = service.tasks;
    const said: string[] = [];
    await expect(rollOut(service, version('bad'), { time, say: (line) => said.push(line) })).rejects.toThrow('Circuit Breaker');
    expect([service.plan.task.family, service.tasks, service.revisions.length]).toEqual(['good', [before], 1]);
    expect(said.at(-1)).toMatch(Rollback ? /; rolling back$/ : /; the stack rolls back$/);
    await service.stop();
  },
);
