import { WritablePath } from './writable-path';

/** The file system of a container. */
export interface ContainerStorage {
  /**
   * The paths that are writable, in memory (`WritablePath.tmpfs('/tmp')`) or on a volume; everything else is read-only. They are empty when
   * the task starts and deleted when it stops.
   *
   * @default - none
   */
  readonly writablePaths?: WritablePath[];

  /**
   * Specifies whether the root file system is read-only. To write to some directories only, keep it read-only and use `writablePaths`.
   *
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;
}
