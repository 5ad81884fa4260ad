import { Size } from 'aws-cdk-lib';
import { IAccessPoint } from 'aws-cdk-lib/aws-efs';
import { guard } from '../core/private/guard';

/** Options for a path in memory. */
export interface TmpfsOptions {
  /**
   * The maximum size of its files, in whole mebibytes from 1 on. They count as memory of the task; writes to a full path fail.
   *
   * @default Size.mebibytes(64)
   */
  readonly size?: Size;

  /**
   * Specifies whether programs and libraries can be executed from it. This is required if a runtime unpacks native libraries below `/tmp`,
   * as Netty, Snappy and JNA do for Java.
   *
   * @default false
   */
  readonly executable?: boolean;
}

/**
 * A path that a container can write to, while the rest of its root file system is read-only. It hides the files of the image at that path,
 * and is deleted with the task, unless it is on a file system of EFS.
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
   * A file system in memory, which every user can write to (mode 1777, like `/tmp` in Linux), without programs, devices and set-user-ID
   * files. For scratch files: sockets, pid files, uploads in progress, caches. Each container and each path has its own.
   *
   * It is available on EC2, and on Fargate and Managed Instances since January 2026. All sizes of a task together must be below its memory;
   * more than half of it is a warning. On EC2 hosts, ECS reserves the sizes in addition to the memory of the task.
   *
   * @param path absolute path in the container, not `/`, nor below `/proc`, `/sys` or `/dev`, except `/dev/shm`
   * @param options size, and permission to execute programs
   * @see https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/
   */
  public static tmpfs(path: string, options: TmpfsOptions = {}): WritablePath {
    return new WritablePath(path, options.size ?? Size.mebibytes(64), options.executable ?? false);
  }

  /**
   * A volume on the disk of the task, or of its host, for files that are too large for memory. On Fargate, the task has 20 GiB for its
   * image and its volumes.
   *
   * It belongs to root with mode 0755, unless the image has `VOLUME` with exactly this path: then owner, mode and files are the image's. A
   * container with another user therefore needs `RUN mkdir -p <path> && chown <user> <path>` and `VOLUME <path>` in its Dockerfile. The
   * Dockerfile of an image asset is read: a path that is not writable is an error, and one that is unknown a warning. On EC2 hosts, Docker
   * uses the owner, mode and files of the image even without `VOLUME`.
   *
   * @param path absolute path in the container, not `/`, nor below `/proc`, `/sys` or `/dev`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
   */
  public static volume(path: string): WritablePath {
    return new WritablePath(path, undefined, true);
  }

  /**
   * A file system of EFS, of this app or of others, through one of its access points. Files stay when the task stops, and all tasks that
   * mount it share them.
   *
   * It grants the task role to mount and write through this access point only, opens the network path, encrypts in transit, and deploys the
   * service after the mount targets. Import one of others by `AccessPoint.fromAccessPointAttributes` with
   * `FileSystem.fromFileSystemAttributes`, which states its security group. Owner and permissions of the files are those of the access point.
   *
   * @param path absolute path in the container, not `/`, nor below `/proc`, `/sys` or `/dev`
   * @param accessPoint access point of the file system
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
   */
  public static fileSystem(path: string, accessPoint: IAccessPoint): WritablePath {
    return new WritablePath(path, undefined, true, accessPoint);
  }

  private constructor(
    /** The path in the container. */
    public readonly path: string,
    /** The maximum size of a path in memory; undefined for a volume. */
    public readonly size: Size | undefined,
    /** Indicates whether programs can be executed. */
    public readonly executable: boolean,
    /** The access point of a file system. @internal */
    public readonly _accessPoint?: IAccessPoint,
  ) {}
}

guard({ WritablePath });
