const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const WEEK_MINUTES = 7 * 24 * 60;

/** An event at a time of the week, such as a stop. */
export interface WeeklyEvent<T> {
  readonly minute: number;
  readonly value: T;
}

/**
 * Returns the minutes of a week at which an expression such as `cron(0 19 ? * MON-FRI *)` fires; undefined for one without fixed times of
 * the week.
 */
export function weeklyMinutes(expression: unknown): number[] | undefined {
  const [, minute, hour, dayOfMonth, month, days] =
    /^cron\((\d+) (\d+) (\*|\?|1\/1) (\*) (\S+)(?: \*)?\)$/.exec(typeof expression === 'string' ? expression : '') ?? [];
  const wanted = days === undefined || month !== '*' || dayOfMonth === undefined ? undefined : daysOf(days);
  return wanted?.map((day) => day * 24 * 60 + Number(hour) * 60 + Number(minute));
}

/** Returns the share of the week for which each value holds. The last event of the week also holds at its beginning. */
export function shares<T>(events: WeeklyEvent<T>[]): { readonly value: T; readonly share: number }[] {
  const sorted = [...events].sort((a, b) => a.minute - b.minute);
  return sorted.map(({ minute, value }, i) => {
    const next = i + 1 < sorted.length ? sorted[i + 1].minute : sorted[0].minute + WEEK_MINUTES;
    return { value, share: (next - minute) / WEEK_MINUTES };
  });
}

/** Parses `*`, `?`, `MON-FRI`, `SAT,SUN`, or numbers from 1 for Sunday. */
function daysOf(text: string): number[] | undefined {
  if (text === '*' || text === '?') return DAYS.map((_, i) => i);
  const parts = text.split(',').map((part) => {
    const [first, last = first] = part.split('-').map((name) => (/^[1-7]$/.test(name) ? Number(name) - 1 : DAYS.indexOf(name)));
    if (first < 0 || last < 0) return undefined;
    const count = ((last - first + 7) % 7) + 1;
    return Array.from({ length: count }, (_, i) => (first + i) % 7);
  });
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part!);
}
