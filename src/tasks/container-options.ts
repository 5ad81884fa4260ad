import { ContainerImage, HealthCheck, Secret } from 'aws-cdk-lib/aws-ecs';
import { ContainerLifecycle } from './container-lifecycle';
import { ContainerLogging } from './container-logging';
import { ContainerProcess } from './container-process';
import { ContainerResources } from './container-resources';
import { ContainerStorage } from './container-storage';
import { PortOptions } from './port-options';

/** One container of a task: one of the app's, or a sidecar. */
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
   * Process: entry point, command, directory, user, init process, limits and capabilities.
   *
   * @default - as the image has it, with an init process and without capabilities
   */
  readonly process?: ContainerProcess;

  /**
   * The health check that ECS runs in the container. ECS ignores the one in the Dockerfile.
   *
   * @default - no health check; a container is healthy while it runs
   */
  readonly healthCheck?: HealthCheck;

  /**
   * Destination of standard output and error.
   *
   * @default ContainerLogging.nonBlocking()
   */
  readonly logging?: ContainerLogging;

  /**
   * File system: writable paths in a read-only root.
   *
   * @default - read-only, without writable paths
   */
  readonly storage?: ContainerStorage;

  /**
   * Share of the task's CPU and memory, and GPUs.
   *
   * @default - the containers share what the task has
   */
  readonly resources?: ContainerResources;

  /**
   * Start and end: order among the containers, time to stop, and the fate of the task.
   *
   * @default - essential, started with the others, 30 seconds to stop
   */
  readonly lifecycle?: ContainerLifecycle;
}
