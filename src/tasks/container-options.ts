import { Duration } from 'aws-cdk-lib';
import { Capability, ContainerImage, HealthCheck, Secret } from 'aws-cdk-lib/aws-ecs';
import { WritablePath } from './writable-path';
import { PortProtocol } from '../core/port-protocol';

/** A named port of a container. */
export interface PortOptions {
  /** Name, unique in the task: lower-case letters, digits, hyphens and underscores, at most 64. `service.port(name)` finds it. */
  readonly name: string;

  /** Port that the process listens on, 1 to 65535. */
  readonly containerPort: number;

  /**
   * What it speaks.
   *
   * @default PortProtocol.HTTP
   */
  readonly protocol?: PortProtocol;

  /**
   * Port on the host, for bridge mode only. Two tasks on one host cannot share it.
   *
   * @default - bridge mode: a free port of each host; otherwise the container port
   */
  readonly hostPort?: number;

  /**
   * Name under which the port is registered in the namespace, unique there.
   *
   * @default - the discovery name of the service, followed by the port's name if the service has several ports
   */
  readonly discoveryName?: string;

  /**
   * DNS name that Service Connect clients use. Set it where a configuration file expects a short name.
   *
   * @default - `<discoveryName>.<namespace>`
   */
  readonly dnsName?: string;
}

/** One container of a task. */
export interface ContainerOptions {
  /** Image, from a registry, a repository or a local folder. */
  readonly image: ContainerImage;

  /**
   * Name, unique in the task.
   *
   * @default - the discovery name of the service for the first container; later ones need a name
   */
  readonly name?: string;

  /**
   * Ports to publish.
   *
   * @default - none: nothing can call the container
   */
  readonly ports?: PortOptions[];

  /**
   * Variables.
   *
   * @default - only those of the connections
   */
  readonly environment?: { [name: string]: string };

  /**
   * Secrets as variables, by reference. The execution role is granted read on each.
   *
   * @default - only those of the connections
   */
  readonly secrets?: { [name: string]: Secret };

  /**
   * Command, in place of the image's.
   *
   * @default - the image's
   */
  readonly command?: string[];

  /**
   * Health check that ECS runs in the container; ECS ignores the one in the Dockerfile.
   *
   * @default - none: a container is healthy while it runs
   */
  readonly healthCheck?: HealthCheck;

  /**
   * Whether the task stops when this container does.
   *
   * @default true
   */
  readonly essential?: boolean;

  /**
   * User and group, such as `1000` or `1000:1000`.
   *
   * @default - the image's; choose a non-root one there
   */
  readonly user?: string;

  /**
   * Paths that stay writable, in memory (`WritablePath.tmpfs('/tmp')`) or on a volume; everything else is read-only. Each is empty when the
   * task starts and gone when it ends.
   *
   * @default - none
   */
  readonly writablePaths?: WritablePath[];

  /**
   * Whether the root file system is read-only. Prefer `writablePaths` over turning it off.
   *
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;

  /**
   * Linux capabilities to take away. An image that changes its user at start needs SETUID and SETGID left.
   *
   * @default - all
   */
  readonly dropCapabilities?: Capability[];

  /**
   * GPUs for this container alone, 1 to 16, on hosts that have them.
   *
   * @default - none
   */
  readonly gpuCount?: number;

  /**
   * Time between SIGTERM and SIGKILL, 2 to 120 seconds on Fargate.
   *
   * @default Duration.seconds(30)
   */
  readonly stopTimeout?: Duration;
}
