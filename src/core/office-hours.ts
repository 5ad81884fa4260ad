import { TimeZone } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from './private/errors';

/** Times of a day. */
export interface OfficeHoursOptions {
  /**
   * When work begins, on a clock of 24 hours.
   *
   * @default '08:00'
   */
  readonly opens?: string;

  /**
   * When work ends, on the same day.
   *
   * @default '18:00'
   */
  readonly closes?: string;
}

/** A moment of the week, in the words of cron expressions. */
interface Moment {
  readonly minute: string;
  readonly hour: string;
  readonly weekDay: string;
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const LAST_MINUTE = 24 * 60 - 1;

/**
 * Hours in which an environment runs: outside of them services have no task and databases are stopped. Meant for development and test.
 *
 * Of a week of 168 hours, weekdays from 08:00 to 18:00 are 50. What runs by the hour and cannot be stopped (load balancers, NAT gateways,
 * ElastiCache, disks) costs the same as before.
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
   * @param timeZone time zone of the clock on the wall; summer time is followed
   * @param options begin and end
   */
  public static weekdays(timeZone: TimeZone, options: OfficeHoursOptions = {}): OfficeHours {
    return new OfficeHours('MON-FRI', timeZone, options.opens ?? '08:00', options.closes ?? '18:00');
  }

  /**
   * Every day of the week.
   *
   * @param timeZone time zone of the clock on the wall; summer time is followed
   * @param options begin and end
   */
  public static everyDay(timeZone: TimeZone, options: OfficeHoursOptions = {}): OfficeHours {
    return new OfficeHours('*', timeZone, options.opens ?? '08:00', options.closes ?? '18:00');
  }

  /** Never closed: for the one service or database of a mesh with office hours that must go on. */
  public static always(): OfficeHours {
    return new OfficeHours('*', TimeZone.ETC_UTC, '00:00', '24:00');
  }

  private constructor(
    private readonly days: string,
    /** Time zone of the clock on the wall. */
    public readonly timeZone: TimeZone,
    /** When work begins. */
    public readonly opens: string,
    /** When work ends. */
    public readonly closes: string,
  ) {}

  /** Whether there is nothing to stop. @internal */
  public get _isAlways(): boolean {
    return this.closes === '24:00';
  }

  /** Begin, or some minutes before it on the same day. @internal */
  public _opening(minutesBefore = 0): Moment {
    return this.moment(Math.max(0, minutesOf(this.opens) - minutesBefore));
  }

  /** End, or some minutes after it on the same day. @internal */
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
        must: 'be a time of 24 hours',
        got: time,
        fix: 'write it like "08:00", up to "23:59"',
      });
    }
    if (minutesOf(this.opens) < minutesOf(this.closes)) return;
    throw validationError(scope, 'BadOfficeHours', {
      prop: 'officeHours.closes',
      must: `be after \`opens\` (${this.opens}) on the same day`,
      got: this.closes,
      fix: 'exchange them, or use Scaling.onSchedule for hours over midnight',
    });
  }

  private moment(minutes: number): Moment {
    return { minute: String(minutes % 60), hour: String(Math.floor(minutes / 60)), weekDay: this.days };
  }
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return 60 * hours + minutes;
}
