import { Size } from 'aws-cdk-lib';

/** Options for a path in memory. */
export interface TmpfsOptions {
  /**
   * Most that the files in it may take, whole mebibytes from 1 on. They count as memory of the task; a full path refuses further writes.
   *
   * @default Size.mebibytes(64)
   */
  readonly size?: Size;

  /**
   * Lets programs and libraries be run from it. Needed where a runtime unpacks native libraries below `/tmp`, as Netty, Snappy and JNA do
   * for Java.
   *
   * @default false
   */
  readonly executable?: boolean;
}

/**
 * A path that a container may write to, while the rest of its root file system is read-only. It hides what the image has there, and is
 * gone with the task.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * new MeshService(this, 'Api', {
 *   mesh,
 *   containers: [{
 *     image: ecs.ContainerImage.fromRegistry('my/api'),
 *     process: { user: '1000' },
 *     storage: {
 *       writablePaths: [WritablePath.tmpfs('/tmp'), WritablePath.tmpfs('/var/cache/api', { size: Size.mebibytes(128) })],
 *     },
 *   }],
 * });
 */
export class WritablePath {
  /**
   * A file system in memory, which every user may write to (mode 1777, as `/tmp` of Linux), without programs, devices and set-user-id
   * files. For scratch files: sockets, pid files, uploads under way, caches. Each container and each path has its own.
   *
   * Works on EC2, and on Fargate and Managed Instances since January 2026. All of a task together must stay below its memory, and a warning
   * says so from half of it on. On EC2 hosts ECS reserves the sizes beside the memory of the task.
   *
   * @param path absolute path in the container, not `/`, nor below `/proc`, `/sys` or `/dev`, except `/dev/shm`
   * @param options size, and whether programs may run from it
   * @see https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/
   */
  public static tmpfs(path: string, options: TmpfsOptions = {}): WritablePath {
    return new WritablePath(path, options.size ?? Size.mebibytes(64), options.executable ?? false);
  }

  /**
   * A volume on the disk of the task, or of its host: for more than memory should hold. On Fargate the task has 20 GiB for its image and
   * its volumes.
   *
   * It belongs to root with mode 0755, unless the image has `VOLUME` with exactly this path: then owner, mode and files are the image's.
   * A container of another user therefore needs `RUN mkdir -p <path> && chown <user> <path>` and `VOLUME <path>` in its Dockerfile. The
   * Dockerfile of an image asset is read: what cannot be written is an error, and what cannot be known a warning. On EC2 hosts Docker takes
   * owner, mode and files from the image without `VOLUME` too.
   *
   * @param path absolute path in the container, not `/`, nor below `/proc`, `/sys` or `/dev`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
   */
  public static volume(path: string): WritablePath {
    return new WritablePath(path, undefined, true);
  }

  private constructor(
    /** Path in the container. */
    public readonly path: string,
    /** Most that a path in memory holds; absent for a volume. */
    public readonly size: Size | undefined,
    /** Programs may be run from it. */
    public readonly executable: boolean,
  ) {}
}
