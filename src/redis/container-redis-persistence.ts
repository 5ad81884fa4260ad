import { AppendFsync } from './redis-persistence';

/** Options for an append-only file on EFS. */
export interface EfsPersistenceOptions {
  /**
   * Specifies how often the file is flushed to the file system. `ALWAYS` adds the latency of EFS, some milliseconds, to every write.
   *
   * @default AppendFsync.EVERYSEC
   */
  readonly fsync?: AppendFsync;
}

/**
 * Specifies what a server in a container keeps when its task stops.
 *
 * EBS volumes are not supported, because ECS deletes them together with the task.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const redis = new ContainerRedis(this, 'Redis', { mesh, persistence: ContainerRedisPersistence.efs() });
 */
export class ContainerRedisPersistence {
  /** Keeps nothing: a new task starts empty. For caches. */
  public static none(): ContainerRedisPersistence {
    return new ContainerRedisPersistence();
  }

  /**
   * Writes to an append-only file on an encrypted EFS file system, which outlives the task, the host and the Availability Zone.
   *
   * About 0.30 USD per GB-month stored, and 0.06 USD per GB written (us-east-1, November 2026), without backups.
   *
   * @param options flush policy of the file
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
   */
  public static efs(options: EfsPersistenceOptions = {}): ContainerRedisPersistence {
    return new ContainerRedisPersistence(options.fsync ?? AppendFsync.EVERYSEC);
  }

  /** Specifies how often the append-only file is flushed to the file system; undefined if nothing is kept. @internal */
  public readonly _fsync?: AppendFsync;

  private constructor(fsync?: AppendFsync) {
    this._fsync = fsync;
  }
}
