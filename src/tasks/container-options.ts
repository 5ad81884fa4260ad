import { ContainerImage, HealthCheck, Secret } from 'aws-cdk-lib/aws-ecs';
import { ContainerLifecycle } from './container-lifecycle';
import { ContainerLogging } from './container-logging';
import { ContainerProcess } from './container-process';
import { ContainerResources } from './container-resources';
import { ContainerStorage } from './container-storage';
import { PortOptions } from './port-options';

/** Options for a container of a task: one of the app's, or a sidecar. */
export interface ContainerOptions {
  /** The image, from a registry, a repository or a local folder. */
  readonly image: ContainerImage;

  /**
   * The name of the container, unique in the task.
   *
   * @default - the discovery name of the service for the first container; later ones and sidecars need a name
   */
  readonly name?: string;

  /**
   * The ports of the container.
   *
   * @default - no ports; nothing can call the container
   */
  readonly ports?: PortOptions[];

  /**
   * The environment variables.
   *
   * @default - those of the connections; none for a sidecar
   */
  readonly environment?: { [name: string]: string };

  /**
   * The secrets that are injected as variables, by reference. The execution role is granted read access to each.
   *
   * @default - those of the connections; none for a sidecar
   */
  readonly secrets?: { [name: string]: Secret };

  /**
   * The process: entry point, command, directory, user, init process, limits and capabilities.
   *
   * @default - the process of the image, with an init process and without capabilities
   */
  readonly process?: ContainerProcess;

  /**
   * The health check that ECS runs in the container. ECS ignores the one in the Dockerfile.
   *
   * @default - no health check; a container is healthy while it runs
   */
  readonly healthCheck?: HealthCheck;

  /**
   * The destination of standard output and standard error.
   *
   * @default ContainerLogging.nonBlocking()
   */
  readonly logging?: ContainerLogging;

  /**
   * The file system: writable paths in a read-only root.
   *
   * @default - read-only, without writable paths
   */
  readonly storage?: ContainerStorage;

  /**
   * The container's share of the task's CPU and memory, and its GPUs.
   *
   * @default - the containers share the CPU and memory of the task
   */
  readonly resources?: ContainerResources;

  /**
   * The start and stop of the container: order among the containers, stop timeout, and effect on the task.
   *
   * @default - essential, started with the others, with 30 seconds to stop
   */
  readonly lifecycle?: ContainerLifecycle;
}
