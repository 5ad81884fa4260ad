import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

interface Windows {
  readonly snapshotWindow?: string;
  readonly maintenanceWindow?: string;
}

/** Minutes since midnight, or since Monday 00:00. An end before the start is on the next day or in the next week. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const DAY_AND_TIME = `(?:${DAYS.join('|')}):${TIME}`;

/**
 * Checks the snapshot and maintenance windows, which ElastiCache would reject only at deployment. It rejects an invalid snapshot window
 * even if snapshots are disabled.
 */
export function validateWindows(scope: IConstruct, { snapshotWindow, maintenanceWindow }: Windows): void {
  const snapshots = spanOf(scope, 'snapshotWindow', snapshotWindow, TIME, DAY, '03:00-04:00');
  const maintenance = spanOf(scope, 'maintenanceWindow', maintenanceWindow, DAY_AND_TIME, WEEK, 'sun:05:00-sun:06:00');
  if (!snapshots || !maintenance || !meet(snapshots, maintenance)) return;
  throw validationError(scope, 'RedisWindow', {
    prop: 'maintenanceWindow',
    must: `not overlap with the snapshot window ${snapshotWindow}, which is every day`,
    got: maintenanceWindow,
    fix: 'move one of the two, or leave one out so that AWS chooses it',
  });
}

function spanOf(
  scope: IConstruct,
  prop: string,
  window: string | undefined,
  moment: string,
  period: number,
  example: string,
): Span | undefined {
  if (window === undefined || isUnknown(window)) return undefined;
  const fail = (must: string) =>
    validationError(scope, 'RedisWindow', { prop, must, got: window, fix: `write it like ${example}` });
  const [, from, to] = new RegExp(`^(${moment})-(${moment})$`).exec(window) ?? [];
  if (!from || !to) throw fail('be a window in UTC');
  const [start, until] = [minutesOf(from), minutesOf(to)];
  const end = until < start ? until + period : until;
  if (end - start < HOUR) throw fail('last an hour at least');
  return { start, end };
}

/** Returns the minute of the day of `03:00`, or the minute of the week of `sun:05:00`. */
function minutesOf(moment: string): number {
  const [minutes, hours, day] = moment.split(':').reverse();
  return Math.max(DAYS.indexOf(day), 0) * DAY + Number(hours) * HOUR + Number(minutes);
}

/** Returns true if a daily window overlaps a weekly one on any day, including the days before and after the week. */
function meet(daily: Span, weekly: Span): boolean {
  const days = [...Array(16).keys()].map((day) => (day - 1) * DAY);
  return days.some((day) => daily.start + day < weekly.end && weekly.start < daily.end + day);
}
