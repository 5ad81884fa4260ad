import { Capability, Ulimit } from 'aws-cdk-lib/aws-ecs';

/**
 * The process that a container runs, and its rights.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#advanced_container_definition_params
 */
export interface ContainerProcess {
  /**
   * The entry point, which overrides the `ENTRYPOINT` of the image. The `CMD` of the image then has no effect.
   *
   * @default - the entry point of the image
   */
  readonly entryPoint?: string[];

  /**
   * The command, which overrides the `CMD` of the image.
   *
   * @default - the command of the image
   */
  readonly command?: string[];

  /**
   * The working directory, an absolute path.
   *
   * @default - the working directory of the image
   */
  readonly workingDirectory?: string;

  /**
   * The user and group, such as `1000` or `1000:1000`.
   *
   * @default - the user of the image, which should not be root
   */
  readonly user?: string;

  /**
   * Specifies whether an init process forwards signals and reaps zombie processes. Turn it off for an image that has its own and must be
   * process 1, such as one with s6-overlay.
   *
   * @default true
   */
  readonly initProcessEnabled?: boolean;

  /**
   * The ulimits of the process, each name once: the process starts with the soft limit and can raise it up to the hard limit; -1 is
   * unlimited. `nofile` is limited to 1,048,576, the maximum of a Linux process.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html
   * @default - the limits of the host; 65535 for `nofile` on Fargate
   */
  readonly ulimits?: Ulimit[];

  /**
   * The Linux capabilities to drop. An image that changes its user at startup needs SETUID and SETGID.
   *
   * @default - all
   */
  readonly dropCapabilities?: Capability[];
}
