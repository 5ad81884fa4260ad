import { Duration } from 'aws-cdk-lib';

/**
 * How long messages may wait. With what a task can do in that time it gives the number of waiting messages per task that scaling keeps:
 * `acceptableLatency / averageProcessing * messagesAtOnce`.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
 */
export interface BacklogOptions {
  /**
   * Time that a message may wait before a task takes it. Long enough for at least one message per task.
   *
   * @default - 5 minutes, or the time of one message if that is longer
   */
  readonly acceptableLatency?: Duration;

  /**
   * Average time that a task takes for one message; measure it, since it decides what scaling costs.
   *
   * @default - `queue.longestProcessing`
   */
  readonly averageProcessing?: Duration;

  /**
   * Messages that one task works on at the same time, 1 to 1000.
   *
   * @default 1
   */
  readonly messagesAtOnce?: number;
}
