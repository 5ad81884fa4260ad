import { Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { MeshServiceProps, Rollout, Scaling } from 'cdk-ecs-mesh';
import { WEB, newMesh, newService, only, templateOf } from '../helpers';

const IMAGE = ContainerImage.fromRegistry('my/web');

/** Renders one service and gives its template back. */
function render(props: Partial<MeshServiceProps> = {}) {
  return templateOf(newService(newMesh(), 'Api', props));
}

describe('Fargate sizes', () => {
  test.each([
    [256, 512],
    [256, 2048],
    [512, 1024],
    [512, 4096],
    [1024, 2048],
    [1024, 8192],
    [2048, 16384],
    [4096, 30720],
    [8192, 61440],
    [16384, 122880],
  ])('%d units with %d MiB exist', (cpu, memoryMiB) => {
    expect(only(render({ taskSize: { cpu, memoryMiB } }), 'AWS::ECS::TaskDefinition').Properties).toMatchObject({
      Cpu: String(cpu),
      Memory: String(memoryMiB),
    });
  });

  test.each([
    [256, 256, 'the smallest that fits is { cpu: 256, memoryMiB: 512 }'],
    [256, 4096, 'the smallest that fits is { cpu: 512, memoryMiB: 4096 }'],
    [300, 1024, 'the smallest that fits is { cpu: 512, memoryMiB: 1024 }'],
    [1024, 1024, 'the smallest that fits is { cpu: 1024, memoryMiB: 2048 }'],
    [8192, 17000, 'the smallest that fits is { cpu: 8192, memoryMiB: 20480 }'],
    [32768, 1, 'the largest is { cpu: 16384, memoryMiB: 122880 }; use Compute.ec2 for more'],
  ])('%d units with %d MiB do not; %s', (cpu, memoryMiB, fix) => {
    expect(() => render({ taskSize: { cpu, memoryMiB } })).toThrow(
      `\`taskSize\` must be a size that Fargate supports, got {"cpu":${cpu},"memoryMiB":${memoryMiB}}; ${fix} [FargateSizeUnknown at Shop/Api]`,
    );
  });
});

describe('bad input', () => {
  const port = (name: string, containerPort: number, more = {}) => ({ name, containerPort, ...more });
  const one = (...ports: ReturnType<typeof port>[]) => ({ containers: [{ image: IMAGE, ports }] });

  test.each<[string, Partial<MeshServiceProps>, string]>([
    [
      'no containers',
      { containers: [] },
      '`containers` must have at least one container, got []; specify a container with an image [NoContainers at Shop/Api]',
    ],
    [
      'second container without a name',
      { containers: [WEB, { image: IMAGE }] },
      '`containers[1].name` must be given and unique in the task, got null; name the container after its purpose, such as "worker" [ContainerNameNeeded at Shop/Api]',
    ],
    [
      'container name used twice',
      { containers: [WEB, { image: IMAGE, name: 'api' }] },
      '`containers[1].name` must be given and unique in the task, got "api"; name the container after its purpose, such as "worker" [ContainerNameNeeded at Shop/Api]',
    ],
    [
      'port name in capitals',
      one(port('HTTP', 80)),
      '`containers[0].ports[0].name` must be 1 to 64 lowercase letters, digits, hyphens and underscores, got "HTTP"; name it after its protocol, such as "http" [BadPortName at Shop/Api]',
    ],
    [
      'port 0',
      one(port('http', 0)),
      '`containers[0].ports[0].containerPort` must be a whole number from 1 to 65535, got 0; choose a value in that range [PortOutOfRange at Shop/Api]',
    ],
    [
      'port 65536',
      one(port('http', 65536)),
      '`containers[0].ports[0].containerPort` must be a whole number from 1 to 65535, got 65536; choose a value in that range [PortOutOfRange at Shop/Api]',
    ],
    [
      'port name twice',
      one(port('http', 80), port('http', 81)),
      '`containers[0].ports[1].name` must be unique in the task, because its containers share one network, got "http"; choose another one than api has [PortTaken at Shop/Api]',
    ],
    [
      'container port twice',
      one(port('http', 80), port('admin', 80)),
      '`containers[0].ports[1].containerPort` must be unique in the task, because its containers share one network, got 80; choose another one than api has [PortTaken at Shop/Api]',
    ],
    [
      'host port on Fargate',
      one(port('http', 80, { hostPort: 8080 })),
      '`containers[0].ports[0].hostPort` must equal containerPort (80) in awsvpc network mode, got 8080; leave `hostPort` out, or run on Compute.ec2 with NetworkMode.BRIDGE [HostPortNotPossible at Shop/Api]',
    ],
    [
      'bad discovery name',
      { networking: { discoveryName: 'Api_1' } },
      '`networking.discoveryName` must be 1 to 63 lowercase letters, digits and hyphens, got "Api_1"; write it like "api" [BadDiscoveryName at Shop/Api]',
    ],
    [
      'a cooldown of less than a second',
      { scaling: Scaling.between(1, 2, { scaleOutCooldown: Duration.millis(1) }) },
      '`scaling.scaleOutCooldown` must be whole seconds from 0 to 2147483647, got "0.001 seconds"; choose a duration in that range [CooldownOutOfRange at Shop/Api]',
    ],
    [
      'a cooldown of a second and a half',
      { scaling: Scaling.between(1, 2, { scaleInCooldown: Duration.millis(1500) }) },
      '`scaling.scaleInCooldown` must be whole seconds from 0 to 2147483647, got "1.5 seconds"; choose a duration in that range [CooldownOutOfRange at Shop/Api]',
    ],
    [
      'negative count',
      { scaling: Scaling.fixed(-1) },
      '`scaling.count` must be a whole number from 0 to 5000, got -1; choose a value in that range [TaskCountOutOfRange at Shop/Api]',
    ],
    [
      '5001 tasks',
      { scaling: Scaling.between(0, 5001) },
      '`scaling.max` must be a whole number from 1 to 5000, got 5001; choose a value in that range [TaskCountOutOfRange at Shop/Api]',
    ],
    [
      'bounds reversed',
      { scaling: Scaling.between(4, 4) },
      '`scaling.max` must be above `scaling.min` (4), got 4; use Scaling.fixed(count) for a constant number of tasks [ScalingBoundsReversed at Shop/Api]',
    ],
    [
      '0 percent',
      { scaling: Scaling.between(1, 2, { cpuPercent: 0 }) },
      '`scaling.cpuPercent` must be a whole number from 1 to 100, got 0; choose a value in that range [PercentOutOfRange at Shop/Api]',
    ],
    [
      '101 percent',
      { scaling: Scaling.between(1, 2, { memoryPercent: 101 }) },
      '`scaling.memoryPercent` must be a whole number from 1 to 100, got 101; choose a value in that range [PercentOutOfRange at Shop/Api]',
    ],
    [
      'no requests',
      { scaling: Scaling.between(1, 2, { requestsPerTarget: 0 }) },
      '`scaling.requestsPerTarget` must be a whole number from 1 to 1000000, got 0; choose a value in that range [RequestsOutOfRange at Shop/Api]',
    ],
    [
      'rollout that cannot move',
      { rollout: Rollout.rolling({ minHealthyPercent: 100, maxHealthyPercent: 100 }) },
      '`rollout.maxHealthyPercent` must be above `rollout.minHealthyPercent`, because no task could be replaced otherwise, got 100; lower `minHealthyPercent` to replace in place, or raise `maxHealthyPercent` [RolloutCannotMove at Shop/Api]',
    ],
    [
      'rollout above 200',
      { rollout: Rollout.rolling({ maxHealthyPercent: 201 }) },
      '`rollout.maxHealthyPercent` must be a whole number from 100 to 200, got 201; choose a value in that range [PercentOutOfRange at Shop/Api]',
    ],
  ])('%s', (_, props, message) => {
    expect(() => newService(newMesh(), 'Api', props)).toThrow(message);
  });

  test('a secret-like variable in plain text is warned of', () => {
    const service = newService(newMesh(), 'Api', {
      containers: [{ ...WEB, environment: { DB_PASSWORD: 'x', API_KEY_SOURCE: 'y' } }],
    });
    const warnings = Annotations.fromStack(service.node.scope as never).findWarning('*', Match.stringLikeRegexp('PlainSecret'));
    expect(warnings.map((w) => w.entry.data)).toEqual([
      '`environment.DB_PASSWORD` of api looks like a secret in plaintext; pass it in `secrets`, by reference [ack: cdk-ecs-mesh:PlainSecret]',
    ]);
  });

  test.each<[string, number]>([
    ...['PASSWORD', 'PASSWD', 'TOKEN', 'API_KEY', 'APIKEY', 'PRIVATE_KEY', 'PRIVATEKEY', 'SECRET'].map((end): [string, number] => [
      `DB_${end}`,
      1,
    ]),
    ['token', 1],
    ['clientSecret', 1],
    ['TOKEN_LIFETIME', 0],
    ['PASSWORD_FILE', 0],
    ['KEY', 0],
    ['SECRETS', 0],
  ])('%s in plain text: %d warnings', (name, count) => {
    const service = newService(newMesh(), 'Api', { containers: [{ ...WEB, environment: { [name]: 'x' } }] });
    const found = Annotations.fromStack(service.node.scope as never).findWarning('*', Match.stringLikeRegexp('PlainSecret'));
    expect(found).toHaveLength(count);
  });

  test('scaling on requests without a route is reported at synthesis', () => {
    const service = newService(newMesh(), 'Api', { scaling: Scaling.between(1, 2, { requestsPerTarget: 100 }) });
    expect(() => templateOf(service)).toThrow(
      '`scaling.requestsPerTarget` must have a gateway route whose requests it can count, got 100; add `gateway.external.route(...)` or `gateway.internal.route(...)` for the service, or scale on cpuPercent [RequestScalingWithoutRoute]',
    );
  });
});
