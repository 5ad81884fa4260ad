import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { absolute, parseDockerfile } from '../assembly/dockerfile';
import { Json } from '../assembly/json';
import { BoundPort, processEnvironment, ProcessEnvironmentInput } from '../ecs/container-environment';
import { readSettings } from '../ecs/container-settings';
import { imageSource, ImageSource, localCommand, materialise } from '../ecs/image';
import { readServices, shortLabels } from '../ecs/service-plan';
import { ContainerPlan, readTaskDefinition } from '../ecs/task-definition';
import { Reader } from '../intrinsics/reader';
import { assemblyOf, resolverOf } from './fixture/resolver-of';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

describe('Dockerfile', () => {
  const parse = (...lines: string[]) => parseDockerfile(lines.join('\n'), 'Dockerfile');

  test('says how the image runs', () => {
    const spec = parse(
      'FROM node:20',
      'WORKDIR /srv',
      'WORKDIR app',
      'ENV A=1 B="two words"',
      'ENV C three',
      'EXPOSE 8080 9090/udp',
      'USER 1000',
      'ENTRYPOINT ["node"]',
      'CMD ["index.js", "--x"]',
    );
    expect(spec).toMatchObject({
      workdir: '/srv/app',
      entrypoint: ['node'],
      command: ['index.js', '--x'],
      exposed: [8080, 9090],
      user: '1000',
    });
    expect(spec.environment).toEqual({ A: '1', B: 'two words', C: 'three' });
  });

  test('only the last stage counts', () => {
    const spec = parse(
      'FROM node AS build',
      'WORKDIR /build',
      'CMD ["build"]',
      'FROM node',
      'WORKDIR /app',
      'COPY --chown=1000 a.js b.js ./',
      'CMD ["node", "a.js"]',
    );
    expect(spec.command).toEqual(['node', 'a.js']);
    expect(spec.copies).toEqual([{ sources: ['a.js', 'b.js'], destination: './', workdir: '/app' }]);
  });

  test('the shell form runs in a shell', () => {
    expect(parse('FROM x', 'CMD node index.js && echo "$A"').command).toEqual(['/bin/sh', '-c', 'node index.js && echo "$A"']);
  });

  test('a copy from another stage is refused, since nothing is built', () => {
    expect(() => parse('FROM a AS b', 'FROM c', 'COPY --from=b /x /y')).toThrow(
      'Dockerfile: the last stage copies from another stage',
    );
  });

  test('what is fetched while an image is built is not among its files', () => {
    expect(parse('FROM a', 'ADD --chmod=444 https://example.com/x.pem /x.pem', 'ADD b c').copies).toEqual([
      { sources: ['b'], destination: 'c', workdir: '/' },
    ]);
  });

  test.each([
    ['/app', 'x', '/app/x'],
    ['/app/', './', '/app/./'],
    ['/', '/etc/x', '/etc/x'],
  ])('%s and %s are %s', (workdir, given, expected) => expect(absolute(workdir, given)).toBe(expected));
});

