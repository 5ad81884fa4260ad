import { Duration } from 'aws-cdk-lib';

/**
 * The acceptable waiting time of messages. Together with the messages that a task can process in that time, it determines the number of
 * waiting messages per task that scaling aims at: `acceptableLatency / averageProcessing * messagesAtOnce`.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
 */
export interface BacklogOptions {
  /**
   * The time that a message can wait before a task receives it. It must be long enough for at least one message per task.
   *
   * @default - 5 minutes, or the processing time of one message if that is longer
   */
  readonly acceptableLatency?: Duration;

  /**
   * The average processing time of a message. Measure it, because it determines the cost of scaling.
   *
   * @default - `queue.longestProcessing`
   */
  readonly averageProcessing?: Duration;

  /**
   * The number of messages that one task processes at the same time, 1 to 1,000.
   *
   * @default 1
   */
  readonly messagesAtOnce?: number;
}
