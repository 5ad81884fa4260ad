/**
 * The size of a task. Fargate supports only certain combinations; an error suggests the nearest one.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export interface TaskSize {
  /** The CPU units; 1,024 units are one vCPU. */
  readonly cpu: number;

  /** The memory, in MiB. */
  readonly memoryMiB: number;
}
