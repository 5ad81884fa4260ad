import { RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { OfficeHours, PostgresDatabase, QueueWorkerService, Scaling } from 'cdk-ecs-mesh';
import { WEB, findings, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

const BERLIN = TimeZone.EUROPE_BERLIN;
const HOURS = OfficeHours.weekdays(BERLIN, { opens: '07:30', closes: '19:00' });

const scaled = (scaling: Scaling, officeHours?: OfficeHours) => {
  const mesh = newMesh(newStack(), { officeHours });
  newService(mesh, 'Api', { scaling });
  return templateOf(mesh);
};
const actions = (scaling: Scaling, officeHours?: OfficeHours) =>
  only(scaled(scaling, officeHours), 'AWS::ApplicationAutoScaling::ScalableTarget').Properties.ScheduledActions;

const opens = (min: number, max: number) => ({
  ScalableTargetAction: { MinCapacity: min, MaxCapacity: max },
  Schedule: 'cron(30 7 ? * MON-FRI *)',
  ScheduledActionName: 'OfficeOpens',
  Timezone: 'Europe/Berlin',
});
const CLOSES = {
  ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 },
  Schedule: 'cron(0 19 ? * MON-FRI *)',
  ScheduledActionName: 'OfficeCloses',
  Timezone: 'Europe/Berlin',
};

describe('PLAT-7: schedules', () => {
  const busy = { Morning: { schedule: Schedule.cron({ hour: '7', minute: '0' }), minTasks: 6, timeZone: BERLIN } };
  const quiet = { Evening: { schedule: Schedule.cron({ hour: '22', minute: '0' }), minTasks: 1, maxTasks: 2 } };

  test('bounds change when the clock says so, in a time zone or in UTC, and policies stay', () => {
    const scaling = Scaling.between(2, 10).onSchedule({ ...busy, ...quiet });
    expect(actions(scaling)).toEqual([
      {
        ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 2 },
        Schedule: 'cron(0 22 * * ? *)',
        ScheduledActionName: 'Evening',
        Timezone: 'Etc/UTC',
      },
      {
        ScalableTargetAction: { MinCapacity: 6 },
        Schedule: 'cron(0 7 * * ? *)',
        ScheduledActionName: 'Morning',
        Timezone: 'Europe/Berlin',
      },
    ]);
    scaled(scaling).resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 1);
  });

  test('a Scaling is a value: its copies do not change it', () => {
    const plain = Scaling.between(2, 10);
    const one = plain.onSchedule(busy);
    expect([actions(plain), actions(one).length, actions(one.onSchedule(quiet)).length]).toEqual([undefined, 1, 2]);
  });

  test('T12: no desired count, neither with bounds nor with a fixed number', () => {
    for (const scaling of [Scaling.between(2, 8), Scaling.fixed(6)]) {
      expect(only(scaled(scaling.onSchedule(busy)), 'AWS::ECS::Service').Properties.DesiredCount).toBeUndefined();
      expect(only(scaled(scaling.during(HOURS)), 'AWS::ECS::Service').Properties.DesiredCount).toBeUndefined();
    }
    expect(only(scaled(Scaling.fixed(3)), 'AWS::ECS::Service').Properties.DesiredCount).toBe(3);
  });

  test.each([
    [
      {},
      '`scaling.onSchedule.Night` must change `minTasks`, `maxTasks` or both, got {}; set one of them, or both [ScheduleWithoutBounds at Shop/Api]',
    ],
    [
      { minTasks: 3, maxTasks: 2 },
      '`scaling.onSchedule.Night.maxTasks` must be `minTasks` (3) or more, got 2; swap them, or use Scaling.fixed(count) for a constant number [ScalingBoundsReversed at Shop/Api]',
    ],
    [
      { minTasks: -1 },
      '`scaling.onSchedule.Night.minTasks` must be a whole number from 0 to 5000, got -1; choose a value in that range [TaskCountOutOfRange at Shop/Api]',
    ],
    [
      { maxTasks: 5001 },
      '`scaling.onSchedule.Night.maxTasks` must be a whole number from 0 to 5000, got 5001; choose a value in that range [TaskCountOutOfRange at Shop/Api]',
    ],
  ])('%j is refused', (bounds, message) => {
    const schedule = Schedule.cron({ hour: '22' });
    expect(() => scaled(Scaling.between(2, 4).onSchedule({ Night: { schedule, ...bounds } }))).toThrow(message);
  });

  test('the same number twice is a constant one', () => {
    const night = { Night: { schedule: Schedule.cron({ hour: '22' }), minTasks: 3, maxTasks: 3 } };
    expect(actions(Scaling.between(2, 4).onSchedule(night))[0].ScalableTargetAction).toEqual({ MinCapacity: 3, MaxCapacity: 3 });
  });
});

