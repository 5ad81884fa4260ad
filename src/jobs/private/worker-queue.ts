import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnQueue, IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { IMesh } from '../../core/mesh';
import { requireArnPlace } from '../../core/private/arn-place';
import { validationError, requireInteger, warn } from '../../core/private/errors';
import { requireKeyRegion } from '../../core/private/key-region';
import { keptUnlessDisposable } from '../../core/private/removal';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { ContainerOptions } from '../../tasks/container-options';
import { WorkerQueueOptions } from '../worker-queue-options';

const TWELVE_HOURS = 43_200;
/** The default of SQS. */
const SQS_VISIBILITY_SECONDS = 30;

/** The settings of a worker's queue, after defaults. */
export interface WorkerQueueSettings {
  readonly longestProcessing: Duration;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;
  readonly retention: Duration;
  readonly encryptionKey?: IKey;
  readonly fifo?: boolean;
  readonly contentBasedDeduplication?: boolean;
  readonly existing?: IQueue;
}

/** The queue of a worker, and its dead-letter queue where it is known. */
export interface WorkerQueues {
  readonly queue: IQueue;
  readonly deadLetterQueue?: IQueue;
}

/** Returns containers with 120 seconds to finish their message when they are stopped, which is the maximum on Fargate. */
export function withTimeToFinish(containers: ContainerOptions[]) {
  return containers.map((container) => ({
    ...container,
    lifecycle: { ...container.lifecycle, stopTimeout: container.lifecycle?.stopTimeout ?? Duration.seconds(120) },
  }));
}

/** Applies defaults, and rejects what SQS would reject or what would deliver one message to two tasks. */
export function resolveWorkerQueue(
  scope: IConstruct,
  containers: ContainerOptions[],
  options: WorkerQueueOptions = {},
): WorkerQueueSettings {
  const { longestProcessing: longest, visibilityTimeout: hidden, existing } = options;
  if (existing) {
    refuseOptionsOfTheOwner(scope, options);
    requireArnPlace(scope, 'queue.existing', existing.queueArn, ['account', 'region']);
  }
  refuseDeduplicationWithoutFifo(scope, options);
  for (const [prop, value] of Object.entries({ longestProcessing: longest, visibilityTimeout: hidden })) {
    requireResolved(scope, `queue.${prop}`, value);
  }
  containers.forEach(({ lifecycle }, i) =>
    requireResolved(scope, `containers[${i}].lifecycle.stopTimeout`, lifecycle?.stopTimeout),
  );
  requireSeconds(scope, 'WorkerProcessingTime', 'queue.longestProcessing', options.longestProcessing, 1, TWELVE_HOURS);
  requireSeconds(scope, 'WorkerVisibility', 'queue.visibilityTimeout', options.visibilityTimeout, 1, TWELVE_HOURS);
  requireInteger(scope, 'WorkerReceiveCount', 'queue.maxReceiveCount', options.maxReceiveCount, 1, 1000);
  requireSeconds(scope, 'WorkerRetention', 'queue.retention', options.retention, 60, 1_209_600);
  const longestProcessing = options.longestProcessing ?? Duration.minutes(2);
  const processing = longestProcessing.toSeconds();
  const stop = Math.max(...withTimeToFinish(containers).map(({ lifecycle }) => lifecycle.stopTimeout.toSeconds()));
  // A task that is told to stop may work on until its stop timeout; only then is the message another task's.
  const whole = Math.min(processing + stop, TWELVE_HOURS);
  const visibilityTimeout = options.visibilityTimeout ?? Duration.seconds(existing ? visibilityOf(existing) : whole);
  if (!visibilityTimeout.isUnresolved() && visibilityTimeout.toSeconds() < processing) {
    throw validationError(scope, 'WorkerVisibilityTooShort', {
      prop: 'queue.visibilityTimeout',
      must: `be at least \`queue.longestProcessing\` (${processing} s), or a second task gets the message while the first works on it`,
      got: visibilityTimeout.toSeconds(),
      fix: existing
        ? 'say the timeout that the queue has, raise it there, or lower `queue.longestProcessing`'
        : `leave it out for ${whole} s, or lower \`queue.longestProcessing\``,
    });
  }
  warnOfShortStop(scope, processing, stop);
  return {
    longestProcessing,
    visibilityTimeout,
    maxReceiveCount: options.maxReceiveCount ?? 5,
    retention: options.retention ?? Duration.days(4),
    encryptionKey: options.encryptionKey,
    fifo: options.fifo,
    contentBasedDeduplication: options.contentBasedDeduplication,
    existing,
  };
}