describe('images', () => {
  const context = path.join(scratch, 'context');
  const source = (...lines: string[]): Extract<ImageSource, { kind: 'asset' }> => ({
    kind: 'asset',
    directory: context,
    hash: 'h',
    spec: parseDockerfile(['FROM x', 'WORKDIR /app', ...lines].join('\n'), 'Dockerfile'),
  });
  beforeAll(() => {
    fs.mkdirSync(path.join(context, 'data'), { recursive: true });
    for (const file of ['index.js', 'extra.js', 'data/table.bin']) fs.writeFileSync(path.join(context, file), file);
  });

  test.each<[string, string[], string[]]>([
    ['the whole context', ['COPY . /app'], ['app/data/table.bin', 'app/extra.js', 'app/index.js']],
    ['files into a folder', ['COPY index.js extra.js ./'], ['app/extra.js', 'app/index.js']],
    ['a file by a new name', ['COPY index.js /srv/main.js'], ['srv/main.js']],
    ['what is in a folder', ['COPY data /app/tables/'], ['app/tables/table.bin']],
    ['a pattern', ['COPY *.js ./'], ['app/extra.js', 'app/index.js']],
  ])('hold %s', (_name, lines, files) => {
    const root = fs.mkdtempSync(path.join(scratch, 'root-'));
    materialise(source(...lines), root);
    const found = fs
      .readdirSync(root, { recursive: true })
      .map(String)
      .filter((file) => fs.statSync(path.join(root, file)).isFile());
    expect(found.sort()).toEqual(files);
    expect(localCommand(['node', '/app/index.js', '/etc/elsewhere'], root)[0]).toBe(process.execPath);
  });

  test('cannot hold what is not in the context', () => {
    expect(() => materialise(source('COPY gone.js ./'), scratch)).toThrow('copies gone.js, which is not in the build context');
  });

  test.each([
    ['valkey/valkey:8.1-alpine', 'redis'],
    ['public.ecr.aws/docker/library/redis:7', 'redis'],
    ['redis/redis-stack-server:7.4.0-v7', 'redis'],
    ['public.ecr.aws/xray/aws-xray-daemon:latest', 'skipped'],
  ])('%s is %s', (image, kind) => expect(imageSource(assemblyOf({ Main: {} }), image, 'here').kind).toBe(kind));

  test('an image that nobody knows is an error that names it', () => {
    expect(() => imageSource(assemblyOf({ Main: {} }), 'postgres:17', 'Main/Task.Image')).toThrow(
      'Main/Task.Image: the local run does not know how to run the image "postgres:17"; add it to local/ecs/image.ts',
    );
  });
});

const redisImage = (image: string): ImageSource => ({ kind: 'redis', image });
const taskOf = (definition: Json) => readTaskDefinition(new Reader(definition, 'here', (value) => value), 'Task', redisImage);

describe('task definitions', () => {
  test('containers with ports, health check, secrets and dependencies', () => {
    const [container] = taskOf({
      ContainerDefinitions: [
        {
          Name: 'api',
          Image: 'redis',
          Environment: [{ Name: 'A', Value: 1 }],
          Secrets: [{ Name: 'S', ValueFrom: 'arn' }],
          PortMappings: [{ ContainerPort: 8080, Name: 'http' }],
          HealthCheck: { Command: ['CMD-SHELL', 'curl -f localhost'], Interval: 7 },
          StopTimeout: 5,
          DependsOn: [{ ContainerName: 'redis', Condition: 'HEALTHY' }],
        },
      ],
    }).containers;
    expect(container).toMatchObject({
      environment: { A: '1' },
      secrets: [{ name: 'S', valueFrom: 'arn' }],
      ports: [{ name: 'http', containerPort: 8080, hostPort: 0 }],
      healthCheck: { command: ['/bin/sh', '-c', 'curl -f localhost'], intervalMs: 7000, timeoutMs: 5000, retries: 3 },
      stopTimeoutMs: 5000,
      dependsOn: [{ container: 'redis', condition: 'HEALTHY' }],
    });
  });

  test('DT-1: paths in memory and on volumes of the task are writable, and a read-only mount is not', () => {
    const [container] = taskOf({
      Volumes: [{ Name: 'scratch' }, { Name: 'kept', EFSVolumeConfiguration: { FilesystemId: 'fs-0' } }],
      ContainerDefinitions: [
        {
          Name: 'api',
          Image: 'redis',
          LinuxParameters: { Tmpfs: [{ ContainerPath: '/tmp', Size: 64 }] },
          MountPoints: [
            { SourceVolume: 'scratch', ContainerPath: '/data' },
            { SourceVolume: 'scratch', ContainerPath: '/shared', ReadOnly: true },
            { SourceVolume: 'kept', ContainerPath: '/kept' },
          ],
        },
      ],
    }).containers;
    expect(container).toMatchObject({ writablePaths: ['/tmp', '/data'], fileSystem: 'fs-0' });
  });

  test.each([
    ['bridge', 0],
    ['awsvpc', 8080],
    ['host', 8080],
  ])('a port without host port in %s mode has host port %i', (NetworkMode, hostPort) => {
    const task = taskOf({
      NetworkMode,
      ContainerDefinitions: [{ Name: 'a', Image: 'redis', PortMappings: [{ ContainerPort: 8080 }] }],
    });
    expect(task.containers[0].ports[0].hostPort).toBe(hostPort);
  });
});

