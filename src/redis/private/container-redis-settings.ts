import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { RedisServerSettings } from './redis-config';
import { bottlerocketAmong, noEfsOn, noServiceConnectOn } from '../../core/private/bottlerocket';
import { validationError } from '../../core/private/errors';
import { kebabCase } from '../../core/private/names';
import { requireResolved } from '../../core/private/resolved';
import { Compute } from '../../tasks/compute';
import { ExistingTaskResources } from '../../tasks/existing-task-resources';
import { TaskSize } from '../../tasks/task-size';
import { ContainerRedisProps } from '../container-redis-props';
import { MaxMemoryPolicy } from '../max-memory-policy';
import { RedisAuthentication } from '../redis-authentication';
import { RedisExposure } from '../redis-exposure';
import { RedisPersistence } from '../redis-persistence';

/** The props after defaults and validation. */
export interface ContainerRedisSettings extends RedisServerSettings {
  readonly image: ContainerImage;
  readonly user: string;
  readonly discoveryName: string;
  readonly compute: Compute;
  readonly taskSize: TaskSize;
  readonly exposure: RedisExposure;
  readonly persistence: RedisPersistence;
  readonly open: boolean;
  readonly existing: ExistingTaskResources;
}

const DEFAULT_IMAGE = 'valkey/valkey:8.1-alpine';
/**
 * The redis user of the official images, Alpine and Debian, Valkey and Redis. It applies to any image: those that start as root try to
 * switch to another user, which they cannot without capabilities.
 */
const REDIS_USER = '999';
const MIN_MEMORY_MIB = 16;
/** The memory that AWS recommends to reserve for the proxy. */
const PROXY_MEMORY_MIB = 64;

export function resolveContainerRedis(scope: IConstruct, props: ContainerRedisProps): ContainerRedisSettings {
  const compute = props.compute ?? Compute.fargate();
  validateNetwork(scope, compute);
  const exposure = props.exposure ?? RedisExposure.serviceConnect();
  const persistence = props.persistence ?? RedisPersistence.none();
  refuseVolumeSize(scope, persistence);
  refuseOnBottlerocket(scope, compute, exposure, persistence);
  const taskSize = props.taskSize ?? { cpu: 256, memoryMiB: 512 };
  requireResolved(scope, 'taskSize.memoryMiB', taskSize.memoryMiB);
  requireResolved(scope, 'maxMemoryMiB', props.maxMemoryMiB);
  return {
    image: props.image ?? ContainerImage.fromRegistry(DEFAULT_IMAGE),
    user: props.user ?? REDIS_USER,
    discoveryName: props.discoveryName ?? kebabCase(scope.node.id),
    compute,
    taskSize,
    exposure,
    port: 6379,
    maxMemoryMiB: resolveMaxMemory(scope, taskSize.memoryMiB, exposure, props.maxMemoryMiB),
    maxMemoryPolicy: props.maxMemoryPolicy ?? MaxMemoryPolicy.VOLATILE_LRU,
    persistence,
    open: props.authentication === RedisAuthentication.NONE,
    existing: props.existing ?? {},
  };
}

/** A file system grows with its files. */
function refuseVolumeSize(scope: IConstruct, { _volumeSize: volumeSize }: RedisPersistence): void {
  if (volumeSize === undefined) return;
  throw validationError(scope, 'VolumeSizeOnEfs', {
    prop: 'persistence.volumeSize',
    must: 'be left out for a server in a container, whose file is on EFS, which grows with its files',
    fix: 'use RedisPersistence.appendOnly(), or an Ec2HostRedis, whose file is on a volume',
  });
}

/** Checks the network mode: an alias, a load balancer and a security group all need a task with its own address. */
function validateNetwork(scope: IConstruct, compute: Compute): void {
  if (compute.networkMode === NetworkMode.AWS_VPC) return;
  throw validationError(scope, 'RedisContainerNetwork', {
    prop: 'compute.networkMode',
    must: 'be AWS_VPC, so that the server has its own address and admits its clients only',
    got: compute.networkMode,
    fix: "use Compute.ec2(hosts) without `networkMode`, or Ec2HostRedis for a server in a host's network",
  });
}

/** Rejects Bottlerocket hosts early. The service rejects them too, but in its own terms, and EFS volumes only at the end. */
function refuseOnBottlerocket(
  scope: IConstruct,
  { hosts }: Compute,
  exposure: RedisExposure,
  { _fsync: fsync }: RedisPersistence,
): void {
  const host = bottlerocketAmong(hosts);
  if (!host) return;
  if (fsync) throw validationError(scope, 'NoEfsOnBottlerocket', noEfsOn(host, 'persistence', 'RedisPersistence.appendOnly()'));
  if (!exposure._usesServiceConnect) return;
  const got = 'RedisExposure.serviceConnect()';
  const violation = noServiceConnectOn(host, 'exposure', got, 'RedisExposure.networkLoadBalancer()');
  throw validationError(scope, 'NoServiceConnectOnBottlerocket', violation);
}

function resolveMaxMemory(scope: IConstruct, memoryMiB: number, exposure: RedisExposure, wanted: number | undefined): number {
  const most = Math.floor(((memoryMiB - (exposure._usesServiceConnect ? PROXY_MEMORY_MIB : 0)) * 3) / 4);
  const maxMemoryMiB = wanted ?? most;
  if (!Number.isInteger(maxMemoryMiB) || maxMemoryMiB < MIN_MEMORY_MIB || maxMemoryMiB > most) {
    throw validationError(scope, 'RedisMaxMemory', {
      prop: 'maxMemoryMiB',
      must: `be a whole number from ${MIN_MEMORY_MIB} to ${most}, three quarters of what the task of ${memoryMiB} MiB has left for the server`,
      got: maxMemoryMiB,
      fix: 'lower it, or raise `taskSize.memoryMiB`',
    });
  }
  return maxMemoryMiB;
}
