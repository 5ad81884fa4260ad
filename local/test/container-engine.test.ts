import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import Docker from 'dockerode';
import { BuildContexts } from '../containers/build-context';
import { trusting } from '../containers/ca-bundle';
import { removeContainer } from '../containers/cleaner';
import { containerSpec, SpecInput } from '../containers/container-spec';
import { findEngineApi, placesOf } from '../containers/engine-api';
import { isLeftOver, labelsOf } from '../containers/run-labels';
import { RunningContainer } from '../containers/running-container';
import { StandIns } from '../containers/stand-ins';
import { Vpc } from '../containers/vpc';
import { knownAliases } from '../ecs/connect-names';
import { readServices } from '../ecs/service-plan';
import { readTaskDefinition } from '../ecs/task-definition';
import { Reader } from '../intrinsics/reader';
import { chooseEngine } from '../run/choose-engine';
import { resolverOf } from './fixture/resolver-of';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));
const image = (name: string) => ({ kind: 'registry' as const, image: name });

describe('a container that is removed', () => {
  const answers = (...said: (Error | undefined)[]) => {
    const remove = jest.fn(() => {
      const error = said.shift();
      return error ? Promise.reject(error) : Promise.resolve();
    });
    return { remove };
  };
  const ending = new Error('sending SIGKILL to container 1: container state improper: stopped');

  test('is asked for again while it ends by itself', async () => {
    const container = answers(ending, ending, undefined);
    await removeContainer(container);
    expect(container.remove).toHaveBeenCalledTimes(3);
  });

  test.each([304, 404, 409])('is gone where the engine says %i', async (statusCode) => {
    await removeContainer(answers(Object.assign(new Error('gone'), { statusCode })));
  });

  test('is told of where the engine cannot', async () => {
    await expect(removeContainer(answers(new Error('no space left on device')))).rejects.toThrow('no space left on device');
  });
});

test('a container that is being stopped has not ended: how it ends is not known yet', async () => {
  const state = (FinishedAt: string, ExitCode: number) => ({
    Running: false,
    StartedAt: '2026-11-30T10:00:00Z',
    FinishedAt,
    ExitCode,
  });
  const said = [state('0001-01-01T00:00:00Z', 0), state('2026-11-30T10:00:02Z', 137)];
  const container = { inspect: async () => ({ State: said.length > 1 ? said.shift() : said[0] }), stop: async () => undefined };
  const running = new RunningContainer(container as unknown as Docker.Container, 'id', 1, Promise.resolve());
  await running.stop(1000);
  expect(await running.exited).toBe(137);
});

describe('the engine', () => {
  const nothing = async () => [{ sentence: '/var/run/docker.sock: nothing is there', expected: true }];
  const podman = { docker: new Docker(), podman: true, description: 'Podman 4.3.1', place: '/run/podman/podman.sock' };

  test.each([
    ['process', true],
    ['auto', false],
  ] as const)('is processes for %s where addresses are separate: %s', async (choice, separate) => {
    expect((await chooseEngine(choice, separate, () => Promise.reject(new Error('nobody asks')))).api).toBeUndefined();
  });

  const closed = { sentence: '/b.sock: no rights; join the group that owns it', expected: false };
  test.each([
    ['none answers', nothing, undefined, 'Engine: processes, because neither Docker nor Podman is here.'],
    [
      'one gives no rights',
      async () => [...(await nothing()), closed],
      undefined,
      'Engine: processes, because /b.sock: no rights; join the group that owns it.',
    ],
    ['one answers', async () => podman, podman, 'Engine: containers of Podman 4.3.1, which answers at /run/podman/podman.sock.'],
  ])('that nobody asked for is said with its reason where %s', async (_where, find, api, reason) => {
    expect(await chooseEngine('auto', true, find)).toEqual({ api, reason });
  });

  test('says so where the system has too few addresses for containers', async () => {
    expect((await chooseEngine('auto', false)).reason).toMatch(/^Engine: processes, because .*loopback addresses of Linux/);
  });

  test('that was asked for is not said again', async () => {
    expect(await chooseEngine('container', true, async () => podman)).toEqual({ api: podman });
  });

  test('that is asked for and does not answer is an error that says what to do', async () => {
    await expect(chooseEngine('container', true, nothing)).rejects.toThrow(
      'no container engine answers: /var/run/docker.sock: nothing is there; start Docker or Podman (`systemctl start docker`, or `podman system service` on a socket that DOCKER_HOST names), or use --engine process',
    );
  });

  test('with containers needs the loopback addresses of Linux', async () => {
    await expect(chooseEngine('container', false, nothing)).rejects.toThrow(
      'the container engine needs the loopback addresses of Linux (127.0.0.0/8), which are not here; use --engine process',
    );
  });

  test.each([
    [{ DOCKER_HOST: 'unix:///a/b.sock' }, { socketPath: '/a/b.sock' }],
    [{ CONTAINER_HOST: 'tcp://engine:2376' }, { protocol: 'http', host: 'engine', port: 2376 }],
  ])('is where %j says', (env, options) => expect(placesOf(env)).toMatchObject([{ options }]));

  test('is looked for where Docker and Podman listen', () => {
    const names = placesOf({ XDG_RUNTIME_DIR: '/run/user/1' }).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['/var/run/docker.sock', '/run/user/1/podman/podman.sock', '/run/podman/podman.sock']),
    );
  });

  test('cannot be told by a scheme that is not a socket', () => {
    expect(() => placesOf({ DOCKER_HOST: 'ssh://host' })).toThrow(
      'DOCKER_HOST must begin with unix:// or tcp://, got "ssh://host"',
    );
  });

  test('says of a socket whether nothing is there, or nobody listens', async () => {
    const dead = path.join(scratch, 'dead.sock');
    const server = net.createServer().listen(dead);
    await new Promise((resolve) => server.once('listening', resolve));
    fs.renameSync(dead, `${dead}.kept`);
    await new Promise((resolve) => server.close(resolve));
    fs.renameSync(`${dead}.kept`, dead);
    const places = [`${scratch}/none.sock`, dead].map((socketPath) => ({ name: socketPath, options: { socketPath } }));
    expect(await findEngineApi(places)).toEqual([
      { sentence: `${scratch}/none.sock: nothing is there`, expected: true },
      { sentence: `${dead}: nobody listens; start the engine`, expected: false },
    ]);
  });

  test('says that nothing is where the user has said that it is', async () => {
    const place = { name: 'unix:///none.sock', options: { socketPath: `${scratch}/none.sock` }, said: true };
    expect(await findEngineApi([place])).toEqual([{ sentence: 'unix:///none.sock: nothing is there', expected: false }]);
  });
});

