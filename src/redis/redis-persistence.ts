import { Size } from 'aws-cdk-lib';

/** How often the append-only file reaches the disk. */
export enum AppendFsync {
  /** Once a second: a crash of the host loses at most about one second of writes. */
  EVERYSEC = 'everysec',
  /** After each write: nothing acknowledged is lost, at the price of the disk's latency on every write. */
  ALWAYS = 'always',
  /** When the kernel likes, usually within 30 seconds. */
  NO = 'no',
}

/** Choices of the append-only file. */
export interface AppendOnlyOptions {
  /**
   * How often the file reaches the disk.
   *
   * @default AppendFsync.EVERYSEC
   */
  readonly fsync?: AppendFsync;

  /**
   * Size of the data volume, at least twice the memory limit: a rewrite of the file keeps the old one until it is done. It can grow in
   * place later and never shrink.
   *
   * @default Size.gibibytes(20)
   */
  readonly volumeSize?: Size;
}

/**
 * What a self-hosted store keeps when its process stops.
 */
export class RedisPersistence {
  /**
   * Every write goes to an append-only file on an encrypted gp3 volume of its own, which outlives process, host and host replacement.
   *
   * About 0.08 USD per GiB and month (us-east-1, November 2026).
   *
   * @param options how often the file reaches the disk, and the size of the volume
   */
  public static appendOnly(options: AppendOnlyOptions = {}): RedisPersistence {
    return new RedisPersistence(options.fsync ?? AppendFsync.EVERYSEC, options.volumeSize ?? Size.gibibytes(20));
  }

  /** Nothing is kept: a restart starts empty. There is no data volume. For pure caches. */
  public static none(): RedisPersistence {
    return new RedisPersistence();
  }

  /** How often the append-only file reaches the disk; absent where nothing is kept. */
  public readonly fsync?: AppendFsync;

  /** Size of the data volume; absent where nothing is kept. */
  public readonly volumeSize?: Size;

  private constructor(fsync?: AppendFsync, volumeSize?: Size) {
    this.fsync = fsync;
    this.volumeSize = volumeSize;
  }
}
