import { IConstruct } from 'constructs';
import { invalid, requireInteger } from '../../core/private/errors';
import { requireSeconds } from '../../core/private/require-seconds';
import { ScheduledJobProps } from '../scheduled-job-props';

/**
 * Refuses what EventBridge Scheduler would refuse.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
export function requireScheduleLimits(scope: IConstruct, props: ScheduledJobProps): void {
  const { flexibleWindow } = props;
  requireInteger(scope, 'JobWindow', 'flexibleWindow', flexibleWindow?.toMinutes({ integral: false }), 1, 1440);
  requireInteger(scope, 'JobRetryAttempts', 'retryAttempts', props.retryAttempts, 0, 185);
  requireSeconds(scope, 'JobEventAge', 'maxEventAge', props.maxEventAge, 60, 86_400);
}

/** A job is in no namespace and behind no load balancer. */
export function refusePorts(scope: IConstruct, props: ScheduledJobProps): void {
  props.containers.forEach((container, i) => {
    if (!container.ports || container.ports.length === 0) return;
    throw invalid(scope, 'JobHasPorts', {
      prop: `containers[${i}].ports`,
      must: 'be left out, since nothing can call a scheduled job',
      got: container.ports.map((port) => port.name),
      fix: 'use MeshService for what others call',
    });
  });
}
