import { IConstruct } from 'constructs';
import { requireInteger } from '../../core/private/errors';
import { requireKnown } from '../../core/private/known';
import { requireSeconds } from '../../core/private/require-seconds';
import { ScheduledJobProps } from '../scheduled-job-props';

/**
 * Refuses what EventBridge Scheduler would refuse.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
export function requireScheduleLimits(scope: IConstruct, props: ScheduledJobProps): void {
  const { flexibleWindow, retryAttempts, maxEventAge } = props;
  for (const [prop, value] of Object.entries({ flexibleWindow, retryAttempts, maxEventAge })) requireKnown(scope, prop, value);
  requireInteger(scope, 'JobWindow', 'flexibleWindow', flexibleWindow?.toMinutes({ integral: false }), 1, 1440);
  requireInteger(scope, 'JobRetryAttempts', 'retryAttempts', retryAttempts, 0, 185);
  requireSeconds(scope, 'JobEventAge', 'maxEventAge', maxEventAge, 60, 86_400);
}
