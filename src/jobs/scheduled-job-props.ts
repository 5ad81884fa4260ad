import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { JobProps } from './job-props';

/** Properties for a scheduled job. */
export interface ScheduledJobProps extends JobProps {
  /**
   * The schedule: `ScheduleExpression.cron({ ..., timeZone })`, `.rate(duration)` or `.at(date, timeZone)`. In a time zone with daylight
   * saving time, a cron expression follows the local time.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule: ScheduleExpression;

  /**
   * The window in which the job can start, 1 to 1,440 minutes, so that many jobs do not start in the same second.
   *
   * @default - no window; the job starts within the minute
   */
  readonly flexibleWindow?: Duration;

  /**
   * The number of retries of a failed start, 0 to 185. A task that starts and fails later is not started again.
   *
   * @default 3
   */
  readonly retryAttempts?: number;

  /**
   * The time after which a failed start is given up, 1 minute to 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;

  /**
   * Specifies whether the schedule is enabled.
   *
   * @default true
   */
  readonly enabled?: boolean;
}
