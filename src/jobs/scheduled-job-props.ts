import { Duration } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { JobProps } from './job-props';

/** Choices of a scheduled job. */
export interface ScheduledJobProps extends JobProps {
  /**
   * When it runs: `ScheduleExpression.cron({ ..., timeZone })`, `.rate(duration)` or `.at(date, timeZone)`. In a time zone with summer
   * time a cron expression follows the clock on the wall.
   *
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly schedule: ScheduleExpression;

  /**
   * Window in which the job may start, 1 to 1440 minutes, so that many jobs of one hour do not start in the same second.
   *
   * @default - no window: it starts within the minute
   */
  readonly flexibleWindow?: Duration;

  /**
   * Times that a failed start is tried again, 0 to 185. A task that starts and fails later is not started again.
   *
   * @default 3
   */
  readonly retryAttempts?: number;

  /**
   * Time after which a start that failed is given up, 1 minute to 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;

  /**
   * Whether the schedule runs.
   *
   * @default true
   */
  readonly enabled?: boolean;
}
