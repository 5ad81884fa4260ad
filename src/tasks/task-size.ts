/**
 * Size of a task. Fargate has certain pairs only; an error names the nearest one.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export interface TaskSize {
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;

  /** Memory in MiB. */
  readonly memoryMiB: number;
}
