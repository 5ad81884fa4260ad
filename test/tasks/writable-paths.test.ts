import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compute,
  ContainerOptions,
  ContainerRedis,
  RedisPersistence,
  DeploymentJob,
  HostImage,
  MeshService,
  MeshServiceProps,
  QueueWorkerService,
  RedisBackedEcsService,
  ScheduledJob,
  ServiceConnectMesh,
  Tracing,
  WritablePath,
} from 'cdk-ecs-mesh';
import { newMesh, newService, only, templateOf, WEB } from '../helpers';

const TASK = 'AWS::ECS::TaskDefinition';
const OPTIONS = ['rw', 'noexec', 'nosuid', 'nodev', 'mode=1777'];
const NGINX: ContainerOptions = { ...WEB, process: { user: '101' }, storage: { writablePaths: [WritablePath.tmpfs('/tmp')] } };

const COMPUTES: Record<string, (mesh: ServiceConnectMesh) => Compute> = {
  Fargate: () => Compute.fargate(),
  'Fargate Spot': () => Compute.fargateSpot(),
  'EC2 in awsvpc mode': (mesh) => Compute.ec2(mesh.addEc2Capacity('Hosts')),
  'EC2 in bridge mode': (mesh) => Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE }),
  'EC2 in host mode': (mesh) => Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.HOST }),
  Bottlerocket: (mesh) =>
    Compute.ec2(mesh.addEc2Capacity('Hosts', { image: HostImage.bottlerocket() }), { networkMode: NetworkMode.BRIDGE }),
  'Managed Instances': (mesh) => Compute.managedInstances(mesh.addManagedInstances('Managed')),
};

type Make = (mesh: ServiceConnectMesh, containers: ContainerOptions[]) => unknown;
const scopeOf = (mesh: ServiceConnectMesh) => Stack.of(mesh);
const withoutPorts = (containers: ContainerOptions[]) => containers.map((container) => ({ ...container, ports: undefined }));
const OWNERS: Record<string, Make> = {
  MeshService: (mesh, containers) => new MeshService(scopeOf(mesh), 'It', { mesh, containers }),
  RedisBackedEcsService: (mesh, containers) => new RedisBackedEcsService(scopeOf(mesh), 'It', { mesh, containers }),
  QueueWorkerService: (mesh, containers) =>
    new QueueWorkerService(scopeOf(mesh), 'It', { mesh, containers: withoutPorts(containers) }),
  ScheduledJob: (mesh, containers) =>
    new ScheduledJob(scopeOf(mesh), 'It', {
      mesh,
      containers: withoutPorts(containers),
      schedule: ScheduleExpression.rate(Duration.hours(1)),
    }),
  DeploymentJob: (mesh, containers) => new DeploymentJob(scopeOf(mesh), 'It', { mesh, containers: withoutPorts(containers) }),
};

/** The task definition of a service of one container. */
function render(container: Partial<ContainerOptions>, props: Partial<MeshServiceProps> = {}, mesh = newMesh()) {
  return taskOf(newService(mesh, 'Api', { containers: [{ ...WEB, ...container }], ...props }));
}

function taskOf(scope: Parameters<typeof templateOf>[0], prefix = '') {
  const { ContainerDefinitions, Volumes = [] } = only(templateOf(scope), TASK, prefix).Properties;
  return { containers: ContainerDefinitions, tmpfs: ContainerDefinitions[0].LinuxParameters.Tmpfs, volumes: Volumes };
}

/** What a construct was warned of. */
function warnings(scope: Parameters<typeof templateOf>[0], id: string) {
  return Annotations.fromStack(Stack.of(scope)).findWarning('*', Match.stringLikeRegexp(id));
}

