import { IConstruct } from 'constructs';
import { requireInteger, warn } from '../../core/private/errors';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { ScheduledJobProps } from '../scheduled-job-props';

/**
 * Refuses what EventBridge Scheduler would refuse.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
export function requireScheduleLimits(scope: IConstruct, props: ScheduledJobProps): void {
  const { flexibleWindow, retryAttempts, maxEventAge, schedule } = props;
  if (isOver(schedule.expressionString)) {
    const over = `${schedule.expressionString} is over: made now, it would start nothing.`;
    warn(scope, 'ScheduleInThePast', `${over} Set another time, or take the job out.`);
  }
  for (const [prop, value] of Object.entries({ flexibleWindow, retryAttempts, maxEventAge })) requireResolved(scope, prop, value);
  requireInteger(scope, 'JobWindow', 'flexibleWindow', flexibleWindow?.toMinutes({ integral: false }), 1, 1440);
  requireInteger(scope, 'JobRetryAttempts', 'retryAttempts', retryAttempts, 0, 185);
  requireSeconds(scope, 'JobEventAge', 'maxEventAge', maxEventAge, 60, 86_400);
}

/** The clocks furthest behind are 12 hours behind UTC: a moment is over everywhere two hours after that. */
const ZONES_MS = 14 * 3_600_000;

/** An error would keep whoever leaves a job in its stack from ever deploying it again. */
function isOver(expression: string): boolean {
  const [, moment] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  return moment !== undefined && Date.parse(`${moment}Z`) + ZONES_MS < Date.now();
}
