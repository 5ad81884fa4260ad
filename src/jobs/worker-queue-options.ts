import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';

/** Options for the queue of a worker. */
export interface WorkerQueueOptions {
  /**
   * The maximum processing time of a message, or of all messages of one receive call if the worker processes them one after the other; 1
   * second to 12 hours. A time longer than the stop timeout of the containers adds the warning WorkerOutlivesStop.
   *
   * @default Duration.minutes(2)
   */
  readonly longestProcessing?: Duration;

  /**
   * The time for which a received message is hidden from other tasks; at least `longestProcessing`, at most 12 hours.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
   * @default - the sum of `longestProcessing` and the longest stop timeout of the containers, at most 12 hours
   */
  readonly visibilityTimeout?: Duration;

  /**
   * The number of times that a message is received before it moves to the dead-letter queue, 1 to 1,000.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * The retention period of messages, 1 minute to 14 days. The dead-letter queue always keeps 14 days, counted from the time when the
   * message was first sent.
   *
   * @default Duration.days(4)
   */
  readonly retention?: Duration;

  /**
   * The KMS key for both queues. The worker and the senders are granted its use in their own policies; a key in another account, or with a
   * policy that does not delegate to IAM, also needs them in its key policy.
   *
   * @default - SQS managed encryption (SSE-SQS), free of charge; the compliance key with `Compliance.strict()`
   */
  readonly encryptionKey?: IKey;
}