describe('addresses inside', () => {
  const vpc = new Vpc(7, 120);

  test('are those of loopback in the network of the run', () => {
    expect(vpc.translate('http://127.10.7.1:80,127.20.8.1,127.0.0.1')).toBe('http://10.120.10.1:80,127.20.8.1,127.0.0.1');
    expect(vpc.outside('10.120.20.3')).toBe('127.20.7.3');
    expect(vpc.outside('10.121.20.3')).toBeUndefined();
  });

  test('of a container behind a host are known as the host', () => {
    const behind = vpc.behind('127.30.7.2');
    expect(behind).toBe('10.120.60.2');
    expect(vpc.outside(behind)).toBe('127.30.7.2');
  });
});

describe('what a killed runner left', () => {
  const labels = labelsOf('1-0');
  test('is known by its process', () => {
    expect(isLeftOver(labels, () => true)).toBe(false);
    expect(isLeftOver(labels, () => false)).toBe(true);
    expect(isLeftOver({ ...labels, 'cdk-ecs-mesh.runner': 'another-machine/1' }, () => false)).toBe(false);
  });
});

describe('a container', () => {
  const specOf = (container: Record<string, string | number | boolean | object>, overrides: Partial<SpecInput> = {}) => {
    const definition = { Cpu: '512', Memory: '1024', ContainerDefinitions: [{ Name: 'a', Image: 'x', ...container }] };
    const task = readTaskDefinition(new Reader(definition as never, 'here', (value) => value), 'Task', image);
    return containerSpec({
      ...{ plan: task.containers[0], task, fargate: true, image: 'x', environment: { A: '1' }, labels: { l: 'v' } },
      ...{ network: 'holder', mounts: [], podman: false, ...overrides },
    });
  };

  test('that says nothing gets the limits of its task, and no check of its image', () => {
    expect(specOf({})).toEqual({
      ...{ Image: 'x', Env: ['A=1'], Labels: { l: 'v' }, Healthcheck: { Test: ['NONE'] } },
      HostConfig: expect.objectContaining({
        ...{ NetworkMode: 'container:holder', ReadonlyRootfs: false, Init: false, CapAdd: [], CapDrop: [], Ulimits: [], Tmpfs: {} },
        ...{ Memory: 1024 * 1024 * 1024, NanoCpus: 5e8 },
      }) as unknown,
    });
  });

  test('has its own limit of memory before that of the task', () => {
    expect(specOf({ Memory: 64, MemoryReservation: 32, Cpu: 256 }).HostConfig).toMatchObject({
      ...{ Memory: 67_108_864, MemoryReservation: 33_554_432, CpuShares: 256 },
    });
  });

  test.each([
    [{ Size: 16, ContainerPath: '/s' }, 'size=16m,mode=1777,noexec'],
    [{ Size: 16, ContainerPath: '/s', MountOptions: ['mode=0700', 'exec'] }, 'size=16m,mode=0700,exec'],
  ])('mounts memory %j as %s', (tmpfs, options) => {
    expect(specOf({ LinuxParameters: { Tmpfs: [tmpfs] } }).HostConfig?.Tmpfs).toEqual({ '/s': options });
  });

  test('with a read-only root has no folder that Podman would make writable, but for its own mounts', () => {
    const linux = { LinuxParameters: { Tmpfs: [{ Size: 1, ContainerPath: '/tmp' }] } };
    const { Tmpfs = {} } = specOf({ ...linux, ReadonlyRootFilesystem: true }, { podman: true }).HostConfig!;
    expect(Object.keys(Tmpfs).sort()).toEqual(['/run', '/tmp', '/var/tmp']);
    expect([Tmpfs['/tmp'], Tmpfs['/run']]).toEqual(['size=1m,mode=1777,noexec,notmpcopyup', 'ro,size=4k,mode=0755,notmpcopyup']);
  });

  test("has Docker's capabilities in Podman too, unless it drops them", () => {
    const added = (drop: string[]) =>
      specOf({ LinuxParameters: { Capabilities: { Drop: drop } } }, { podman: true }).HostConfig?.CapAdd;
    expect([added([]), added(['MKNOD']), added(['ALL'])]).toEqual([
      ['AUDIT_WRITE', 'MKNOD', 'NET_RAW'],
      ['AUDIT_WRITE', 'NET_RAW'],
      [],
    ]);
  });
});

