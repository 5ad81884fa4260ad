import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';

/** Choices of the queue that drives a worker. */
export interface WorkerQueueOptions {
  /**
   * Longest time that the worker takes for one message, or for all messages of one receive call if it works them off one after the
   * other; 1 second to 12 hours. Longer than the stop timeout of the containers raises the WorkerOutlivesStop warning.
   *
   * @default Duration.minutes(2)
   */
  readonly longestProcessing?: Duration;

  /**
   * Time for which a received message is hidden from other tasks; `longestProcessing` or more, at most 12 hours.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
   * @default - `longestProcessing` and the longest stop timeout of the containers, at most 12 hours
   */
  readonly visibilityTimeout?: Duration;

  /**
   * Times that a message is tried before it goes to the dead-letter queue, 1 to 1000.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * Time for which SQS keeps a message that nobody has deleted, 1 minute to 14 days. The dead-letter queue always keeps 14 days,
   * counted from when the message was first sent.
   *
   * @default Duration.days(4)
   */
  readonly retention?: Duration;

  /**
   * KMS key for both queues. Worker and senders are granted its use on their side; a key of another account, or with a policy that
   * does not delegate to IAM, needs them in its own policy too.
   *
   * @default - SQS-managed encryption (SSE-SQS), free of charge; with `Compliance.strict()` its key
   */
  readonly encryptionKey?: IKey;
}