/** The queue that exists, with the dead-letter queue of its definition; or new ones. */
export function workerQueues(scope: Construct, mesh: IMesh, settings: WorkerQueueSettings): WorkerQueues {
  const { existing } = settings;
  if (!existing) return createQueues(scope, mesh, settings);
  return { queue: existing, deadLetterQueue: existing instanceof Queue ? existing.deadLetterQueue?.queue : undefined };
}

function createQueues(scope: Construct, mesh: IMesh, settings: WorkerQueueSettings): WorkerQueues {
  requireKeyRegion(scope, 'queue.encryptionKey', settings.encryptionKey);
  const encryptionKey = settings.encryptionKey ?? Compliance.of(scope).encryptionKey(scope);
  const shared = {
    encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    enforceSSL: true,
    // Messages are work that somebody waits for.
    removalPolicy: keptUnlessDisposable(mesh.removalPolicy),
    // CloudFormation refuses the value false.
    fifo: settings.fifo || undefined,
    contentBasedDeduplication: settings.contentBasedDeduplication || undefined,
  };
  // A message keeps its first time stamp when it moves, so anything shorter could delete it on arrival.
  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', { ...shared, retentionPeriod: Duration.days(14) });
  const queue = new Queue(scope, 'Queue', {
    ...shared,
    visibilityTimeout: settings.visibilityTimeout,
    retentionPeriod: settings.retention,
    receiveMessageWaitTime: Duration.seconds(20),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: settings.maxReceiveCount },
  });
  return { queue, deadLetterQueue };
}

/** Rejects what the owner of a queue has decided: here it would be said and never be true. */
function refuseOptionsOfTheOwner(scope: IConstruct, options: WorkerQueueOptions): void {
  const { fifo, contentBasedDeduplication, maxReceiveCount, retention, encryptionKey } = options;
  const ofTheOwner = { fifo, contentBasedDeduplication, maxReceiveCount, retention, encryptionKey };
  for (const [name, value] of Object.entries(ofTheOwner)) {
    if (value === undefined) continue;
    throw validationError(scope, 'WorkerQueueExists', {
      prop: `queue.${name}`,
      must: 'be left out beside `queue.existing`, which has been created with its own',
      fix: 'remove it, and set it where the queue is created; a queue that is imported with `Queue.fromQueueAttributes` has its key in `keyArn`',
    });
  }
}

function refuseDeduplicationWithoutFifo(scope: IConstruct, { fifo, contentBasedDeduplication }: WorkerQueueOptions): void {
  if (!contentBasedDeduplication || fifo) return;
  throw validationError(scope, 'WorkerDeduplication', {
    prop: 'queue.contentBasedDeduplication',
    must: 'be left out without `queue.fifo`: a standard queue has no deduplication',
    got: contentBasedDeduplication,
    fix: 'set `queue.fifo` to true, or remove it',
  });
}

function visibilityOf(queue: IQueue): number {
  const definition = queue.node.defaultChild;
  return (definition instanceof CfnQueue ? definition.visibilityTimeout : undefined) ?? SQS_VISIBILITY_SECONDS;
}

function warnOfShortStop(scope: IConstruct, processing: number, stop: number): void {
  if (processing <= stop) return;
  warn(
    scope,
    'WorkerOutlivesStop',
    `\`queue.longestProcessing\` (${processing} s) is longer than the stop timeout of the containers (${stop} s): a task that is stopped is killed while it processes a message, unless it uses task protection while it works: https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/jobs.md`,
  );
}