describe('DT-1: a container that is not root can write to its scratch paths', () => {
  test.each(Object.keys(COMPUTES))('on %s', (name) => {
    const mesh = newMesh();
    const { tmpfs, volumes } = render(NGINX, { compute: COMPUTES[name](mesh) }, mesh);
    expect(tmpfs).toEqual([{ ContainerPath: '/tmp', Size: 64, MountOptions: OPTIONS }]);
    expect(volumes).toEqual([]);
  });

  test.each(Object.keys(OWNERS))('of a %s', (name) => {
    const mesh = newMesh();
    OWNERS[name](mesh, [NGINX]);
    const { tmpfs, volumes } = taskOf(mesh, 'It');
    expect(tmpfs).toEqual([{ ContainerPath: '/tmp', Size: 64, MountOptions: OPTIONS }]);
    expect(volumes).toEqual([]);
  });

  test('of a Redis container that keeps nothing; EFS takes the place where it does', () => {
    const [none, efs] = [RedisPersistence.none(), RedisPersistence.appendOnly()].map((persistence) => {
      const mesh = newMesh();
      return taskOf(new ContainerRedis(Stack.of(mesh), 'Redis', { mesh, persistence }));
    });
    expect(none.tmpfs).toEqual([{ ContainerPath: '/data', Size: 16, MountOptions: OPTIONS }]);
    expect(none.volumes).toEqual([]);
    expect(efs.tmpfs).toBeUndefined();
    expect(efs.volumes).toMatchObject([{ Name: 'data' }]);
  });

  test('a collector beside it writes nowhere', () => {
    const { containers } = render(NGINX, { operations: { tracing: Tracing.openTelemetry() } });
    expect(containers[1]).toMatchObject({ Name: 'otel-collector', ReadonlyRootFilesystem: true });
    expect([containers[1].MountPoints, containers[1].LinuxParameters.Tmpfs]).toEqual([undefined, undefined]);
  });
});

test('a path in memory with a size, from which programs may run', () => {
  const { tmpfs } = render({
    storage: { writablePaths: [WritablePath.tmpfs('/x', { size: Size.mebibytes(7), executable: true })] },
  });
  expect(tmpfs).toEqual([{ ContainerPath: '/x', Size: 7, MountOptions: ['rw', 'exec', 'nosuid', 'nodev', 'mode=1777'] }]);
});

test('a volume by explicit choice, beside a path in memory', () => {
  const { containers, volumes } = render({
    storage: { writablePaths: [WritablePath.tmpfs('/tmp'), WritablePath.volume('/data')] },
  });
  expect(containers[0].MountPoints).toEqual([{ ContainerPath: '/data', ReadOnly: false, SourceVolume: 'api-writable-0' }]);
  expect(volumes).toEqual([{ Name: 'api-writable-0' }]);
});

test('what was chosen is readable', () => {
  const [tmpfs, volume] = [WritablePath.tmpfs('/tmp'), WritablePath.volume('/data')];
  expect([tmpfs.path, tmpfs.size?.toMebibytes(), tmpfs.executable]).toEqual(['/tmp', 64, false]);
  expect([volume.path, volume.size, volume.executable]).toEqual(['/data', undefined, true]);
});

describe('T17: the agent of ECS Exec has volumes, which root may write to', () => {
  const pathsOf = (container: Partial<ContainerOptions>, compute: (mesh: ServiceConnectMesh) => Compute) => {
    const mesh = newMesh();
    const { containers } = render(container, { compute: compute(mesh), operations: { enableExecuteCommand: true } }, mesh);
    return containers[0].MountPoints.map(({ ContainerPath }: { ContainerPath: string }) => ContainerPath);
  };

  test.each(Object.keys(COMPUTES))('on %s', (name) => {
    // ECS itself mounts the others on hosts, and Docker refuses two mounts at one path.
    const onHosts = /EC2|Bottlerocket/.test(name);
    expect(pathsOf(NGINX, COMPUTES[name])).toEqual(
      onHosts ? ['/var/lib/amazon/ssm'] : ['/managed-agents', '/var/lib/amazon/ssm', '/var/log/amazon/ssm'],
    );
  });

  test('a path that the container has already is not mounted twice', () => {
    const writablePaths = [WritablePath.tmpfs('/var/log/amazon/ssm/'), WritablePath.volume('/var/lib/amazon/ssm')];
    expect(pathsOf({ storage: { writablePaths } }, COMPUTES.Fargate)).toEqual(['/var/lib/amazon/ssm', '/managed-agents']);
  });
});

