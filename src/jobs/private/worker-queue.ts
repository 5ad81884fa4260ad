import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { IMesh } from '../../core/mesh';
import { validationError, requireInteger, warn } from '../../core/private/errors';
import { keptUnlessDisposable } from '../../core/private/removal';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { ContainerOptions } from '../../tasks/container-options';
import { WorkerQueueOptions } from '../worker-queue-options';

const TWELVE_HOURS = 43_200;

/** The settings of a worker's queue, after defaults. */
export interface WorkerQueueSettings {
  readonly longestProcessing: Duration;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;
  readonly retention: Duration;
  readonly encryptionKey?: IKey;
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
  const { longestProcessing: longest, visibilityTimeout: hidden } = options;
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
  const visibilityTimeout = options.visibilityTimeout ?? Duration.seconds(whole);
  if (visibilityTimeout.toSeconds() < processing) {
    throw validationError(scope, 'WorkerVisibilityTooShort', {
      prop: 'queue.visibilityTimeout',
      must: `be at least \`queue.longestProcessing\` (${processing} s), or a second task gets the message while the first works on it`,
      got: visibilityTimeout.toSeconds(),
      fix: `leave it out for ${whole} s, or lower \`queue.longestProcessing\``,
    });
  }
  warnOfShortStop(scope, processing, stop);
  return {
    longestProcessing,
    visibilityTimeout,
    maxReceiveCount: options.maxReceiveCount ?? 5,
    retention: options.retention ?? Duration.days(4),
    encryptionKey: options.encryptionKey,
  };
}

/** Creates the queue and its dead-letter queue. */
export function createWorkerQueue(
  scope: Construct,
  mesh: IMesh,
  settings: WorkerQueueSettings,
): { queue: Queue; deadLetterQueue: Queue } {
  const encryptionKey = settings.encryptionKey ?? Compliance.of(scope).encryptionKey(scope);
  const shared = {
    encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    enforceSSL: true,
    // Messages are work that somebody waits for.
    removalPolicy: keptUnlessDisposable(mesh.removalPolicy),
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

function warnOfShortStop(scope: IConstruct, processing: number, stop: number): void {
  if (processing <= stop) return;
  warn(
    scope,
    'WorkerOutlivesStop',
    `\`queue.longestProcessing\` (${processing} s) is longer than the stop timeout of the containers (${stop} s): a task that is stopped is killed while it processes a message, unless it uses task protection while it works: https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/jobs.md`,
  );
}
