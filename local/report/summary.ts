import * as path from 'node:path';
import { notEmulated } from './not-emulated';
import { entryUrl } from './rows';
import { ask } from '../check/http-client';
import { LocalRun } from '../run/local-run';
import { Lap } from '../run/stopwatch';

/** What a visitor's browser gets first, with the time that it took; undefined where the template has no load balancer. */
export async function firstPage(run: LocalRun): Promise<string | undefined> {
  const url = entryUrl(run);
  if (url === undefined) return undefined;
  const started = Date.now();
  const { status } = await ask({ url, ca: run.certificate?.cert });
  return `the first page (${status}) after ${seconds(Date.now() - started)}`;
}

/** Where the time went, in words. */
export function times(laps: readonly Lap[], totalMs: number): string {
  const parts = laps.filter(({ ms }) => ms >= 50).map(({ what, ms }) => `${what} ${seconds(ms)}`);
  return `Ready after ${seconds(totalMs)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** What the run does not try, a line each. */
export function missingParts(run: LocalRun): string[] {
  const missing = notEmulated(run);
  return missing.length === 0 ? [] : ['Not emulated:', ...missing.map((each) => `  ${each}`)];
}

/** Where to look, and how to end. */
export function invitation(run: LocalRun): string[] {
  const remarks = [
    ...run.loadBalancers.filter(({ publicName }) => publicName).map(({ publicName }) => `stands for ${publicName}`),
    ...(run.certificate ? ['self-signed certificate'] : []),
  ];
  return [
    `Open ${entryUrl(run) ?? '(the template has no load balancer)'}${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}`,
    `Logs in ${path.relative(process.cwd(), run.logDirectory)}; --logs TASK shows those of a task here. Ctrl-C stops everything.`,
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
