import { IConstruct } from 'constructs';
import { requireInteger, warn } from '../../core/private/errors';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { ScheduledJobProps } from '../scheduled-job-props';

/**
 * Rejects what EventBridge Scheduler would reject.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
export function requireScheduleLimits(scope: IConstruct, props: ScheduledJobProps): void {
  const { flexibleWindow, retryAttempts, maxEventAge, schedule } = props;
  if (isOver(schedule.expressionString)) {
    const over = `${schedule.expressionString} is over: made now, it would start nothing.`;
    warn(scope, 'ScheduleInThePast', `${over} Set another time, or remove the job.`);
  }
  for (const [prop, value] of Object.entries({ flexibleWindow, retryAttempts, maxEventAge })) requireResolved(scope, prop, value);
  requireInteger(scope, 'JobWindow', 'flexibleWindow', flexibleWindow?.toMinutes({ integral: false }), 1, 1440);
  requireInteger(scope, 'JobRetryAttempts', 'retryAttempts', retryAttempts, 0, 185);
  requireSeconds(scope, 'JobEventAge', 'maxEventAge', maxEventAge, 60, 86_400);
}

/** The time after which a moment is over in every time zone: the latest one is 12 hours behind UTC, with a margin of two hours. */
const ZONES_MS = 14 * 3_600_000;

/**
 * Returns true if the time is over. It is not an error, which would block every later deployment of a stack that still contains the job.
 */
function isOver(expression: string): boolean {
  const [, moment] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  return moment !== undefined && Date.parse(`${moment}Z`) + ZONES_MS < Date.now();
}