describe('stand-ins for official images', () => {
  test.each([
    ['node:24-alpine', '24.22.3', 'the image node:24-alpine (a stand-in with 24.22.3)'],
    ['redis:7-alpine', '8.0.2', 'the image redis:7-alpine (a stand-in with 8.0.2, another major version)'],
  ])('%s with %s is told of', (name, version, sentence) => {
    const standIns = new StandIns();
    standIns.note(undefined);
    standIns.note({ other: 'label' });
    standIns.note({ 'cdk-ecs-mesh.stand-in': name, 'cdk-ecs-mesh.stand-in.version': version });
    expect(standIns.sentences).toEqual([sentence]);
  });
});

describe('names of Service Connect that a client knows', () => {
  const service = (name: string, DependsOn: string[], namespace = 'space') => ({
    Type: 'AWS::ECS::Service',
    DependsOn,
    Properties: {
      TaskDefinition: { Ref: 'Task' },
      ServiceConnectConfiguration: {
        ...{ Enabled: true, Namespace: namespace },
        Services: [{ PortName: 'http', ClientAliases: [{ DnsName: name, Port: 80 }] }],
      },
    },
  });
  const plans = readServices(
    resolverOf({
      Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Name: 'a', Image: 'x' }] } },
      ...{ A: service('a', []), B: service('b', ['A']), C: service('c', ['B']), D: service('d', ['A'], 'other') },
    }),
    image,
  );

  test.each([
    ['A', ['a']],
    ['C', ['a', 'b', 'c']],
    ['D', ['d']],
  ])('T1: %s knows %j', (key, names) => {
    const plan = plans.find((each) => each.key === `Main/${key}`)!;
    expect(knownAliases(plan, plans).map(({ name }) => name)).toEqual(names);
  });
});

describe('a build that asks AWS for a file', () => {
  const url = 'https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem';
  const context = (...lines: string[]) => {
    const folder = fs.mkdtempSync(path.join(scratch, 'context-'));
    fs.writeFileSync(path.join(folder, 'Dockerfile'), lines.join('\n'));
    return folder;
  };

  test('finds it in a context of its own', () => {
    const contexts = new BuildContexts();
    const folder = contexts.of(context('FROM a', `ADD --chmod=444 \\`, `  ${url} /etc/ssl/rds.pem`, 'USER 1000'), 'Dockerfile');
    const dockerfile = fs.readFileSync(path.join(folder, 'Dockerfile'), 'utf8');
    expect(dockerfile).toBe('FROM a\nCOPY cdk-ecs-mesh-global-bundle.pem /etc/ssl/rds.pem\n\nUSER 1000');
    const file = path.join(folder, 'cdk-ecs-mesh-global-bundle.pem');
    expect(fs.readFileSync(file, 'utf8')).toContain('-----BEGIN CERTIFICATE-----');
    expect(fs.statSync(file).mode.toString(8)).toBe('100644');
    contexts.remove();
    expect(fs.existsSync(folder)).toBe(false);
  });

  test('and one that does not is built from where it is', () => {
    const given = context('FROM a', 'ADD https://example.com/x /x', `RUN curl ${url}`);
    expect(new BuildContexts().of(given, 'Dockerfile')).toBe(given);
  });
});

describe('a build behind a proxy of a company', () => {
  const mount = '--mount=type=bind,from=localhost/cdk-ecs-mesh-ca:latest,source=/,target=/run/cdk-ecs-mesh-ca';

  test('trusts its certificates in each command, and nowhere else', () => {
    const [, shell, , json, copy] = trusting('FROM a\nRUN npm ci \\\n  && true\nRUN ["pip", "install"]\nCOPY a b').split('\n');
    expect(shell).toContain(`RUN ${mount} export NODE_EXTRA_CA_CERTS=/run/cdk-ecs-mesh-ca/ca.crt`);
    expect(shell).toMatch(/; npm ci \\$/);
    expect(json).toMatch(/^RUN --mount=\S+ \["env", "NODE_EXTRA_CA_CERTS=\S+", .*, "pip", "install"\]$/);
    expect(copy).toBe('COPY a b');
  });
});
