import { spreadOf } from '../statistics';

/** One visitor next to the load: 100 requests a second over eight connections, each of which is written down. */
const CONNECTIONS = 8;
const PER_CONNECTION = 12.5;

export function probeCommand(probe: { url: string; seconds: number; log: string; headers?: readonly string[] }): string[] {
  return [
    ...['h2load', '--h1', '-t1', '-m1', `-c${CONNECTIONS}`, `-D${probe.seconds}`, `--rps=${PER_CONNECTION}`],
    ...[`--log-file=${probe.log}`, ...(probe.headers ?? []).flatMap((header) => ['-H', header]), probe.url],
  ];
}

export interface Asked {
  /** Since 1970. */
  readonly startMs: number;
  /** -1 where no answer came. */
  readonly status: number;
  readonly tookMs: number;
}

/** h2load's log: start in microseconds since 1970, status, microseconds to the end of the answer. */
export function readProbe(text: string): Asked[] {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(Number))
    .filter((fields) => fields.length >= 3)
    .map(([start, status, took]) => ({ startMs: start / 1000, status, tookMs: took / 1000 }))
    .sort((a, b) => a.startMs - b.startMs);
}

export const isFailure = ({ status }: Asked): boolean => status < 200 || status > 399;

export const between = (asked: readonly Asked[], fromMs: number, toMs: number): Asked[] =>
  asked.filter(({ startMs }) => startMs >= fromMs && startMs < toMs);

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The median of each stretch of `windowMs` by the time of asking, from `fromMs` on; NaN where nobody asked. */
export function windows(asked: readonly Asked[], fromMs: number, windowMs: number): number[] {
  const groups: number[][] = [];
  for (const { startMs, tookMs } of asked) (groups[Math.floor((startMs - fromMs) / windowMs)] ??= []).push(tookMs);
  return Array.from(groups, (group) => (group === undefined ? NaN : spreadOf(group).median));
}

/** How long after `fromMs` answers took as long as they did in the calm before: three windows in a row at most twice its median. */
export function recoveryMs(calm: readonly Asked[], after: readonly Asked[], fromMs: number, windowMs = 250): number | undefined {
  const usual = 2 * spreadOf(calm.map(({ tookMs }) => tookMs)).median;
  const quick = windows(after, fromMs, windowMs).map((value) => value <= usual);
  const at = quick.findIndex((_quick, i) => i + 3 <= quick.length && quick.slice(i, i + 3).every(Boolean));
  return at < 0 ? undefined : at * windowMs;
}