describe('T27: a volume that belongs to root, and a user that is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const asset = (dockerfile: string, more: { target?: string; file?: string } = {}) => {
    writeFileSync(join(folder, more.file ?? 'Dockerfile'), dockerfile);
    return ContainerImage.fromAsset(folder, more);
  };
  const withVolume = (container: Partial<ContainerOptions>, compute = COMPUTES.Fargate) => {
    const mesh = newMesh();
    const containers = [{ ...WEB, storage: { writablePaths: [WritablePath.volume('/data')] }, ...container }];
    return newService(mesh, 'Api', { compute: compute(mesh), containers });
  };
  const FIX =
    'use WritablePath.tmpfs, or `RUN mkdir -p /data && chown 1000 /data` and `VOLUME /data` in its Dockerfile; see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html';

  test('an image that is not known: a warning', () => {
    expect(warnings(withVolume({ process: { user: '1000' } }), 'VolumeMayNotBeWritable')).toMatchObject([
      {
        entry: {
          data: `\`containers[0].storage.writablePaths\`: the volume /data belongs to root, and user 1000 cannot write to it, unless the image of api declares it, which is not known; ${FIX} [ack: cdk-ecs-mesh:VolumeMayNotBeWritable]`,
        },
      },
    ]);
  });

  test('a Dockerfile from scratch that does not declare it: an error', () => {
    expect(() => withVolume({ image: asset('FROM scratch\nUSER 1000') })).toThrow(
      `\`containers[0].storage.writablePaths\` must have volumes only where the image declares them, since user 1000 cannot write to others, which belong to root, got "/data"; ${FIX} [VolumeNotWritable at Shop/Api]`,
    );
  });

  test.each<[string, number, () => Partial<ContainerOptions>]>([
    ['a Dockerfile with another volume', 1, () => ({ image: asset('FROM x\nVOLUME /data/a\nUSER 1000') })],
    ['a Dockerfile with the path', 0, () => ({ image: asset('FROM x\nVOLUME /data\nUSER 1000') })],
    [
      'the path in another file',
      0,
      () => ({ process: { user: '1' }, image: asset('FROM x\nVOLUME ["/data/"]', { file: 'other.txt' }) }),
    ],
    [
      'the path in the stage that is built',
      0,
      () => ({ process: { user: '1' }, image: asset('FROM x AS a\nVOLUME /data\nFROM x', { target: 'a' }) }),
    ],
    ['the path in another stage', 1, () => ({ process: { user: '1' }, image: asset('FROM x AS a\nVOLUME /data\nFROM x') })],
    ['a user by name', 1, () => ({ process: { user: 'app:app' } })],
    ['root by name', 0, () => ({ process: { user: 'root' } })],
    ['root by number', 0, () => ({ process: { user: '0:1000' } })],
    ['`user` over USER', 0, () => ({ process: { user: '0' }, image: asset('FROM scratch\nUSER 1000') })],
    ['a user that is not known', 0, () => ({})],
    ['a user that a variable decides', 0, () => ({ image: asset('FROM x\nARG U\nUSER $U') })],
  ])('%s: %i warnings', (_, count, container) => {
    expect(warnings(withVolume(container()), 'VolumeMayNotBeWritable')).toHaveLength(count);
  });

  test('an image asset of its own is read too', () => {
    const mesh = newMesh();
    asset('FROM x\nUSER 1000\nVOLUME /data', { file: 'own.txt' });
    const image = ContainerImage.fromDockerImageAsset(new DockerImageAsset(mesh, 'Image', { directory: folder, file: 'own.txt' }));
    const containers = [
      { ...WEB, image, storage: { writablePaths: [WritablePath.volume('/data'), WritablePath.volume('/other')] } },
    ];
    expect(warnings(newService(mesh, 'Api', { containers }), 'VolumeMayNotBeWritable')).toHaveLength(1);
  });

  test.each(Object.keys(COMPUTES))('on %s', (name) => {
    const service = withVolume({ process: { user: '1000' } }, COMPUTES[name]);
    expect(warnings(service, 'VolumeMayNotBeWritable')).toHaveLength(/EC2|Bottlerocket/.test(name) ? 0 : 1);
  });

  test('paths in memory and those of ECS Exec are no such volumes', () => {
    const service = newService(newMesh(), 'Api', { containers: [NGINX], operations: { enableExecuteCommand: true } });
    expect(warnings(service, 'VolumeMayNotBeWritable')).toEqual([]);
  });
});

