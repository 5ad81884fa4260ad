import { Duration } from 'aws-cdk-lib';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BacklogOptions } from './backlog-options';
import { acceptableLatency, refuseIdleBacklog, refuseOtherTargets, scaleOnBacklog, targetBacklog } from './private/backlog-scaling';
import { observeWorkerQueue } from './private/queue-metrics';
import { grantTaskProtection } from './private/task-protection';
import { resolveWorkerQueue, withTimeToFinish, workerQueues } from './private/worker-queue';
import { WorkerQueueOptions } from './worker-queue-options';
import { IEndpoint } from '../core/endpoint';
import { acceptProps } from '../core/private/guard';
import { QueueEndpoint } from '../core/private/queue-endpoint';
import { QueueAccess } from '../core/queue-access';
import { MeshService } from '../service/mesh-service';
import { MeshServiceProps } from '../service/mesh-service-props';
import { Scaling } from '../service/scaling';

/** Options for a queue worker. */
export interface QueueWorkerServiceProps extends MeshServiceProps {
  /**
   * The queue: processing time, retries, retention, encryption, order; or one that exists.
   *
   * @default - two minutes for a message, five attempts, four days, SQS managed encryption
   */
  readonly queue?: WorkerQueueOptions;

  /**
   * The acceptable waiting time of messages, which scaling between two bounds aims at. It has no effect with `Scaling.fixed`.
   *
   * @default - five minutes, at the longest processing time for each message
   */
  readonly backlog?: BacklogOptions;
}

/**
 * A MeshService that processes the messages of a queue.
 *
 * Creates everything that MeshService does, a queue and its dead-letter queue (both encrypted, TLS only, long polling of 20 seconds), and
 * scaling on waiting messages per task. Every container receives `QUEUE_URL`; the task role can receive, delete and extend messages of this
 * one queue, and protect tasks of the mesh from scale-in. The dead-letter queue is for operators, so tasks have no access to it.
 *
 * It differs from MeshService: containers have 120 seconds to stop, and `scaling` supports only bounds and cooldowns. CPU utilization is no
 * measure for a worker: it is low while a task waits for a slow service, and scale-in would interrupt exactly that work (T26). With a
 * minimum of 0, no task runs while no message waits; the first message then waits for two to three minutes of metrics and the start of a
 * task, and for up to 15 minutes if the queue was idle for six hours, since SQS stops its metrics then. While an image is the placeholder
 * of an `ImageRepository`, the maximum is the minimum, and no messages are processed.
 *
 * Cost: two Fargate tasks of 256 CPU units and 512 MiB about 18 USD, alarms of the scaling 0.40 USD a month in us-east-1 (list prices,
 * November 2026). Two tasks that poll an empty queue make about 260 000 of the million free requests; logs apart.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const api: MeshService;
 * const worker = new QueueWorkerService(this, 'Worker', {
 *   mesh,
 *   containers: [{ image: ecs.ContainerImage.fromRegistry('my/worker') }],
 *   scaling: Scaling.between(1, 20),
 *   queue: { longestProcessing: Duration.seconds(90) },
 *   backlog: { acceptableLatency: Duration.minutes(1), averageProcessing: Duration.seconds(10) },
 * });
 * api.connectTo(worker.queueEndpoint); // QUEUE_URL, and sqs:SendMessage on this queue
 */
export class QueueWorkerService extends MeshService {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.jobs.QueueWorkerService';

  /** The queue that drives the worker. */
  public readonly queue: IQueue;

  /**
   * The dead-letter queue for messages that failed too often; it keeps them for 14 days. Undefined for an existing queue that has none, or is
   * only imported.
   */
  public readonly deadLetterQueue?: IQueue;

  /** The queue as its senders see it, for `connectTo`: `QUEUE_URL` and `sqs:SendMessage`. */
  public readonly queueEndpoint: IEndpoint;

  /** The time for which a received message is hidden from other tasks. */
  public readonly visibilityTimeout: Duration;

  /** The number of waiting messages per task that scaling aims at; undefined with `Scaling.fixed`. */
  public readonly backlogPerTask?: number;

  constructor(scope: Construct, id: string, props: QueueWorkerServiceProps) {
    props = acceptProps({ QueueWorkerService }, new.target, scope, id, props);
    const scaling = props.scaling ?? Scaling.between(2, 4);
    super(scope, id, { ...props, containers: withTimeToFinish(props.containers), scaling: scaling._withoutPolicies() });
    refuseOtherTargets(this, scaling);
    const settings = resolveWorkerQueue(this, props.containers, props.queue);
    this.visibilityTimeout = settings.visibilityTimeout;

    const { queue, deadLetterQueue } = workerQueues(this, this.mesh, settings);
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    const named = { prefix: 'QUEUE', detail: `queue of ${this.discoveryName}` };
    this.queueEndpoint = new QueueEndpoint(queue, QueueAccess.SEND, named);
    this.connectTo(new QueueEndpoint(queue, QueueAccess.CONSUME, named));
    grantTaskProtection(this, this.mesh);
    if (this.taskCount && scaling._targets) {
      this.backlogPerTask = targetBacklog(this, settings.longestProcessing, props.backlog);
      scaleOnBacklog(this, queue, this.taskCount, scaling, this.backlogPerTask);
    } else {
      refuseIdleBacklog(this, props.backlog);
    }
    observeWorkerQueue(this, queue, deadLetterQueue, acceptableLatency(settings.longestProcessing, props.backlog));
  }
}
