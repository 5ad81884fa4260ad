import { Duration } from 'aws-cdk-lib';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { MetricRecord } from '../../core/metric-record';
import { ObservedMetric } from '../../core/observed-component';
import { MINUTE } from '../../core/private/alarms';
import { ComponentKind } from '../../core/topology-record';

/** The owner of a queue. */
interface QueueOwner extends IConstruct {
  readonly mesh: IMesh;
  readonly discoveryName: string;
}

/** Registers a worker's queues for alarms and dashboards of the mesh. */
export function observeWorkerQueue(
  owner: QueueOwner,
  queue: IQueue,
  deadLetters: IQueue | undefined,
  acceptableLatency: Duration,
): void {
  const metrics = () => {
    const visible = queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum', label: 'waiting' });
    const inFlight = queue.metricApproximateNumberOfMessagesNotVisible({ period: MINUTE, statistic: 'Maximum', label: 'at work' });
    return [
      {
        id: 'MessageAge',
        title: 'Oldest message (s)',
        metric: queue.metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: 'Maximum' }),
        alarm: {
          // Three times as long as is fine: scaling had its time.
          threshold: Math.ceil((3 * acceptableLatency.toMilliseconds()) / 1000),
          description: `${owner.discoveryName}: messages wait too long; the worker is stuck, or too small`,
        },
      },
      { id: 'Waiting', title: 'Messages', metric: visible },
      { id: 'AtWork', title: 'Messages', metric: inFlight },
      ...(deadLetters
        ? [deadLetterMetric(deadLetters, `${owner.discoveryName}: messages were given up; see the dead-letter queue`)]
        : []),
    ];
  };
  add(owner, metrics);
}

/** Registers failed starts and runs for alarms and dashboards of the mesh. */
export function observeFailedStarts(owner: QueueOwner, deadLetters: IQueue): void {
  add(owner, () => [
    deadLetterMetric(
      deadLetters,
      `${owner.discoveryName}: a task failed, or the schedule could not start it; see the dead-letter queue`,
    ),
  ]);
}

function add(owner: QueueOwner, metrics: () => ObservedMetric[]): void {
  const component = { owner, home: owner.mesh, kind: ComponentKind.AWS_API, label: owner.discoveryName };
  MetricRecord.of(owner)._observe(() => ({ ...component, metrics: metrics() }));
}

function deadLetterMetric(queue: IQueue, description: string): ObservedMetric {
  return {
    id: 'DeadLetters',
    title: 'Dead letters',
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum' }),
    // No deployment puts messages here, so there is nothing to wait for.
    alarm: { threshold: 1, evaluationPeriods: 1, description },
  };
}
