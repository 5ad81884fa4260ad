/**
 * The share of a task's resources that one container has. Without it the containers of a task share all of them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export interface ContainerResources {
  /**
   * The CPU units of the container; 1,024 units are one vCPU. All containers together can have at most those of the task. A container can
   * use more while the others are idle.
   *
   * @default - no share of its own
   */
  readonly cpu?: number;

  /**
   * The hard memory limit in MiB, at which the container is stopped, 6 or more and at most that of the task.
   *
   * @default - the memory of the task
   */
  readonly memoryLimitMiB?: number;

  /**
   * The soft memory limit in MiB, which is reserved for the container, 6 or more. All containers together can reserve at most the memory of
   * the task.
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
