import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { TaskDefinition, Tmpfs, TmpfsMountOption } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { ResolvedContainer, TaskContainer } from './resolved-container';
import { withoutSlash } from '../../core/private/dockerfile';
import { validationError, requireInteger, warn } from '../../core/private/errors';
import { volumeOf } from '../../core/private/file-system-access';
import { dockerfileOf, isKnownNotRoot } from '../../core/private/image-asset';
import { requireResolved } from '../../core/private/resolved';
import { isUnknown } from '../../core/private/unknown';
import { WritablePath } from '../writable-path';

/**
 * The paths that the ECS Exec agent writes to, without which it cannot work on a read-only root file system. They are volumes and not
 * tmpfs: the agent runs as root whatever the user of the container, and on Fargate its programs are mounted below the first one, which a
 * later tmpfs would hide.
 *
 * @see https://github.com/aws/containers-roadmap/issues/1359
 */
const EXEC_PATHS = ['/managed-agents', '/var/lib/amazon/ssm', '/var/log/amazon/ssm'];

/**
 * The paths that need a volume on EC2 hosts. There, the ECS agent itself mounts its programs in a directory of their own and its log
 * directory on `/var/log/amazon/ssm`. Docker rejects a second mount on that path, so the task would not start.
 *
 * @see https://github.com/aws/amazon-ecs-agent/blob/master/agent/engine/execcmd/manager_init_task_linux.go
 */
const EXEC_PATHS_ON_EC2 = ['/var/lib/amazon/ssm'];

/**
 * The mode with which every user can write, and delete only its own files. It is set explicitly, because runc otherwise uses the mode of
 * the directory in the image.
 */
const EVERYBODY = 'mode=1777';

/** Returns the mounts of the in-memory paths, with the same options on Fargate and on EC2 hosts. */
export function tmpfsMounts(paths: WritablePath[]): Tmpfs[] {
  return paths
    .filter(({ size }) => size)
    .map(({ path, size, executable }) => ({
      containerPath: path,
      size: size!.toMebibytes(),
      mountOptions: ['rw', executable ? 'exec' : 'noexec', 'nosuid', 'nodev', EVERYBODY].map((word) => word as TmpfsMountOption),
    }));
}

/** Mounts the volumes of a container, and those that the ECS Exec agent needs. */
export function mountVolumes(scope: IConstruct, taskDefinition: TaskDefinition, container: TaskContainer, forExec: boolean): void {
  const { writablePaths, name, definition } = container;
  const chosen = writablePaths.filter(({ size, _accessPoint }) => !size && !_accessPoint).map(({ path }) => path);
  if (!taskDefinition.isEc2Compatible) chosen.forEach((path) => requireWritable(scope, container, path));
  const taken = writablePaths.map(({ path }) => withoutSlash(path));
  if (forExec) requireExecPaths(scope, container, taskDefinition.isEc2Compatible);
  const agents = (taskDefinition.isEc2Compatible ? EXEC_PATHS_ON_EC2 : EXEC_PATHS).filter(
    (path) => forExec && !taken.includes(path),
  );
  [...chosen, ...agents].forEach((path, i) => {
    const volume = `${name}-writable-${i}`;
    taskDefinition.addVolume({ name: volume });
    definition.addMountPoints({ sourceVolume: volume, containerPath: path, readOnly: false });
  });
  mountFileSystems(taskDefinition, container);
}

/** Mounts the access points of file systems. Permissions and network paths come with the service or the job. */
function mountFileSystems(taskDefinition: TaskDefinition, { name, writablePaths, definition }: TaskContainer): void {
  writablePaths.forEach(({ path, _accessPoint }, i) => {
    if (!_accessPoint) return;
    const volume = `${name}-files-${i}`;
    taskDefinition.addVolume({ name: volume, efsVolumeConfiguration: volumeOf(_accessPoint) });
    definition.addMountPoints({ sourceVolume: volume, containerPath: path, readOnly: false });
  });
}

