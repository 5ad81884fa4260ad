import { TimeZone } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from './private/errors';
import { guard } from './private/guard';

/** Options for office hours. */
export interface OfficeHoursOptions {
  /**
   * The start of the working day, in 24-hour format.
   *
   * @default '08:00'
   */
  readonly opens?: string;

  /**
   * The end of the working day, on the same day, in 24-hour format.
   *
   * @default '18:00'
   */
  readonly closes?: string;
}

/** A time of the week, in the format of cron expressions. */
interface Moment {
  readonly minute: string;
  readonly hour: string;
  readonly weekDay: string;
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const LAST_MINUTE = 24 * 60 - 1;

/**
 * The hours in which an environment runs. Outside of them, services have no tasks and databases are stopped. For development and test
 * environments.
 *
 * Weekdays from 08:00 to 18:00 are 50 of the 168 hours of a week. Resources that are billed by the hour and cannot be stopped (load
 * balancers, NAT gateways, ElastiCache, disks) cost the same as before.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh', { officeHours: OfficeHours.weekdays(TimeZone.EUROPE_BERLIN) });
 */
export class OfficeHours {
  /**
   * Monday to Friday.
   *
   * @param timeZone time zone, such as `Europe/Berlin`; daylight saving time is observed
   * @param options start and end of the day
   */
  public static weekdays(timeZone: TimeZone, options: OfficeHoursOptions = {}): OfficeHours {
    return new OfficeHours('MON-FRI', timeZone, options.opens ?? '08:00', options.closes ?? '18:00');
  }

  /**
   * Every day of the week.
   *
   * @param timeZone time zone, such as `Europe/Berlin`; daylight saving time is observed
   * @param options start and end of the day
   */
  public static everyDay(timeZone: TimeZone, options: OfficeHoursOptions = {}): OfficeHours {
    return new OfficeHours('*', timeZone, options.opens ?? '08:00', options.closes ?? '18:00');
  }

  /** No office hours: for a service or database that must always run in a mesh with office hours. */
  public static always(): OfficeHours {
    return new OfficeHours('*', TimeZone.ETC_UTC, '00:00', '24:00');
  }

  private constructor(
    private readonly days: string,
    /** The time zone, such as `Europe/Berlin`. */
    public readonly timeZone: TimeZone,
    /** The start of the working day. */
    public readonly opens: string,
    /** The end of the working day. */
    public readonly closes: string,
  ) {}

  /** Indicates whether the schedule never stops anything. @internal */
  public get _isAlways(): boolean {
    return this.closes === '24:00';
  }

  /** Returns the start of the office hours, or a time some minutes before it on the same day. @internal */
  public _opening(minutesBefore = 0): Moment {
    return this.moment(Math.max(0, minutesOf(this.opens) - minutesBefore));
  }

  /**
   * Returns the end of the office hours, or the given number of minutes after it, on the same day.
   *
   * @internal
   */
  public _closing(minutesAfter = 0): Moment {
    return this.moment(Math.min(LAST_MINUTE, minutesOf(this.closes) + minutesAfter));
  }

  /** @internal */
  public _validate(scope: IConstruct): void {
    if (this._isAlways) return;
    for (const [prop, time] of [
      ['officeHours.opens', this.opens],
      ['officeHours.closes', this.closes],
    ]) {
      if (CLOCK.test(time)) continue;
      throw validationError(scope, 'BadOfficeHours', {
        prop,
        must: 'be a time in 24-hour format',
        got: time,
        fix: 'write it like "08:00", up to "23:59"',
      });
    }
    if (minutesOf(this.opens) < minutesOf(this.closes)) return;
    throw validationError(scope, 'BadOfficeHours', {
      prop: 'officeHours.closes',
      must: `be after \`opens\` (${this.opens}) on the same day`,
      got: this.closes,
      fix: 'swap them, or use Scaling.onSchedule for hours past midnight',
    });
  }

  private moment(minutes: number): Moment {
    return { minute: String(minutes % 60), hour: String(Math.floor(minutes / 60)), weekDay: this.days };
  }
}

guard({ OfficeHours });

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return 60 * hours + minutes;
}
