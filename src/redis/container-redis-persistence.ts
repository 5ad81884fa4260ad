import { AppendFsync } from './redis-persistence';

/** Choices of an append-only file on EFS. */
export interface EfsPersistenceOptions {
  /**
   * How often the file reaches the file system. `ALWAYS` costs every write the latency of EFS, some milliseconds.
   *
   * @default AppendFsync.EVERYSEC
   */
  readonly fsync?: AppendFsync;
}

/**
 * What a server in a container keeps when its task stops.
 *
 * An EBS volume is not among the choices: ECS deletes it together with its task.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const redis = new ContainerRedis(this, 'Redis', { mesh, persistence: ContainerRedisPersistence.efs() });
 */
export class ContainerRedisPersistence {
  /** Nothing is kept: a new task starts empty. For caches. */
  public static none(): ContainerRedisPersistence {
    return new ContainerRedisPersistence();
  }

  /**
   * Every write goes to an append-only file on an encrypted EFS file system, which outlives task, host and Availability Zone.
   *
   * About 0.30 USD per GB stored and month, and 0.06 USD per GB written (us-east-1, November 2026), backups apart.
   *
   * @param options how often the file reaches the file system
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
   */
  public static efs(options: EfsPersistenceOptions = {}): ContainerRedisPersistence {
    return new ContainerRedisPersistence(options.fsync ?? AppendFsync.EVERYSEC);
  }

  /** How often the append-only file reaches the file system; absent where nothing is kept. */
  public readonly fsync?: AppendFsync;

  private constructor(fsync?: AppendFsync) {
    this.fsync = fsync;
  }
}
