import { Duration, Size, Stack } from 'aws-cdk-lib';
import { ContainerDependencyCondition, ContainerImage, LogDrivers, UlimitName } from 'aws-cdk-lib/aws-ecs';
import {
  Compute,
  ContainerLogging,
  ContainerOptions,
  ContainerProcess,
  ContainerResources,
  DeploymentJob,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { newMesh, newService, only, templateOf, WEB } from '../helpers';

const { COMPLETE, HEALTHY, START, SUCCESS } = ContainerDependencyCondition;
const AGENT = { image: ContainerImage.fromRegistry('vendor/agent'), name: 'agent' };
const CHECK = { command: ['CMD', 'true'] };

function definitions(web: Partial<ContainerOptions>, sidecars: ContainerOptions[] = [], mesh = newMesh(), compute?: Compute) {
  const service = newService(mesh, 'Api', { containers: [{ ...WEB, ...web }], sidecars, compute });
  return only(templateOf(service), 'AWS::ECS::TaskDefinition', 'Api').Properties.ContainerDefinitions;
}

const container = (web: Partial<ContainerOptions>) => definitions(web)[0];
const refused = (web: Partial<ContainerOptions>, sidecars: ContainerOptions[] = []) => expect(() => definitions(web, sidecars));

describe('process', () => {
  test('DT-4: entry point, command, directory, user, init process and limits are those of the container', () => {
    const ulimits = [
      { name: UlimitName.NOFILE, softLimit: 65_536, hardLimit: 1_048_576 },
      { name: UlimitName.CORE, softLimit: 0, hardLimit: -1 },
    ];
    const process: ContainerProcess = {
      entryPoint: ['/init'],
      command: ['serve'],
      workingDirectory: '/srv',
      user: '1000',
      initProcessEnabled: false,
      ulimits,
    };
    expect(container({ process })).toMatchObject({
      EntryPoint: ['/init'],
      Command: ['serve'],
      WorkingDirectory: '/srv',
      User: '1000',
      LinuxParameters: { InitProcessEnabled: false },
      Ulimits: [
        { Name: 'nofile', SoftLimit: 65_536, HardLimit: 1_048_576 },
        { Name: 'core', SoftLimit: 0, HardLimit: -1 },
      ],
    });
  });

  test('without it the image decides, under an init process', () => {
    const { EntryPoint, Command, WorkingDirectory, User, Ulimits, LinuxParameters } = container({});
    expect([EntryPoint, Command, WorkingDirectory, User, Ulimits]).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(LinuxParameters.InitProcessEnabled).toBe(true);
  });

  test('a directory that is not absolute', () => {
    refused({ process: { workingDirectory: 'srv' } }).toThrow(
      '`containers[0].process.workingDirectory` must be an absolute path, got "srv"; write it like "/srv/app" [BadWorkingDirectory at Shop/Api]',
    );
  });

  const nofile = (softLimit: number, hardLimit: number) => ({ name: UlimitName.NOFILE, softLimit, hardLimit });
  test.each([
    [[nofile(1, 1_048_577)], '[0].hardLimit` must be a whole number from 1 to 1048576, got 1048577'],
    [[nofile(-1, 1024)], '[0].softLimit` must be a whole number from 1 to 1048576, got -1'],
    [[nofile(1025, 1024)], '[0].softLimit` must be at most the hard limit of 1024, got 1025'],
    [[{ name: UlimitName.CORE, softLimit: -1, hardLimit: 0 }], '[0].softLimit` must be at most the hard limit of 0, got -1'],
    [[nofile(1, 2), nofile(1, 2)], '[1].name` must be in the list once, got "nofile"'],
  ])('%j', (ulimits, message) => {
    refused({ process: { ulimits } }).toThrow(`\`containers[0].process.ulimits${message}`);
  });
});

describe('resources', () => {
  test('a share of the task', () => {
    const resources = { cpu: 128, memoryLimitMiB: 256, memoryReservationMiB: 255 };
    expect(container({ resources })).toMatchObject({ Cpu: 128, Memory: 256, MemoryReservation: 255 });
    const { Cpu, Memory, MemoryReservation } = container({});
    expect([Cpu, Memory, MemoryReservation]).toEqual([undefined, undefined, undefined]);
  });

  test.each<[ContainerResources, string]>([
    [{ cpu: 257 }, 'cpu` must be a whole number from 1 to 256, got 257'],
    [{ memoryLimitMiB: 513 }, 'memoryLimitMiB` must be a whole number from 6 to 512, got 513'],
    [{ memoryLimitMiB: 5 }, 'memoryLimitMiB` must be a whole number from 6 to 512, got 5'],
    [{ memoryLimitMiB: 256, memoryReservationMiB: 256 }, 'memoryReservationMiB` must be a whole number from 6 to 255, got 256'],
  ])('%j is more than there is', (resources, message) => {
    refused({ resources }).toThrow(`\`containers[0].resources.${message}`);
  });

  test.each<[string, ContainerResources, ContainerResources, number]>([
    ['cpu', { cpu: 128 }, { cpu: 129 }, 257],
    ['memoryReservationMiB', { memoryReservationMiB: 256 }, { memoryLimitMiB: 257 }, 513],
  ])('%s of all containers together', (name, web, agent, total) => {
    const most = name === 'cpu' ? 256 : 512;
    refused({ resources: web }, [{ ...AGENT, resources: agent }]).toThrow(
      `\`containers[].resources.${name}\` must add up to ${most} at most, the size of the task, got ${total}; lower the shares, or raise \`taskSize\` [ContainerShare at Shop/Api]`,
    );
  });
});

describe('logging', () => {
  const options = (logging?: ContainerLogging) => container({ logging }).LogConfiguration.Options;

  test('non-blocking by default', () => {
    const { 'awslogs-group': group, 'awslogs-region': region, ...rest } = options();
    expect([typeof group, region]).toEqual(['object', 'eu-west-1']);
    expect(rest).toEqual({ 'awslogs-stream-prefix': 'api', mode: 'non-blocking', 'max-buffer-size': '26214400b' });
  });

  test('names of streams, events of several lines and the size of the buffer', () => {
    const lines = { streamPrefix: 'v2', multilinePattern: '^\\d' };
    const shared = { 'awslogs-stream-prefix': 'v2', 'awslogs-multiline-pattern': '^\\d' };
    expect(options(ContainerLogging.nonBlocking({ ...lines, maxBufferSize: Size.mebibytes(1) }))).toMatchObject({
      ...shared,
      'max-buffer-size': '1048576b',
    });
    const blocking = options(ContainerLogging.blocking(lines));
    expect(blocking).toMatchObject({ ...shared, mode: 'blocking' });
    expect(blocking).not.toHaveProperty('max-buffer-size');
  });

  test('a driver of the CDK', () => {
    const logging = ContainerLogging.driver(LogDrivers.firelens({ options: { Name: 'http' } }));
    const [web, router] = definitions({ logging });
    expect(web.LogConfiguration).toEqual({ LogDriver: 'awsfirelens', Options: { Name: 'http' } });
    expect(router.FirelensConfiguration).toEqual({ Type: 'fluentbit' });
  });

  test('a driver that Fargate does not have', () => {
    const logging = ContainerLogging.driver(LogDrivers.journald());
    refused({ logging }).toThrow(
      '`containers[0].logging` must be one of the log drivers of Fargate (awslogs, splunk, awsfirelens), got "journald"; use ContainerLogging.nonBlocking(), or run on Compute.ec2 [LogDriverOnFargate at Shop/Api]',
    );
    const mesh = newMesh();
    const [web] = definitions({ logging }, [], mesh, Compute.ec2(mesh.addEc2Capacity('Hosts')));
    expect(web.LogConfiguration.LogDriver).toBe('journald');
  });

  test.each([
    [
      ContainerLogging.blocking({ streamPrefix: 'a:b' }),
      'streamPrefix` must be 1 to 200 characters without ":" and "*", got "a:b"',
    ],
    [ContainerLogging.nonBlocking({ streamPrefix: '' }), 'streamPrefix` must be 1 to 200 characters without ":" and "*", got ""'],
    [
      ContainerLogging.nonBlocking({ maxBufferSize: Size.kibibytes(1536) }),
      'maxBufferSize` must be a whole number from 1 to 1048576, got 1.5',
    ],
  ])('bad input %#', (logging, message) => {
    refused({ logging }).toThrow(`\`containers[0].logging.${message}`);
  });
});

describe('lifecycle', () => {
  const waiting = (condition?: ContainerDependencyCondition, name = 'agent') => ({
    lifecycle: { dependsOn: [{ container: name, condition }] },
  });

  test('times, restart and the order of the containers', () => {
    const times = { startTimeout: Duration.seconds(120), stopTimeout: Duration.seconds(2) };
    const agent = {
      ...AGENT,
      healthCheck: CHECK,
      lifecycle: { ...times, essential: false, restartAttemptPeriod: Duration.minutes(30) },
    };
    const [web, sidecar] = definitions(waiting(), [agent]);
    expect(web.DependsOn).toEqual([{ ContainerName: 'agent', Condition: 'HEALTHY' }]);
    expect(sidecar).toMatchObject({
      Essential: false,
      StartTimeout: 120,
      StopTimeout: 2,
      RestartPolicy: { Enabled: true, RestartAttemptPeriod: 1800 },
    });
    expect(sidecar.DependsOn).toBeUndefined();
  });

  test('without it a container is essential, has 30 seconds to stop, waits for none and is not restarted', () => {
    const { Essential, StopTimeout, StartTimeout, DependsOn, RestartPolicy } = container({});
    expect([Essential, StopTimeout, StartTimeout, DependsOn, RestartPolicy]).toEqual([true, 30, undefined, undefined, undefined]);
  });

  test.each([
    [START, {}, 'START'],
    [HEALTHY, { healthCheck: CHECK }, 'HEALTHY'],
    [COMPLETE, { lifecycle: { essential: false } }, 'COMPLETE'],
    [SUCCESS, { lifecycle: { essential: false } }, 'SUCCESS'],
  ])('%s', (condition, agent, rendered) => {
    const [web] = definitions(waiting(condition), [{ ...AGENT, ...agent }]);
    expect(web.DependsOn).toEqual([{ ContainerName: 'agent', Condition: rendered }]);
  });

  test.each<[string, Partial<ContainerOptions>, ContainerOptions[], string]>([
    [
      'no such container',
      waiting(START, 'agnet'),
      [AGENT],
      '`containers[0].lifecycle.dependsOn[0].container` must name a container or sidecar of this task (api, agent), got "agnet"; did you mean "agent"? [DependencyUnknown at Shop/Api]',
    ],
    [
      'health without a health check',
      waiting(),
      [AGENT],
      '`containers[0].lifecycle.dependsOn[0].condition` must not be HEALTHY, since agent has no health check, without which it never becomes healthy, got "HEALTHY"; give `sidecars[0]` a `healthCheck`, or wait for ContainerDependencyCondition.START [DependencyWithoutHealthCheck at Shop/Api]',
    ],
    [
      'the end of an essential container',
      waiting(SUCCESS),
      [AGENT],
      '`containers[0].lifecycle.dependsOn[0].condition` must be START or HEALTHY, since agent is essential, and its end ends the task, got "SUCCESS"; set `sidecars[0].lifecycle.essential` to false [DependencyOnEssential at Shop/Api]',
    ],
    [
      'a circle',
      waiting(START),
      [
        { ...AGENT, ...waiting(START, 'other') },
        { ...AGENT, name: 'other', ...waiting(START, 'api') },
      ],
      '`containers[0].lifecycle.dependsOn` must not depend on its own container, because each would wait for the other, got "api -> agent -> other -> api"; leave one of the dependencies out [ContainerCycle at Shop/Api]',
    ],
    [
      'itself',
      waiting(START, 'api'),
      [],
      '`containers[0].lifecycle.dependsOn` must not depend on its own container, because each would wait for the other, got "api -> api"; leave one of the dependencies out [ContainerCycle at Shop/Api]',
    ],
    [
      'a circle that the first container only leads to',
      waiting(START),
      [
        { ...AGENT, ...waiting(START, 'other') },
        { ...AGENT, name: 'other', ...waiting(START) },
      ],
      '`sidecars[0].lifecycle.dependsOn` must not depend on its own container, because each would wait for the other, got "agent -> other -> agent"; leave one of the dependencies out [ContainerCycle at Shop/Api]',
    ],
    [
      'a start time of Fargate',
      { lifecycle: { startTimeout: Duration.seconds(121) } },
      [],
      '`containers[0].lifecycle.startTimeout` must be whole seconds from 2 to 120, got "121 seconds"; choose a duration in that range [StartTimeoutOutOfRange at Shop/Api]',
    ],
    [
      'a restart at once',
      { lifecycle: { restartAttemptPeriod: Duration.seconds(59) } },
      [],
      '`containers[0].lifecycle.restartAttemptPeriod` must be whole seconds from 60 to 1800, got "59 seconds"; choose a duration in that range [RestartPeriod at Shop/Api]',
    ],
    [
      'no essential container, whatever the sidecars are',
      { lifecycle: { essential: false } },
      [AGENT],
      '`containers[0].lifecycle.essential` must be true for at least one of `containers`, so that the task stops when it does, got false; leave it out for the main container [NoEssentialContainer at Shop/Api]',
    ],
  ])('refuses %s', (_, web, sidecars, message) => refused(web, sidecars).toThrow(message));

  test('a job whose only container is not essential is refused in our words too', () => {
    const job = (mesh: ServiceConnectMesh) =>
      new DeploymentJob(Stack.of(mesh), 'Job', { mesh, containers: [{ image: AGENT.image, lifecycle: { essential: false } }] });
    expect(() => job(newMesh())).toThrow('[NoEssentialContainer at Shop/Job]');
  });
});

test.each([
  [[AGENT, AGENT], '`sidecars[1].name` must be given and unique in the task, got "agent"'],
  [[{ image: AGENT.image }], '`sidecars[0].name` must be given and unique in the task, got null'],
  [[{ ...AGENT, name: 'api' }], '`sidecars[0].name` must be given and unique in the task, got "api"'],
  [[{ ...AGENT, process: { user: 'a b' } }], '`sidecars[0].process.user` must be a user, or user:group'],
])('sidecars are checked as containers are %#', (sidecars, message) => refused({}, sidecars).toThrow(message));