describe('paths in memory and the memory of the task', () => {
  const sized = (mib: number) => [WritablePath.tmpfs('/tmp', { size: Size.mebibytes(mib) })];
  const two = (first: number, second: number) => [
    { ...WEB, storage: { writablePaths: sized(first) } },
    { ...WEB, name: 'second', ports: [], storage: { writablePaths: sized(second) } },
  ];

  test.each<[number, number, number]>([
    [128, 128, 0],
    [128, 129, 1],
    [256, 255, 1],
  ])('%i and %i MiB of 512: %i warnings', (first, second, count) => {
    const service = newService(newMesh(), 'Api', { containers: two(first, second) });
    expect(warnings(service, 'TmpfsTakesMemory')).toHaveLength(count);
  });

  const MESSAGE =
    '`containers[].storage.writablePaths` must be smaller together than the 512 MiB of the task, which holds their files and its processes, got "512 MiB"; raise `taskSize.memoryMiB`, give the paths a smaller `size`, or use WritablePath.volume for what is large [TmpfsOverMemory at Shop/';
  test('as large as the task: an error, for a service and for a job', () => {
    expect(() => newService(newMesh(), 'Api', { containers: two(256, 256) })).toThrow(`${MESSAGE}Api]`);
    expect(() => OWNERS.ScheduledJob(newMesh(), two(256, 256))).toThrow(`${MESSAGE}It]`);
  });

  test.each([
    [Size.mebibytes(0), '0'],
    [Size.kibibytes(1536), '1.5'],
    [Size.gibibytes(2000), '2048000'],
  ])('%p is no size', (size, got) => {
    expect(() => render({ storage: { writablePaths: [WritablePath.tmpfs('/tmp', { size })] } })).toThrow(
      `\`containers[0].storage.writablePaths[0].size\` must be a whole number from 1 to 1048576, got ${got}; choose a value in that range [BadTmpfsSize at Shop/Api]`,
    );
  });
});

test.each([
  ['a slash at the end makes no other path', [WritablePath.tmpfs('/tmp'), WritablePath.volume('/tmp/')], 1, '/tmp/'],
  ['the kernel has /proc', [WritablePath.tmpfs('/proc')], 0, '/proc'],
  ['the kernel has what is below /dev', [WritablePath.volume('/dev/shm')], 0, '/dev/shm'],
  ['the root is no path', [WritablePath.tmpfs('/')], 0, '/'],
  ['a dot is the root again', [WritablePath.tmpfs('/.')], 0, '/.'],
  ['a later mount would hide what is below', [WritablePath.tmpfs('/data'), WritablePath.volume('/data/x')], 1, '/data/x'],
])('%s', (_, writablePaths, i, got) => {
  expect(() => render({ storage: { writablePaths } })).toThrow(
    `\`containers[0].storage.writablePaths[${i}]\` must be an absolute path below the root, not of the kernel (/proc, /sys, /dev), each once, and none below another, got "${got}"; write it like "/var/cache/app" [BadWritablePath at Shop/Api]`,
  );
});

test('/dev/shm may be in memory, and /device is no device', () => {
  const writablePaths = [WritablePath.tmpfs('/dev/shm'), WritablePath.volume('/device')];
  expect(() => render({ storage: { writablePaths } })).not.toThrow();
});