/** Rejects paths that the ECS Exec agent mounts itself, or finds its programs below. */
function requireExecPaths(scope: IConstruct, { prop, writablePaths }: TaskContainer, onEc2: boolean): void {
  const wrong = writablePaths.find(({ path, size }) =>
    onEc2 ? withoutSlash(path) === EXEC_PATHS[2] : size && withoutSlash(path) === EXEC_PATHS[0],
  );
  if (!wrong) return;
  throw validationError(scope, 'ExecPathTaken', {
    prop: `${prop}.storage.writablePaths`,
    must: 'leave out a path on which the ECS Exec agent has its own mount, since the task would not start or its commands would fail',
    got: wrong.path,
    fix: 'leave it out: it is writable for the agent without it',
  });
}

function requireWritable(scope: IConstruct, { prop, user, name, definition }: TaskContainer, path: string): void {
  const image = dockerfileOf(scope, ({ imageUri }) => imageUri === definition.imageName);
  const runsAs = user ?? image?.user;
  if (isUnknown(path) || !isKnownNotRoot(runsAs) || image?.volumes.includes(withoutSlash(path))) return;
  const fix = `use WritablePath.tmpfs, or \`RUN mkdir -p ${path} && chown ${runsAs} ${path}\` and \`VOLUME ${path}\` in its Dockerfile; see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html`;
  if (image?.allVolumesKnown) {
    throw validationError(scope, 'VolumeNotWritable', {
      prop: `${prop}.storage.writablePaths`,
      must: `have volumes only where the image declares them, since user ${runsAs} cannot write to others, which belong to root`,
      got: path,
      fix,
    });
  }
  warn(
    scope,
    'VolumeMayNotBeWritable',
    `\`${prop}.storage.writablePaths\`: the volume ${path} belongs to root, and user ${runsAs} cannot write to it, unless the image of ${name} declares it, which is not known; ${fix}`,
  );
}

/** Rejects invalid paths and sizes. */
export function requirePaths(scope: IConstruct, prop: string, paths: WritablePath[]): void {
  const plain = paths.map(({ path }) => withoutSlash(path));
  paths.forEach(({ path, size }, i) => {
    if (size) requireSize(scope, `${prop}[${i}].size`, size);
    const isAlone = plain.indexOf(plain[i]) === i && !plain.some((other) => plain[i].startsWith(`${other}/`));
    if (isUnknown(path) || (isPath(path, size !== undefined) && isAlone)) return;
    throw validationError(scope, 'BadWritablePath', {
      prop: `${prop}[${i}]`,
      must: 'be an absolute path below the root, not of the kernel (/proc, /sys, /dev), each once, and none below another',
      got: path,
      fix: 'write it like "/var/cache/app"',
    });
  });
}

function isPath(path: string, isTmpfs: boolean): boolean {
  if (!/^(?:\/[A-Za-z0-9_.@+-]+)+\/?$/.test(path) || path.split('/').some((part) => part === '.' || part === '..')) return false;
  return !/^\/(proc|sys|dev)(\/|$)/.test(path) || (isTmpfs && withoutSlash(path) === '/dev/shm');
}

function requireSize(scope: IConstruct, prop: string, size: Size): void {
  requireResolved(scope, prop, size);
  requireInteger(scope, 'BadTmpfsSize', prop, size.toMebibytes({ rounding: SizeRoundingBehavior.NONE }), 1, 1_048_576);
}

/** Checks that the in-memory paths fit: their files use memory of the task, in addition to that of its processes. */
export function requireTmpfsFit(scope: IConstruct, containers: ResolvedContainer[], memoryMiB: number): void {
  const total = containers.flatMap(({ writablePaths }) => tmpfsMounts(writablePaths)).reduce((sum, { size }) => sum + size, 0);
  const fix = 'raise `taskSize.memoryMiB`, give the paths a smaller `size`, or use WritablePath.volume for what is large';
  if (total >= memoryMiB) {
    throw validationError(scope, 'TmpfsOverMemory', {
      prop: 'containers[].storage.writablePaths',
      must: `be smaller together than the ${memoryMiB} MiB of the task, which holds their files and its processes`,
      got: `${total} MiB`,
      fix,
    });
  }
  if (total * 2 > memoryMiB) {
    warn(
      scope,
      'TmpfsTakesMemory',
      `the paths in memory may take ${total} of the ${memoryMiB} MiB of the task, which is killed when they and its processes need more; ${fix}`,
    );
  }
}
