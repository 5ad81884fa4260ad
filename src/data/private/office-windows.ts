import { IConstruct } from 'constructs';
import { OfficeHours } from '../../core/office-hours';
import { warn } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

/** The backup and maintenance windows of an instance, in UTC. Each is half an hour, the minimum of RDS. */
export interface OfficeWindows {
  readonly preferredBackupWindow: string;
  readonly preferredMaintenanceWindow: string;
}

const DAY = 24 * 60;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** A day that is open with every choice of days. */
const WEDNESDAY = 3;
const HALF_HOUR = 30;
/** A date in each half of the year: the UTC offset of a time zone changes at most between them. */
const SEASONS = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];

/**
 * Returns the windows of an instance that is stopped at night, when RDS would schedule them: a stopped instance is neither backed up nor
 * maintained. They are inside the office hours in summer and in winter, because UTC does not observe daylight saving time.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
 */
export function officeWindows(scope: IConstruct, hours: OfficeHours | undefined): OfficeWindows | undefined {
  const zone = hours?.timeZone.timezoneName;
  if (!hours || hours._isAlways || !zone || isUnknown(zone)) return undefined;
  const offsets = SEASONS.map((moment) => offsetOf(zone, moment));
  const start = minutesOf(hours.opens) - Math.min(...offsets);
  const end = minutesOf(hours.closes) - Math.max(...offsets);
  if (end - start < 2 * HALF_HOUR) {
    const rule = 'are too short for a backup and maintenance in summer and in winter, which need an hour that is open in both';
    warn(
      scope,
      'NoBackupInOfficeHours',
      `The office hours ${hours.opens} to ${hours.closes} ${rule}: RDS chooses windows, and may skip them.`,
    );
    return undefined;
  }
  const from = start + HALF_HOUR;
  const moment = (minutes: number) => `${DAYS[(WEDNESDAY + Math.floor(minutes / DAY)) % 7]}:${clock(minutes)}`;
  return {
    preferredBackupWindow: `${clock(start)}-${clock(from)}`,
    preferredMaintenanceWindow: `${moment(from)}-${moment(from + HALF_HOUR)}`,
  };
}

/** Returns the UTC offset of a time zone, in minutes. */
function offsetOf(timeZone: string, moment: number): number {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields }).formatToParts(moment);
  const [year, month, day, hour, minute] = Object.keys(fields).map((name) =>
    Number(parts.find(({ type }) => type === name)!.value),
  );
  return (Date.UTC(year, month - 1, day, hour, minute) - moment) / 60_000;
}

function clock(minutes: number): string {
  const within = ((minutes % DAY) + DAY) % DAY;
  return [Math.floor(within / 60), within % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return 60 * hours + minutes;
}
