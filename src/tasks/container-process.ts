import { Capability, Ulimit } from 'aws-cdk-lib/aws-ecs';

/**
 * The process that a container runs, and its rights.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#advanced_container_definition_params
 */
export interface ContainerProcess {
  /**
   * Entry point, in place of the image's `ENTRYPOINT`. The `CMD` of the image has no effect then.
   *
   * @default - the image's
   */
  readonly entryPoint?: string[];

  /**
   * Command, in place of the image's `CMD`.
   *
   * @default - the image's
   */
  readonly command?: string[];

  /**
   * Directory that the process starts in, an absolute path.
   *
   * @default - the image's
   */
  readonly workingDirectory?: string;

  /**
   * The user and group, such as `1000` or `1000:1000`.
   *
   * @default - the user of the image, which should not be root
   */
  readonly user?: string;

  /**
   * Runs an init process that forwards signals and reaps the processes that have ended. Turn it off for an image that has its own and must
   * be process 1, such as one with s6-overlay.
   *
   * @default true
   */
  readonly initProcessEnabled?: boolean;

  /**
   * Limits of the process, each name once: the soft limit is what it starts with, and the hard limit the most that it may raise it to; -1
   * is none. `nofile` goes up to 1048576, the most of a Linux process.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html
   * @default - the host's; 65535 for `nofile` on Fargate
   */
  readonly ulimits?: Ulimit[];

  /**
   * The Linux capabilities to drop. An image that changes its user at startup needs SETUID and SETGID.
   *
   * @default - all
   */
  readonly dropCapabilities?: Capability[];
}
