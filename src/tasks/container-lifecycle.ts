import { Duration } from 'aws-cdk-lib';
import { ContainerDependencyCondition } from 'aws-cdk-lib/aws-ecs';

/**
 * A container of the same task that another one waits for at start. At the end of the task the order is reversed.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export interface ContainerDependency {
  /** The name of the container. */
  readonly container: string;

  /**
   * The condition that the container must meet. `HEALTHY` requires a health check in it; `COMPLETE` and `SUCCESS` require `essential:
   * false`, because the task stops when an essential container does.
   *
   * @default ContainerDependencyCondition.HEALTHY
   */
  readonly condition?: ContainerDependencyCondition;
}

/** The start and the end of a container, and what its end means to the task. */
export interface ContainerLifecycle {
  /**
   * Specifies whether the task stops when this container stops. At least one of the app's containers is essential.
   *
   * @default true
   */
  readonly essential?: boolean;

  /**
   * The containers and sidecars of the task that must have started, or meet another condition, before this one starts.
   *
   * @default - none; all containers start together
   */
  readonly dependsOn?: ContainerDependency[];

  /**
   * The time in which the container must meet the condition that others wait for; otherwise, the task stops. Whole seconds, at least 2, at
   * most 120 on Fargate.
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
   * The period in which the container is restarted at most once after it stops: 60 seconds to 30 minutes. Use it for sidecars that are not
   * essential, which nothing else restarts.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html
   * @default - no restart
   */
  readonly restartAttemptPeriod?: Duration;
}
