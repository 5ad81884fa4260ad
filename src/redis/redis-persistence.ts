import { Size } from 'aws-cdk-lib';

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
   * The size of the data volume, at least twice the memory limit, because a rewrite of the file keeps the old one until it completes. It
   * can be increased in place later, but not decreased.
   *
   * @default Size.gibibytes(20)
   */
  readonly volumeSize?: Size;
}

/**
 * Specifies what a self-hosted store keeps when its process stops.
 */
export class RedisPersistence {
  /**
   * Writes to an append-only file on its own encrypted gp3 volume, which outlives the process, the host and a host replacement.
   *
   * About 0.08 USD per GiB-month (us-east-1, November 2026).
   *
   * @param options flush policy of the file, and size of the volume
   */
  public static appendOnly(options: AppendOnlyOptions = {}): RedisPersistence {
    return new RedisPersistence(options.fsync ?? AppendFsync.EVERYSEC, options.volumeSize ?? Size.gibibytes(20));
  }

  /** Keeps nothing: after a restart the store is empty, and there is no data volume. For pure caches. */
  public static none(): RedisPersistence {
    return new RedisPersistence();
  }

  /** Specifies how often the append-only file is flushed to disk; undefined if nothing is kept. @internal */
  public readonly _fsync?: AppendFsync;

  /** The size of the data volume; undefined if nothing is kept. @internal */
  public readonly _volumeSize?: Size;

  private constructor(fsync?: AppendFsync, volumeSize?: Size) {
    this._fsync = fsync;
    this._volumeSize = volumeSize;
  }
}
