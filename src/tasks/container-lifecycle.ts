import { Duration } from 'aws-cdk-lib';
import { ContainerDependencyCondition } from 'aws-cdk-lib/aws-ecs';

/**
 * A container of the same task that another one waits for at start. At the end of the task the order is reversed.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export interface ContainerDependency {
  /** Name of the container. */
  readonly container: string;

  /**
   * State that it must have reached. `HEALTHY` needs a health check in it; `COMPLETE` and `SUCCESS` need `essential: false` in it, since the
   * end of an essential container ends the task.
   *
   * @default ContainerDependencyCondition.HEALTHY
   */
  readonly condition?: ContainerDependencyCondition;
}

/** The start and the end of a container, and what its end means to the task. */
export interface ContainerLifecycle {
  /**
   * Stops the task when this container stops. At least one of the app's containers is essential.
   *
   * @default true
   */
  readonly essential?: boolean;

  /**
   * Containers and sidecars of the task that must have started, or more, before this one starts.
   *
   * @default - none: all start together
   */
  readonly dependsOn?: ContainerDependency[];

  /**
   * Time in which the container must reach the state that others wait for, or the task stops. Whole seconds from 2 on, at most 120 on Fargate.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
   * @default - 3 minutes, the default of ECS
   */
  readonly startTimeout?: Duration;

  /**
   * The time between SIGTERM and SIGKILL, 2 to 120 seconds on Fargate.
   *
   * @default Duration.seconds(30)
   */
  readonly stopTimeout?: Duration;

  /**
   * Restarts the container in its task when it ends, at most once in this time: 60 seconds to 30 minutes. For sidecars that are not
   * essential, which nothing else brings back.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html
   * @default - no restart
   */
  readonly restartAttemptPeriod?: Duration;
}