describe('FLASK-17: office hours', () => {
  test('of a service: to zero at night, back to its bounds in the morning', () => {
    expect(actions(Scaling.between(2, 4).during(HOURS))).toEqual([opens(2, 4), CLOSES]);
    expect(actions(Scaling.fixed(3).during(HOURS))).toEqual([opens(3, 3), CLOSES]);
  });

  test('a fixed number has no policy beside its hours', () => {
    scaled(Scaling.fixed(3).during(HOURS)).resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
  });

  test('of a mesh: every service, unless it has its own', () => {
    expect(actions(Scaling.between(2, 4), HOURS)).toEqual([opens(2, 4), CLOSES]);
    expect(actions(Scaling.between(2, 4).during(OfficeHours.always()), HOURS)).toBeUndefined();
    const own = actions(Scaling.between(2, 4).during(OfficeHours.everyDay(TimeZone.ETC_UTC)), HOURS);
    expect(own.map((action: { Schedule: string }) => action.Schedule)).toEqual(['cron(0 8 ? * * *)', 'cron(0 18 ? * * *)']);
  });

  test('a service that never stops keeps its desired count', () => {
    expect(only(scaled(Scaling.fixed(1).during(OfficeHours.always()), HOURS), 'AWS::ECS::Service').Properties.DesiredCount).toBe(1);
  });

  test('a queue worker of a fixed number scales on nothing but the clock', () => {
    const mesh = newMesh(newStack(), { officeHours: HOURS });
    new QueueWorkerService(mesh, 'Worker', { mesh, containers: [{ image: WEB.image }], scaling: Scaling.fixed(2) });
    const template = templateOf(mesh);
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
    expect(only(template, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties.ScheduledActions).toEqual([
      opens(2, 2),
      CLOSES,
    ]);
  });

  test('T26: a queue worker keeps its backlog policy', () => {
    const mesh = newMesh(newStack(), { officeHours: HOURS });
    new QueueWorkerService(mesh, 'Worker', { mesh, containers: [{ image: WEB.image }] });
    templateOf(mesh).resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 1);
  });

  test.each([
    [{ opens: '8:00' }, '`officeHours.opens` must be a time in 24-hour format, got "8:00"; write it like "08:00", up to "23:59"'],
    [
      { closes: '24:00:00' },
      '`officeHours.closes` must be a time in 24-hour format, got "24:00:00"; write it like "08:00", up to "23:59"',
    ],
    [
      { closes: '08:00' },
      '`officeHours.closes` must be after `opens` (08:00) on the same day, got "08:00"; swap them, or use Scaling.onSchedule for hours past midnight',
    ],
  ])('%j is refused, for a mesh and a service', (times, message) => {
    const hours = OfficeHours.weekdays(BERLIN, times);
    expect(() => newMesh(newStack(), { officeHours: hours })).toThrow(`${message} [BadOfficeHours at Shop/Mesh]`);
    expect(() => scaled(Scaling.fixed(1).during(hours))).toThrow(`${message} [BadOfficeHours at Shop/Api]`);
  });
});

describe('FLASK-17: a database that stops', () => {
  const database = (officeHours?: OfficeHours, own?: OfficeHours) => {
    const mesh = newMesh(newStack(), { officeHours, removalPolicy: RemovalPolicy.DESTROY });
    new PostgresDatabase(mesh, 'Database', { mesh, officeHours: own });
    return mesh;
  };
  const times = (mesh: ReturnType<typeof database>) =>
    Object.values(resources(templateOf(mesh), 'AWS::Scheduler::Schedule')).map(({ Properties: p }) => p.ScheduleExpression);

  test('starts a quarter of an hour before the services, and stops a quarter after them', () => {
    const template = templateOf(database(HOURS));
    const [start, stop] = Object.values(resources(template, 'AWS::Scheduler::Schedule')).map(({ Properties }) => Properties);
    const [instance] = Object.keys(resources(template, 'AWS::RDS::DBInstance'));
    expect([start.ScheduleExpression, start.ScheduleExpressionTimezone]).toEqual(['cron(15 7 ? * MON-FRI *)', 'Europe/Berlin']);
    expect(stop.ScheduleExpression).toBe('cron(15 19 ? * MON-FRI *)');
    expect(JSON.stringify([start.Target.Arn, stop.Target.Arn])).toMatch(/aws-sdk:rds:startDBInstance.*aws-sdk:rds:stopDBInstance/);
    expect(start.Target.Input).toEqual({ 'Fn::Join': ['', ['{"DbInstanceIdentifier":"', { Ref: instance }, '"}']] });
    expect(start.Target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 3 });
  });

  test('its role may start and stop this one instance, and report failures', () => {
    const policy = only(templateOf(database(HOURS)), 'AWS::IAM::Policy', 'MeshDatabaseOfficeHours').Properties.PolicyDocument;
    const [instance, queue] = policy.Statement;
    expect(instance.Action).toEqual(['rds:StartDBInstance', 'rds:StopDBInstance']);
    expect(JSON.stringify(instance.Resource)).toMatch(/:rds:eu-west-1:.*:db:.*MeshDatabaseInstance/);
    expect(queue.Action).toBe('sqs:SendMessage');
    expect(policy.Statement).toHaveLength(2);
  });

  test('hours of its own, or none', () => {
    expect(times(database())).toEqual([]);
    expect(times(database(HOURS, OfficeHours.always()))).toEqual([]);
    const early = OfficeHours.everyDay(BERLIN, { opens: '00:05', closes: '23:55' });
    expect(times(database(undefined, early))).toEqual(['cron(0 0 ? * * *)', 'cron(59 23 ? * * *)']);
  });

  test('AwsSolutions finds nothing', () =>
    expect(findings(database(HOURS)).filter((finding) => finding.includes('OfficeHours'))).toEqual([]));
});

