import { Aws, Duration, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  ContainerOptions,
  ContainerRedis,
  DeploymentJob,
  Tracing,
  QueueWorkerService,
  ScheduledJob,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { newMesh, newService, WEB } from '../helpers';

type Make = (mesh: ServiceConnectMesh, container: ContainerOptions) => unknown;
const plain = ({ image, ...rest }: ContainerOptions) => [{ ...rest, image, name: 'own' }];
const schedule = ScheduleExpression.rate(Duration.hours(1));

/** Every list of containers. */
const LISTS: Record<string, [string, Make]> = {
  MeshService: ['containers[0]', (mesh, own) => newService(mesh, 'Web', { containers: plain(own) })],
  'a sidecar': ['sidecars[0]', (mesh, own) => newService(mesh, 'Web', { sidecars: plain(own) })],
  QueueWorkerService: [
    'containers[0]',
    (mesh, own) => new QueueWorkerService(Stack.of(mesh), 'Web', { mesh, containers: plain(own) }),
  ],
  ScheduledJob: [
    'containers[0]',
    (mesh, own) => new ScheduledJob(Stack.of(mesh), 'Web', { mesh, containers: plain(own), schedule }),
  ],
  DeploymentJob: ['containers[0]', (mesh, own) => new DeploymentJob(Stack.of(mesh), 'Web', { mesh, containers: plain(own) })],
};
const lists = Object.entries(LISTS);

describe.each(lists)('a health check of %s', (_, [prop, make]) => {
  const withCommand = (command: string[]) => () => make(newMesh(), { image: WEB.image, healthCheck: { command } });

  test.each([
    [['CMD', 'curl', '-f', 'http://localhost/']],
    [['CMD-SHELL', 'curl -f http://localhost/ || exit 1']],
    [['curl -f http://localhost/ || exit 1']],
    [['curl', '-f', 'http://localhost/?a=1&&b']],
    [Token.asList({ Ref: 'Words' })],
  ])('%j is accepted', (command) => expect(withCommand(command)).not.toThrow());

  test.each([
    [
      ['CMD-SHELL', 'curl', '-f', 'http://localhost/'],
      'have one text after CMD-SHELL, since the shell runs the first and ignores the others',
    ],
    [['CMD-SHELL'], 'have a command after CMD-SHELL'],
    [['CMD'], 'have a command after CMD'],
    [['NONE'], 'be a command: without `healthCheck`, ECS does not ask for the one of the image either'],
    [['curl', '-f', 'localhost', '||', 'exit', '1'], 'be run by a shell because of ||, which would be an argument of curl'],
    [['CMD', 'a', '&&', 'b'], 'be run by a shell because of &&, which would be an argument of a'],
  ])('%j is refused', (command, must) =>
    expect(withCommand(command)).toThrow(
      `\`${prop}.healthCheck.command\` must ${must}, got ${JSON.stringify(command)}; write it like ["CMD-SHELL", "curl -f http://localhost/ || exit 1"] ` +
        '[ContainerHealthCheck at Shop/Web]',
    ),
  );
});

/** What has an image of the user besides lists of containers. */
const OTHERS: [string, [string, Make]][] = [
  ['ContainerRedis', ['containers[0]', (mesh, { image }) => new ContainerRedis(Stack.of(mesh), 'Redis', { mesh, image })]],
  [
    'a collector of traces',
    [
      'operations.tracing',
      (mesh, { image }) => newService(mesh, 'Web', { operations: { tracing: Tracing.openTelemetry({ image }) } }),
    ],
  ],
];

describe.each([...lists, ...OTHERS])('an image of %s in ECR', (_, [prop, make]) => {
  const warningsOf = (image: ContainerImage) => {
    const mesh = newMesh();
    make(mesh, { image });
    const found = Annotations.fromStack(Stack.of(mesh)).findWarning('*', Match.stringLikeRegexp('EcrImageWithoutGrant'));
    return found.map(({ entry }) => `${entry.data as string}`);
  };
  const registry = (name: string) => ContainerImage.fromRegistry(name);

  test.each([
    ['111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/web:1', '111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/web:1'],
    ['111111111111.dkr-ecr.eu-west-1.on.aws/team/web:1', '111111111111.dkr-ecr.eu-west-1.on.aws/team/web:1'],
    [
      '111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/team/web:1',
      '111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/team/web:1',
    ],
    [`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.amazonaws.com/web:1`, '*.dkr.ecr.*.amazonaws.com/web:1'],
  ])('%s by its name: a warning with the remedy', (name, shown) => {
    const [text, ...others] = warningsOf(registry(name));
    expect(others).toEqual([]);
    expect(text).toContain(`\`${prop}.image\` of `);
    expect(text).toContain(`has the image ${shown} in Amazon ECR by its name only`);
    expect(text).toContain('Use `ContainerImage.fromEcrRepository(repository, tag)`');
  });

  test('a repository that exists: none', () => {
    const image = ContainerImage.fromEcrRepository(Repository.fromRepositoryName(new Stack(), 'Images', 'team/web'), '1');
    expect(warningsOf(image)).toEqual([]);
  });

  test.each(['public.ecr.aws/docker/library/nginx:1.30', 'ghcr.io/corp/dkr-ecr:1', Token.asString({ Ref: 'Image' })])(
    '%s: none',
    (name) => expect(warningsOf(registry(name))).toEqual([]),
  );
});

describe.each(lists)('the name of an image of %s', (_, [prop, make]) => {
  const withImage = (name: string | undefined) => () => make(newMesh(), { image: ContainerImage.fromRegistry(name as string) });

  test.each([
    'nginx',
    'my/web',
    'redis/redis-stack-server:7.4.0-v3',
    'public.ecr.aws/docker/library/nginx:1.30',
    '111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/web_app:V1',
    'localhost:5000/a/b--c',
    'GHCR.io/a/b',
    `web:1@sha256:${'a'.repeat(64)}`,
    Token.asString({ Ref: 'Image' }),
    `my/web:${Token.asString({ Ref: 'Tag' })}`,
  ])('%s is accepted', (name) => expect(withImage(name)).not.toThrow());

  test.each([
    [undefined, 'have a name'],
    ['', 'have a name'],
    ['my/web:undefined', 'have no part that is the text of a missing value'],
    ['undefined/web:1', 'have no part that is the text of a missing value'],
    ['My/Web:1', 'be the name of an image, with a path in lower case'],
    ['my/web:', 'be the name of an image, with a path in lower case'],
    ['https://ghcr.io/a/b', 'be the name of an image, with a path in lower case'],
    [' my/web', 'be the name of an image, with a path in lower case'],
  ])('%s is refused', (name, must) =>
    expect(withImage(name)).toThrow(
      `\`${prop}.image\` must ${must}, got ${JSON.stringify(name ?? 'undefined')}; write it like "public.ecr.aws/nginx/nginx:1.30"; for a variable ` +
        'of the environment, check that it is set [BadImage at Shop/Web]',
    ),
  );
});
