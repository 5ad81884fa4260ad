import { Size } from 'aws-cdk-lib';
import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { guard } from '../core/private/guard';

/** Specifies how often the append-only file is flushed to disk. */
export enum AppendFsync {
  /** Once per second: a crash of the host loses at most about one second of writes. */
  EVERYSEC = 'everysec',
  /** After each write: no acknowledged write is lost, but every write has the latency of the disk. */
  ALWAYS = 'always',
  /** At the discretion of the operating system, usually within 30 seconds. */
  NO = 'no',
}

/** Options for the append-only file. */
export interface AppendOnlyOptions {
  /**
   * Specifies how often the file is flushed to disk.
   *
   * @default AppendFsync.EVERYSEC
   */
  readonly fsync?: AppendFsync;

  /**
   * The size of the data volume of an `Ec2HostRedis`, at least twice the memory limit, because a rewrite of the file keeps the old one until
   * it completes. It can be increased in place later, but not decreased. The file system of a `ContainerRedis` has no size.
   *
   * @default - 20 GiB on a host
   */
  readonly volumeSize?: Size;

  /**
   * The security group of the file system of a `ContainerRedis`. The server's stack adds its rule for NFS (TCP 2049) to it. An `Ec2HostRedis` has no
   * file system on the network, and rejects it.
   *
   * @default - a new one
   */
  readonly securityGroup?: ISecurityGroup;
}

/**
 * Specifies what a self-hosted store keeps when its process stops.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const redis = new ContainerRedis(this, 'Redis', { mesh, persistence: RedisPersistence.appendOnly() });
 */
export class RedisPersistence {
  /**
   * Writes to an append-only file that outlives the process and the host.
   *
   * The file of an `Ec2HostRedis` is on its own encrypted gp3 volume, for about 0.08 USD per GiB-month. The file of a `ContainerRedis` is on an
   * encrypted EFS file system, which outlives the Availability Zone as well, for about 0.30 USD per GB-month stored and 0.06 USD per GB
   * written, without backups (us-east-1, November 2026). EBS volumes of ECS are not supported, because ECS deletes them together with the
   * task. `AppendFsync.ALWAYS` on EFS adds some milliseconds to every write.
   *
   * @param options flush policy of the file, size of the volume of a host, and security group of the file system of a container
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
   */
  public static appendOnly(options: AppendOnlyOptions = {}): RedisPersistence {
    return new RedisPersistence({ ...options, fsync: options.fsync ?? AppendFsync.EVERYSEC });
  }

  /** Keeps nothing: after a restart the store is empty, and there is no volume or file system. For pure caches. */
  public static none(): RedisPersistence {
    return new RedisPersistence();
  }

  /** Specifies how often the append-only file is flushed to disk; undefined if nothing is kept. @internal */
  public readonly _fsync?: AppendFsync;

  /** The size of the data volume, if it is specified. @internal */
  public readonly _volumeSize?: Size;

  /** The security group of the file system, if it is specified. @internal */
  public readonly _securityGroup?: ISecurityGroup;

  private constructor({ fsync, volumeSize, securityGroup }: AppendOnlyOptions = {}) {
    this._fsync = fsync;
    this._volumeSize = volumeSize;
    this._securityGroup = securityGroup;
  }
}

guard({ RedisPersistence });