describe('a scheduled change of one bound', () => {
  const noon = Schedule.cron({ hour: '12', minute: '0' });
  const evening = Schedule.cron({ hour: '20', minute: '0' });
  test.each([
    ['at the maximum', { noon: { schedule: noon, minTasks: 4 } }],
    ['at the minimum', { noon: { schedule: noon, maxTasks: 2 } }],
    ['below a maximum of another change', { noon: { schedule: noon, minTasks: 6 }, evening: { schedule: evening, maxTasks: 8 } }],
    ['with the other one', { noon: { schedule: noon, minTasks: 6, maxTasks: 6 } }],
  ])('%s is accepted', (_, changes) => expect(() => scaled(Scaling.between(2, 4).onSchedule(changes))).not.toThrow());

  test.each([
    [
      { minTasks: 6 },
      '`scaling.onSchedule.noon.minTasks` must be at most the maximum then, which is never above 4, got 6; set `maxTasks` of noon too',
    ],
    [
      { maxTasks: 1 },
      '`scaling.onSchedule.noon.maxTasks` must be at least the minimum then, which is never below 2, got 1; set `minTasks` of noon too',
    ],
  ])('%j beyond every other one is refused', (bounds, message) =>
    expect(() => scaled(Scaling.between(2, 4).onSchedule({ noon: { schedule: noon, ...bounds } }))).toThrow(message),
  );
});

describe('scaling that can go to 0', () => {
  const morning = { morning: { schedule: Schedule.cron({ hour: '7', minute: '0' }), minTasks: 2, maxTasks: 4 } };
  const night = { night: { schedule: Schedule.cron({ hour: '22', minute: '0' }), minTasks: 0, maxTasks: 0 } };
  const warningsOf = (scaling: Scaling, officeHours?: OfficeHours) => {
    const mesh = newMesh(newStack(), { officeHours });
    newService(mesh, 'Api', { scaling });
    return Annotations.fromStack(Stack.of(mesh))
      .findWarning('*', Match.stringLikeRegexp('ScalesToZero'))
      .map(({ entry }) => entry.data);
  };

  test.each([
    ['from the start', Scaling.between(0, 4)],
    ['with another target', Scaling.between(0, 4, { memoryPercent: 60 })],
    ['by a schedule', Scaling.between(2, 4).onSchedule(night)],
    ['in hours of its own', Scaling.between(0, 4).during(HOURS)],
  ])('%s, and never comes back, is warned of', (_, scaling) =>
    expect(warningsOf(scaling)).toEqual([
      '`scaling` of Shop/Api can go to 0 tasks, and its targets cannot start the first one again, because CPU, memory and requests per task have no ' +
        'values without tasks. Set the minimum to 1, add an entry to `onSchedule` with `minTasks`, use a QueueWorkerService for work from a queue, ' +
        'or acknowledge this if something else starts tasks. [ack: cdk-ecs-mesh:ScalesToZero]',
    ]),
  );

  test.each([
    ['one task stays', Scaling.between(1, 4)],
    ['a schedule starts tasks', Scaling.between(0, 4).onSchedule(morning)],
    ['a schedule starts those that one has stopped', Scaling.between(2, 4).onSchedule({ ...night, ...morning })],
    ['the next hours start tasks', Scaling.between(1, 4).onSchedule(night).during(HOURS)],
    ['nothing scales', Scaling.fixed(0)],
  ])('%s: no finding', (_, scaling) => expect(warningsOf(scaling)).toEqual([]));

  test('a worker is started by its messages', () => {
    const mesh = newMesh();
    new QueueWorkerService(Stack.of(mesh), 'Worker', { mesh, containers: [{ image: WEB.image }], scaling: Scaling.between(0, 4) });
    expect(Annotations.fromStack(Stack.of(mesh)).findWarning('*', Match.stringLikeRegexp('ScalesToZero'))).toEqual([]);
  });
});
