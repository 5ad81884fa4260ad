import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { InstanceType, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { hostSubnet } from './host-subnet';
import { RedisServerSettings } from './redis-config';
import { IMesh } from '../../core/mesh';
import { isInEcr } from '../../core/private/ecr-image';
import { warnIfImageEnded } from '../../core/private/ends-of-support';
import { validationError, requireInteger } from '../../core/private/errors';
import { isBeforeNitro, memoryOf, requireInstanceType } from '../../core/private/instance-type';
import { requireResolved } from '../../core/private/resolved';
import { isUnknown } from '../../core/private/unknown';
import { Ec2HostRedisProps } from '../ec2-host-redis-props';
import { MaxMemoryPolicy } from '../max-memory-policy';
import { RedisPersistence } from '../redis-persistence';

/** The props after defaults and validation. */
export interface Ec2HostRedisSettings extends RedisServerSettings {
  readonly instanceType: InstanceType;
  readonly generation: number;
  readonly image: string;
  readonly subnet: ISubnet;
  readonly persistence: RedisPersistence;
  /** Undefined if nothing is kept. */
  readonly volumeSize?: Size;
  /** The label in the private zone; undefined if the mesh has none. */
  readonly recordName?: string;
}

const MIN_MEMORY_MIB = 64;
const DEFAULT_VOLUME = Size.gibibytes(20);

export function resolveEc2HostRedis(scope: IConstruct, props: Ec2HostRedisProps): Ec2HostRedisSettings {
  const instanceType = props.instanceType ?? new InstanceType('t3.small');
  requireInteger(scope, 'RedisHostGeneration', 'hostGeneration', props.hostGeneration, 1, 9999);
  const { hostGeneration, port } = props;
  for (const [prop, value] of Object.entries({ hostGeneration, port })) requireResolved(scope, prop, value);
  // Below 1024 the server would need root.
  requireInteger(scope, 'RedisPort', 'port', props.port, 1024, 65535);
  validateType(scope, instanceType);
  validateImage(scope, props.image);
  if (props.image !== undefined) warnIfImageEnded(scope, 'image', props.image);
  const maxMemoryMiB = resolveMaxMemory(scope, instanceType, props.maxMemoryMiB);
  const persistence = props.persistence ?? RedisPersistence.appendOnly();
  refuseFileSystemGroup(scope, persistence);
  const volumeSize = persistence._fsync && (persistence._volumeSize ?? DEFAULT_VOLUME);
  validateVolume(scope, volumeSize, maxMemoryMiB);
  return {
    instanceType,
    generation: props.hostGeneration ?? 1,
    image: props.image ?? 'valkey/valkey:8.1-alpine',
    port: props.port ?? 6379,
    maxMemoryMiB,
    maxMemoryPolicy: props.maxMemoryPolicy ?? MaxMemoryPolicy.VOLATILE_LRU,
    persistence,
    volumeSize,
    subnet: hostSubnet(scope, props.mesh, props.availabilityZone),
    recordName: resolveRecordName(scope, props.mesh, props.recordName),
  };
}

function validateType(scope: IConstruct, type: InstanceType): void {
  requireInstanceType(scope, 'instanceType', type);
  if (isBeforeNitro(type)) {
    throw validationError(scope, 'RedisInstanceType', {
      prop: 'instanceType',
      must: 'be a type of the Nitro generation, in which the device name of the data volume is known in advance',
      got: type.toString(),
      fix: 'choose a newer one such as t3.small, t4g.small or m7g.large',
    });
  }
}

/** Checks the image reference. It becomes part of a script, so nothing but a reference is allowed. */
function validateImage(scope: IConstruct, image: string | undefined): void {
  if (image === undefined || isUnknown(image)) return;
  if (!/^[a-z0-9][A-Za-z0-9._:/@-]*$/.test(image) || isInEcr(image)) {
    throw validationError(scope, 'RedisImage', {
      prop: 'image',
      must: 'be an image reference that needs no login',
      got: image,
      fix: 'write it like valkey/valkey:8.1-alpine or public.ecr.aws/valkey/valkey@sha256:...',
    });
  }
}

function resolveMaxMemory(scope: IConstruct, type: InstanceType, wanted: number | undefined): number {
  const memory = memoryOf(type);
  if (wanted === undefined && memory === undefined) {
    throw validationError(scope, 'RedisMaxMemory', {
      prop: 'maxMemoryMiB',
      must: `be set for ${type.toString()}, whose memory this library does not know`,
      fix: 'set it to about half of the memory of the type',
    });
  }
  const most = memory === undefined ? Number.MAX_SAFE_INTEGER : Math.floor((memory * 3) / 4);
  if (wanted !== undefined && (!Number.isInteger(wanted) || wanted < MIN_MEMORY_MIB || wanted > most)) {
    throw validationError(scope, 'RedisMaxMemory', {
      prop: 'maxMemoryMiB',
      must:
        memory === undefined
          ? `be a whole number of at least ${MIN_MEMORY_MIB}`
          : `be a whole number from ${MIN_MEMORY_MIB} to ${most}, three quarters of the memory of ${type.toString()}`,
      got: wanted,
      fix: 'lower it, or choose a larger instanceType',
    });
  }
  return wanted ?? memory! / 2;
}

function validateVolume(scope: IConstruct, volumeSize: Size | undefined, maxMemoryMiB: number): void {
  requireResolved(scope, 'persistence.volumeSize', volumeSize);
  requireInteger(
    scope,
    'RedisVolumeSize',
    'persistence.volumeSize',
    volumeSize?.toGibibytes({ rounding: SizeRoundingBehavior.NONE }),
    1,
    16_384,
  );
  const least = Size.mebibytes(maxMemoryMiB * 2);
  if (volumeSize && volumeSize.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) < least.toMebibytes()) {
    const gibibytes = Math.ceil(least.toMebibytes() / 1024);
    throw validationError(scope, 'RedisVolumeSize', {
      prop: 'persistence.volumeSize',
      must: `be at least ${gibibytes} GiB, twice the memory limit of ${maxMemoryMiB} MiB`,
      got: `${volumeSize.toGibibytes({ rounding: SizeRoundingBehavior.FLOOR })} GiB`,
      fix: `use RedisPersistence.appendOnly({ volumeSize: Size.gibibytes(${gibibytes}) }) or lower maxMemoryMiB`,
    });
  }
}

/** A volume is attached to its host, and has no address on the network. */
function refuseFileSystemGroup(scope: IConstruct, { _securityGroup: group }: RedisPersistence): void {
  if (!group) return;
  throw validationError(scope, 'FileSystemGroupOnHost', {
    prop: 'persistence.securityGroup',
    must: 'be left out for a server on a host, whose file is on a volume and not on a file system',
    got: group.node.path,
    fix: 'pass the group of the host itself as `securityGroup` of the store',
  });
}

function resolveRecordName(scope: IConstruct, mesh: IMesh, wanted: string | undefined): string | undefined {
  if (wanted === undefined) return mesh.privateZone ? 'redis' : undefined;
  if (!mesh.privateZone) {
    throw validationError(scope, 'RedisRecordWithoutZone', {
      prop: 'recordName',
      must: 'be left out in a mesh without a private domain',
      got: wanted,
      fix: 'give the mesh a privateDomain, or let clients use the address of the host',
    });
  }
  if (!isUnknown(wanted) && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(wanted)) {
    throw validationError(scope, 'RedisRecordName', {
      prop: 'recordName',
      must: 'be one DNS label of lowercase letters, digits and hyphens, without the domain',
      got: wanted,
      fix: 'write redis for redis.<private domain>',
    });
  }
  return wanted;
}
