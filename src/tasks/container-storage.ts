import { WritablePath } from './writable-path';

/** The file system of a container. */
export interface ContainerStorage {
  /**
   * Paths that stay writable, in memory (`WritablePath.tmpfs('/tmp')`) or on a volume; everything else is read-only. Each is empty when the
   * task starts and gone when it ends.
   *
   * @default - none
   */
  readonly writablePaths?: WritablePath[];

  /**
   * Makes the root file system read-only. Prefer `writablePaths` over turning it off.
   *
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;
}
