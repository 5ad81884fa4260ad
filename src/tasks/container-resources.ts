/**
 * The share of a task's resources that one container has. Without it the containers of a task share all of them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export interface ContainerResources {
  /**
   * CPU units of the container; 1024 are one vCPU. All containers together have at most those of the task. A container may use more while
   * the others are idle.
   *
   * @default - no share of its own
   */
  readonly cpu?: number;

  /**
   * Memory in MiB at which the container is stopped, 6 or more and at most that of the task.
   *
   * @default - the memory of the task
   */
  readonly memoryLimitMiB?: number;

  /**
   * Memory in MiB that is kept for the container, 6 or more. All containers together reserve at most that of the task.
   *
   * @default - none
   */
  readonly memoryReservationMiB?: number;

  /**
   * The number of GPUs for this container alone, 1 to 16, on hosts that have them.
   *
   * @default - none
   */
  readonly gpuCount?: number;
}
