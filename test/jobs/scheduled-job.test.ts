import { App, Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compliance,
  ElastiCacheRedis,
  PostgresDatabase,
  QueueWorkerService,
  ScheduledJob,
  ScheduledJobProps,
  ServiceConnectMesh,
  ServiceConnectMeshProps,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

const REPORT = { image: ContainerImage.fromRegistry('my/report') };
const EVERY_HOUR = ScheduleExpression.rate(Duration.hours(1));

/** A job in a mesh of its own. */
function newJob(props: Partial<ScheduledJobProps> = {}, meshProps: ServiceConnectMeshProps = {}): ScheduledJob {
  const mesh = newMesh(newStack(), meshProps);
  return new ScheduledJob(Stack.of(mesh), 'Report', { mesh, containers: [REPORT], schedule: EVERY_HOUR, ...props });
}

const scheduleOf = (job: ScheduledJob) => only(templateOf(job), 'AWS::Scheduler::Schedule');
const taskOf = (job: ScheduledJob) => only(templateOf(job), 'AWS::ECS::TaskDefinition').Properties;

describe('PLAT-6: ScheduledJob with minimal props', () => {
  const job = newJob();
  const template = templateOf(job);
  const schedule = scheduleOf(job).Properties;
  const arnOf = (prefix: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${prefix}`)), 'Arn'] });

  test('a schedule in UTC, without a window, switched on, tried again three times within the hour', () => {
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: { RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 } },
    });
  });

  test('it runs one Fargate task in private subnets', () => {
    expect(schedule.Target).toMatchObject({ Arn: arnOf('MeshCluster'), DeadLetterConfig: { Arn: arnOf('ReportDeadLetterQueue') } });
    const { NetworkConfiguration, ...task } = schedule.Target.EcsParameters;
    const definition = { Ref: expect.stringMatching(/^ReportTaskDefinition/) };
    const tags = { EnableECSManagedTags: true, PropagateTags: 'TASK_DEFINITION' };
    expect(task).toEqual({ LaunchType: 'FARGATE', PlatformVersion: 'LATEST', TaskDefinitionArn: definition, ...tags });
    expect(NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp).toBe('DISABLED');
    expect(JSON.stringify(NetworkConfiguration.AwsvpcConfiguration.Subnets)).toMatch(/Private.*Private/);
  });

  test('the task: 256 CPU units, 512 MiB, x86, the hardening of a service', () => {
    expect(taskOf(job)).toMatchObject({ Cpu: '256', Memory: '512', RuntimePlatform: { CpuArchitecture: 'X86_64' } });
    expect(taskOf(job).ContainerDefinitions[0]).toMatchObject({
      Name: 'report',
      ReadonlyRootFilesystem: true,
      StopTimeout: 30,
      LinuxParameters: { InitProcessEnabled: true, Capabilities: { Drop: ['ALL'] } },
      LogConfiguration: { Options: { mode: 'non-blocking', 'awslogs-stream-prefix': 'report' } },
    });
  });

  test('logs are kept for 30 days', () => {
    const logs = only(template, 'AWS::Logs::LogGroup', 'ReportLogs').Properties;
    expect(logs).toMatchObject({ LogGroupName: '/ecs/shop-mesh/report', RetentionInDays: 30 });
  });

  test('the schedule may start this job in this cluster, pass its two roles, and report failures', () => {
    const { Statement } = only(template, 'AWS::IAM::Policy', 'ReportScheduleRole').Properties.PolicyDocument;
    const family = expect.stringMatching(/^:task-definition\/Shop-Report-[0-9A-F]{8}:\*$/);
    const revisions = ['arn:', { Ref: 'AWS::Partition' }, ':ecs:eu-west-1:', { Ref: 'AWS::AccountId' }, family];
    const inCluster = { ArnEquals: { 'ecs:cluster': arnOf('MeshCluster') } };
    const tasks = ['arn:', { Ref: 'AWS::Partition' }, ':ecs:eu-west-1:', { Ref: 'AWS::AccountId' }, ':task/*'];
    const whenStarted = { StringEquals: { 'ecs:CreateAction': 'RunTask' } };
    const toEcs = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
    expect(Statement).toEqual([
      { Action: 'ecs:RunTask', Effect: 'Allow', Resource: { 'Fn::Join': ['', revisions] }, Condition: inCluster },
      { Action: 'iam:PassRole', Effect: 'Allow', Resource: ['ReportTask', 'ReportExec'].map(arnOf), Condition: toEcs },
      { Action: 'ecs:TagResource', Effect: 'Allow', Resource: { 'Fn::Join': ['', tasks] }, Condition: whenStarted },
      { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: arnOf('ReportDeadLetterQueue') },
    ]);
  });

  test('only schedules of this account and group may use the role', () => {
    const [trust] = only(template, 'AWS::IAM::Role', 'ReportScheduleRole').Properties.AssumeRolePolicyDocument.Statement;
    expect(trust.Principal).toEqual({ Service: 'scheduler.amazonaws.com' });
    expect(trust.Condition.StringEquals['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
    expect(JSON.stringify(trust.Condition.StringEquals['aws:SourceArn'])).toContain(':schedule-group/default');
  });

  test('T15: it starts after the policies of its roles, and the route out', () => {
    const first = scheduleOf(job).DependsOn!.join(' ');
    expect(first).toMatch(/ReportExecutionRoleDefaultPolicy/);
    expect(first).toMatch(/ReportScheduleRoleDefaultPolicy/);
    expect(first).toMatch(/PrivateSubnet1DefaultRoute/);
  });

  test('T15: it starts after the rules that let it reach what it is connected to', () => {
    const connected = newJob();
    connected.connectTo(new PostgresDatabase(Stack.of(connected), 'Database', { mesh: connected.mesh }));
    const rules = Object.keys(resources(templateOf(connected), 'AWS::EC2::SecurityGroupIngress', 'DatabaseSecurityGroup'));
    expect(rules).toHaveLength(1);
    expect(scheduleOf(connected).DependsOn).toEqual(expect.arrayContaining(rules));
  });

  test('a dead-letter queue: encrypted, TLS only, 14 days', () => {
    const queue = { MessageRetentionPeriod: 1209600, SqsManagedSseEnabled: true };
    expect(only(template, 'AWS::SQS::Queue')).toMatchObject({ Properties: queue, DeletionPolicy: 'RetainExceptOnCreate' });
    template.resourceCountIs('AWS::SQS::QueuePolicy', 1);
  });

  test('nothing may come in', () => expect(openPaths(template)).toEqual([]));
  test('it is in the picture', () => {
    const component = TopologyRecord.of(job).components.find((c) => c.id === 'Shop/Report');
    expect(component).toMatchObject({ label: 'report', details: ['Fargate, one task', 'rate(1 hour)'] });
  });
  test('AwsSolutions finds nothing', () => expect(findings(job)).toEqual([]));
});

describe('a run that failed', () => {
  const detail = (job: ScheduledJob) => only(templateOf(job), 'AWS::Events::Rule').Properties.EventPattern.detail;

  test('by the exit code of its first container, or by anything but its own end, is in the dead-letter queue, whose alarm goes off', () => {
    const job = newJob();
    const { Properties } = only(templateOf(job), 'AWS::Events::Rule');
    const queue = { 'Fn::GetAtt': [expect.stringMatching(/^ReportDeadLetterQueue/), 'Arn'] };
    expect(Properties.Targets).toEqual([expect.objectContaining({ Arn: queue })]);
    expect(Properties.EventPattern).toMatchObject({ source: ['aws.ecs'], 'detail-type': ['ECS Task State Change'] });
    expect(detail(job)).toEqual({
      clusterArn: [{ 'Fn::GetAtt': [expect.stringMatching(/^MeshCluster/), 'Arn'] }],
      lastStatus: ['STOPPED'],
      taskDefinitionArn: [
        { prefix: { 'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/:task-definition\/Shop-Report-\w+:$/)])] } },
      ],
      $or: [
        { containers: { name: ['report'], exitCode: [{ 'anything-but': 0 }] } },
        { stopCode: [{ 'anything-but': 'EssentialContainerExited' }] },
      ],
    });
    const [rule] = Object.keys(resources(templateOf(job), 'AWS::Events::Rule'));
    const { Statement } = only(templateOf(job), 'AWS::SQS::QueuePolicy').Properties.PolicyDocument;
    expect(Statement).toContainEqual({
      Action: 'sqs:SendMessage',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Resource: queue,
      Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule, 'Arn'] } } },
    });
  });

  test('of several containers: the first', () => {
    const job = newJob({
      containers: [
        { ...REPORT, name: 'main' },
        { ...REPORT, name: 'beside' },
      ],
    });
    expect(detail(job).$or[0].containers.name).toEqual(['main']);
  });

  const strictJob = (key?: IKey) => {
    const stack = newStack();
    Compliance.strict({ key: key ?? undefined }).applyTo(stack);
    const mesh = newMesh(stack);
    return new ScheduledJob(stack, 'Report', { mesh, containers: [REPORT], schedule: EVERY_HOUR });
  };

  test('with a key of the app: EventBridge can use it', () => {
    const policies = JSON.stringify(resources(templateOf(strictJob()), 'AWS::KMS::Key'));
    expect(policies).toContain('"Service":"events.amazonaws.com"');
  });

  test('with a key of others: its policy is said', () => {
    const stack = new Stack();
    const job = strictJob(Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/a'));
    Annotations.fromStack(Stack.of(job)).hasWarning(
      '/Shop/Report/FailedRuns',
      'The policy of Default/Key must allow events.amazonaws.com kms:Decrypt and kms:GenerateDataKey, or failed runs of the job raise no alarm: ' +
        'EventBridge cannot send them to the encrypted dead-letter queue. [ack: cdk-ecs-mesh:JobKeyPolicy]',
    );
  });
});

describe('all props', () => {
  const job = newJob({
    containers: [
      { ...REPORT, name: 'main' },
      { ...REPORT, name: 'sidecar', lifecycle: { essential: false } },
    ],
    schedule: ScheduleExpression.cron({ hour: '6', minute: '30', timeZone: TimeZone.EUROPE_BERLIN }),
    discoveryName: 'nightly',
    taskSize: { cpu: 1024, memoryMiB: 2048 },
    cpuArchitecture: CpuArchitecture.ARM64,
    flexibleWindow: Duration.minutes(15),
    retryAttempts: 0,
    maxEventAge: Duration.minutes(5),
    enabled: false,
  });

  test('of the schedule', () =>
    expect(scheduleOf(job).Properties).toMatchObject({
      ScheduleExpression: 'cron(30 6 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
      State: 'DISABLED',
      Target: { RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 } },
    }));

  test('of the task', () => {
    expect(taskOf(job)).toMatchObject({ Cpu: '1024', Memory: '2048', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
    expect([job.discoveryName, job.containers.map((c) => c.containerName)]).toEqual(['nightly', ['main', 'sidecar']]);
  });
});

test('connectTo works as on a service: variables, secrets, rules, permissions and order', () => {
  const job = newJob();
  job.connectTo(new ElastiCacheRedis(Stack.of(job), 'Redis', { mesh: job.mesh }), { as: 'CACHE' });
  const [container] = taskOf(job).ContainerDefinitions;
  expect(container.Environment.map((v: { Name: string }) => v.Name)).toContain('CACHE_URL');
  expect(container.Secrets.map((v: { Name: string }) => v.Name)).toContain('CACHE_PASSWORD');
  expect(openPaths(templateOf(job))).toEqual(['Report -> Redis 6379']);
  expect(scheduleOf(job).DependsOn!.join(' ')).toMatch(/ Redis[0-9A-F]{8} /);
  expect(findings(job)).toEqual([]);
});

test('a job may feed a worker', () => {
  const job = newJob();
  job.connectTo(new QueueWorkerService(Stack.of(job), 'Worker', { mesh: job.mesh, containers: [REPORT] }).queueEndpoint);
  const [statement] = only(templateOf(job), 'AWS::IAM::Policy', 'ReportTaskRole').Properties.PolicyDocument.Statement;
  expect(statement.Action).toBe('sqs:SendMessage');
});

test('T24: in development mode the dead-letter queue goes with the stack', () => {
  const job = newJob({}, { removalPolicy: RemovalPolicy.DESTROY });
  expect(only(templateOf(job), 'AWS::SQS::Queue')).toMatchObject({ DeletionPolicy: 'Delete' });
});

test('T21: mesh, database and job each in a stack of their own', () => {
  const app = new App();
  const mesh = newMesh(newStack('Network', app));
  const database = new PostgresDatabase(newStack('Data', app), 'Database', { mesh });
  const stack = newStack('Jobs', app);
  const job = new ScheduledJob(stack, 'Report', { mesh, containers: [REPORT], schedule: EVERY_HOUR });
  job.connectTo(database);
  expect(findings(job)).toEqual([]);
  expect(openPaths(templateOf(stack)).filter((path) => path.startsWith('Report'))).toHaveLength(1);
});

test('T4: a job has a name that no service has', () => {
  const job = newJob();
  expect(() => newService(job.mesh as ServiceConnectMesh, 'Report2', { networking: { discoveryName: 'report' } })).toThrow(
    /NameTaken/,
  );
});

const range = (prop: string, min: number, max: number, got: number, id: string) =>
  `\`${prop}\` must be a whole number from ${min} to ${max}, got ${got}; choose a value in that range [${id} at Shop/Report]`;
const secondsRange = (prop: string, min: number, max: number, got: number, id: string) =>
  `\`${prop}\` must be whole seconds from ${min} to ${max}, got "${got} seconds"; choose a duration in that range [${id} at Shop/Report]`;

test.each<[Partial<ScheduledJobProps>, string]>([
  [{ flexibleWindow: Duration.seconds(30) }, range('flexibleWindow', 1, 1440, 0.5, 'JobWindow')],
  [{ flexibleWindow: Duration.minutes(1441) }, range('flexibleWindow', 1, 1440, 1441, 'JobWindow')],
  [{ retryAttempts: -1 }, range('retryAttempts', 0, 185, -1, 'JobRetryAttempts')],
  [{ retryAttempts: 186 }, range('retryAttempts', 0, 185, 186, 'JobRetryAttempts')],
  [{ maxEventAge: Duration.seconds(59) }, secondsRange('maxEventAge', 60, 86400, 59, 'JobEventAge')],
  [{ maxEventAge: Duration.seconds(86401) }, secondsRange('maxEventAge', 60, 86400, 86401, 'JobEventAge')],
  [
    { containers: [{ ...REPORT, ports: [{ name: 'http', containerPort: 8080 }] }] },
    '`containers[0].ports` must be left out, because nothing can call a job, got ["http"]; use MeshService for a server [JobHasPorts at Shop/Report]',
  ],
])('%p is refused', (props, message) => {
  expect(() => newJob(props)).toThrow(message);
});

test.each<Partial<ScheduledJobProps>>([
  { flexibleWindow: Duration.minutes(1), retryAttempts: 0, maxEventAge: Duration.seconds(60) },
  {
    flexibleWindow: Duration.minutes(1440),
    retryAttempts: 185,
    maxEventAge: Duration.days(1),
    containers: [{ ...REPORT, ports: [] }],
  },
])('%p is fine', (props) => {
  expect(newJob(props).schedule).toBeDefined();
});

test('a prefix of variables is checked as on a service', () => {
  const job = newJob();
  const worker = new QueueWorkerService(Stack.of(job), 'Worker', { mesh: job.mesh, containers: [REPORT] });
  expect(() => job.connectTo(worker.queueEndpoint, { as: 'queue' })).toThrow(/\[BadVariablePrefix at Shop\/Report\]/);
});

describe('DT-78: a moment that is over', () => {
  const at = (days: number) => ScheduleExpression.at(new Date(Date.now() + days * 86_400_000));
  const warnings = (schedule: ScheduleExpression) =>
    Annotations.fromStack(Stack.of(newJob({ schedule }))).findWarning('*', Match.stringLikeRegexp('ScheduleInThePast'));

  test('everywhere on earth: it would start nothing', () => {
    const schedule = at(-1);
    expect(warnings(schedule).map(({ entry }) => entry.data)).toEqual([
      `${schedule.expressionString} is over: made now, it would start nothing. Set another time, or remove the job. [ack: cdk-ecs-mesh:ScheduleInThePast]`,
    ]);
  });

  test.each([at(0), at(1), EVERY_HOUR])('%j is still to come, somewhere', (schedule) => {
    expect(warnings(schedule)).toEqual([]);
  });
});