describe('services', () => {
  const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Name: 'a', Image: 'redis' }] } };
  const service = (properties: Record<string, Json>) => ({
    Type: 'AWS::ECS::Service',
    Properties: { TaskDefinition: { Ref: 'Task' }, ...properties },
  });
  const target = {
    Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    Properties: {
      ServiceNamespace: 'ecs',
      MinCapacity: 3,
      ResourceId: { 'Fn::Join': ['', ['service/c/', { 'Fn::GetAtt': ['Service', 'Name'] }]] },
    },
  };

  test.each<[string, Parameters<typeof resolverOf>[0], number]>([
    ['DesiredCount', { Task: task, Service: service({ DesiredCount: 5 }), Target: target }, 5],
    ['the minimum of its scaling', { Task: task, Service: service({}), Target: target }, 3],
    ['one', { Task: task, Service: service({}) }, 1],
  ])('run %s', (_name, resources, count) => {
    expect(readServices(resolverOf(resources), redisImage)[0].desiredCount).toBe(count);
  });

  test.each<[Record<string, Json>, boolean]>([
    [{ LaunchType: 'FARGATE' }, true],
    [{ CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }] }, true],
    [{ CapacityProviderStrategy: [{ CapacityProvider: 'hosts' }] }, false],
  ])('%j', (properties, fargate) => {
    expect(readServices(resolverOf({ Task: task, Service: service(properties) }), redisImage)[0].fargate).toBe(fargate);
  });

  test.each<[string, Record<string, Json>, Record<string, Json> | undefined]>([
    ['the cluster', { DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE' }] }, undefined],
    [
      'the association of the cluster',
      {},
      { Cluster: { Ref: 'Cluster' }, DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE' }] },
    ],
  ])('are on Fargate by the strategy of %s, unless they say otherwise', (_by, cluster, association) => {
    const on = (properties: Record<string, Json>) =>
      readServices(
        resolverOf({
          Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'mesh', ...cluster } },
          ...(association && {
            Association: { Type: 'AWS::ECS::ClusterCapacityProviderAssociations', Properties: association },
          }),
          Task: task,
          Service: service({ Cluster: { Ref: 'Cluster' }, ...properties }),
        }),
        redisImage,
      )[0].fargate;
    expect([on({}), on({ LaunchType: 'EC2' }), on({ CapacityProviderStrategy: [{ CapacityProvider: 'hosts' }] })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each<[string, Json, Record<string, Json>]>([
    ['its ARN', { 'Fn::GetAtt': ['Space', 'Arn'] }, {}],
    ['its name', 'care-ns', {}],
    ['the cluster', { Ref: 'AWS::NoValue' }, { ServiceConnectDefaults: { Namespace: { 'Fn::GetAtt': ['Space', 'Arn'] } } }],
  ])('know the namespace of Service Connect by %s', (_by, Namespace, cluster) => {
    const definition = {
      ContainerDefinitions: [
        { Name: 'a', Image: 'redis', PortMappings: [{ ContainerPort: 80, Name: 'http', AppProtocol: 'grpc' }] },
      ],
    };
    const resolver = resolverOf({
      Space: { Type: 'AWS::ServiceDiscovery::HttpNamespace', Properties: { Name: 'care-ns' } },
      Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'mesh', ...cluster } },
      Task: { Type: 'AWS::ECS::TaskDefinition', Properties: definition },
      Service: service({
        Cluster: { Ref: 'Cluster' },
        ServiceConnectConfiguration: {
          Enabled: true,
          Namespace,
          Services: [{ PortName: 'http', ClientAliases: [{ Port: 80 }] }],
        },
      }),
    });
    const [{ namespace, aliases }] = readServices(resolver, redisImage);
    const alias = { name: 'http.care-ns', port: 80, portName: 'http', http: false, idleMs: 300_000, requestMs: 15_000 };
    expect([namespace, aliases]).toEqual(['care-ns', [alias]]);
  });

  test('labels are short and unique', () => {
    expect(shortLabels(['GeolocationApiService12345678', 'GeolocationFrontendService0ABCDEF0'])).toEqual(['Api', 'Frontend']);
    expect(new Set(shortLabels(['AApiService12345678', 'BApiService12345679'])).size).toBe(2);
  });
});

describe('the environment of a container', () => {
  const container = (environment: Record<string, string>): ContainerPlan => ({
    ...{
      name: 'api',
      essential: true,
      secrets: [{ name: 'S', valueFrom: 'arn', path: 'here' }],
      stopTimeoutMs: 1,
      dependsOn: [],
      writablePaths: [],
      settings: readSettings(new Reader({}, 'here', (value) => value)),
      environment,
    },
    image: {
      kind: 'asset',
      directory: '/',
      hash: '',
      spec: parseDockerfile('FROM x\nENV A=image B=image PYTHONPATH=/opt/app', 'f'),
    },
    ports: [{ containerPort: 8080, hostPort: 0, protocol: 'tcp' }],
  });
  const own: BoundPort = { container: 'api', containerPort: 8080, address: '127.30.0.1', port: 41234 };
  const environmentOf = (environment: Record<string, string>, overrides = {}, network = [own]) =>
    processEnvironment({
      ...({
        region: 'eu-west-1',
        fargate: true,
        metadataUrl: 'm',
        secretsUrl: 's',
        namesFile: 'n',
        preload: '/a b/names.cjs',
        pythonPath: '/local/dns/python',
      } satisfies Partial<ProcessEnvironmentInput>),
      ...{ container: container(environment), network, address: '127.30.0.1', secretOf: (arn) => `value of ${arn}`, overrides },
    });

  test('the image, then the template, then secrets, then what the user set', () => {
    expect(environmentOf({ B: 'template', C: 'template' }, { C: 'set' })).toMatchObject({
      A: 'image',
      B: 'template',
      C: 'set',
      S: 'value of arn',
    });
  });

  test.each([
    [{}, '127.30.0.1', '41234'],
    [{ HOST: '0.0.0.0', PORT: '8080' }, '127.30.0.1', '41234'],
    [{ HOST: '127.0.0.1', PORT: '9999' }, '127.0.0.1', '9999'],
  ])('%j binds %s:%s', (environment, host, port) => {
    expect(environmentOf(environment)).toMatchObject({ HOST: host, PORT: port });
  });

  test('the template keeps its own NODE_OPTIONS', () => {
    expect(environmentOf({ NODE_OPTIONS: '--max-old-space-size=64' }).NODE_OPTIONS).toBe(
      '--max-old-space-size=64 --require "/a b/names.cjs"',
    );
  });

  test.each([
    [{}, '/opt/app:/local/dns/python'],
    [{ PYTHONPATH: '/mine' }, '/mine:/local/dns/python'],
  ])('%j: the PYTHONPATH of the image or of the template stays in front of our own', (environment, expected) => {
    expect(environmentOf(environment).PYTHONPATH).toBe(expected);
  });

  test('where and on what the task runs, unless the template has another Region', () => {
    expect(environmentOf({ AWS_REGION: 'us-east-1' })).toMatchObject({
      AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    });
  });

  test('nothing of this shell leaks in', () => {
    process.env.LEAK_PROBE = 'secret of the shell';
    expect(Object.values(environmentOf({}))).not.toContain('secret of the shell');
    delete process.env.LEAK_PROBE;
  });
});
