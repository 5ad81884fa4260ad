import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Options for the queue of a worker. */
export interface WorkerQueueOptions {
  /**
   * A queue that exists, such as one of another app, in the account and region of the worker. Its owner keeps it: nothing of it changes, so
   * that `fifo`, `contentBasedDeduplication`, `maxReceiveCount`, `retention` and `encryptionKey` are refused beside it. A queue that is known by its ARN only
   * has a visibility timeout that cannot be read: say it in `visibilityTimeout`. If a KMS key encrypts the queue, import it with
   * `Queue.fromQueueAttributes` and its `keyArn`, or the worker cannot decrypt messages.
   *
   * @default - a queue and a dead-letter queue are created
   */
  readonly existing?: IQueue;

  /**
   * Specifies a FIFO queue, which keeps the order of the messages of a group and delivers each once. The dead-letter queue is a FIFO queue too; a
   * message that moves there leaves its group out of order. At most one task works on the messages of a group at a time, so more tasks than
   * groups wait. Changing it replaces the queue.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * Specifies that SQS drops a message with the same body as one of the last five minutes, for senders that give no deduplication id; for a
   * FIFO queue only.
   *
   * @default false - a message without a deduplication id is refused
   */
  readonly contentBasedDeduplication?: boolean;

  /**
   * The maximum processing time of a message, or of all messages of one receive call if the worker processes them one after the other; 1
   * second to 12 hours. A time longer than the stop timeout of the containers adds the warning WorkerOutlivesStop.
   *
   * @default Duration.minutes(2)
   */
  readonly longestProcessing?: Duration;

  /**
   * The time for which a received message is hidden from other tasks; at least `longestProcessing`, at most 12 hours. With `existing`, the
   * time that its owner has set.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
   * @default - the sum of `longestProcessing` and the longest stop timeout of the containers, at most 12 hours; of an existing
   * queue that of its definition in the same app, else 30 seconds, the default of SQS
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
