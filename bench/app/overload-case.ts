import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEPS } from './plan';
import { Asked, between, isFailure, percentile, probeCommand, readProbe, recoveryMs } from './probe';
import { Workshop } from './workshop';
import { WrkLoad, WrkResult } from './wrk';
import { table } from '../statistics';

/** Enough to keep the overload up, few enough that a slow server answers each of them before wrk gives up on it after 2 s. */
const CONNECTIONS = 200;
const FEW_CONNECTIONS = 32;
/** The probe connects before the first step and leaves after the last. */
const MARGIN_MS = 1000;

interface Step {
  readonly share: number;
  readonly offered: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly result: WrkResult;
}

export interface Target {
  readonly name: string;
  readonly load: Pick<WrkLoad, 'origin' | 'paths' | 'headers'>;
  /** What the probe asks for. */
  readonly path: string;
}

/** Capacity first, then half of it, all of it, one and a half, twice, and half again; a probe asks all the time and writes it down. */
export async function overloadReport(shop: Workshop, target: Target): Promise<string> {
  const capacity = await findCapacity(shop, target);
  const log = join(shop.directory, `${target.name.replace(/\W+/g, '-')}.probe`);
  const seconds = Math.ceil(STEPS.length * (shop.plan.stepSeconds + 1) + (2 * MARGIN_MS) / 1000);
  const probe = shop.load(
    probeCommand({ url: target.load.origin + target.path, seconds, log, headers: target.load.headers }),
    seconds + 60,
  );
  probe.catch(() => undefined); // awaited below
  await new Promise((resolve) => setTimeout(resolve, MARGIN_MS));
  const steps: Step[] = [];
  for (const share of STEPS) steps.push(await oneStep(shop, target, share, capacity));
  await probe;
  return render(shop, target, capacity, steps, readProbe(readFileSync(log, 'utf8')));
}

/** The best of three, after a warm-up; with few connections, since it is the processor that has to be busy. */
async function findCapacity(shop: Workshop, { name, load }: Target): Promise<number> {
  const seconds = Math.max(2, Math.round(shop.plan.stepSeconds / 3));
  const tries: number[] = [];
  for (let i = 0; i < 4; i++) tries.push((await shop.wrk({ ...load, connections: FEW_CONNECTIONS, seconds })).perSecond);
  const capacity = Math.max(...tries.slice(1));
  if (capacity < 1) throw new Error(`${name}: nothing was answered`);
  return capacity;
}

async function oneStep(shop: Workshop, { load }: Target, share: number, capacity: number): Promise<Step> {
  const offered = share * capacity;
  const fromMs = Date.now();
  const result = await shop.wrk({ ...load, connections: CONNECTIONS, seconds: shop.plan.stepSeconds, perSecond: offered });
  return { share, offered, fromMs, toMs: Date.now(), result };
}

function render(shop: Workshop, target: Target, capacity: number, steps: readonly Step[], asked: readonly Asked[]): string {
  const head = [
    'offered',
    'requests/s offered',
    'answered',
    'p50 ms',
    'p99 ms',
    'failures',
    'probe p50 ms',
    'probe p99 ms',
    'probe failures',
  ];
  const rows = steps.map(({ share, offered, fromMs, toMs, result }, i) => {
    const seen = between(asked, fromMs, toMs);
    const times = seen.map(({ tookMs }) => tookMs);
    return [
      `${share} x${i === steps.length - 1 ? ', after it' : ''}`,
      offered.toFixed(0),
      result.perSecond.toFixed(0),
      result.p50Ms.toFixed(1),
      result.p99Ms.toFixed(1),
      `${result.failures}`,
      percentile(times, 0.5).toFixed(1),
      percentile(times, 0.99).toFixed(1),
      `${seen.filter(isFailure).length} of ${seen.length}`,
    ];
  });
  const twice = steps.find(({ share }) => share === Math.max(...STEPS))!;
  const withstood = twice.result.perSecond > 0.9 * twice.offered;
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const recovery = recoveryMs(between(asked, first.fromMs, first.toMs), between(asked, last.fromMs, last.toMs), last.fromMs);
  return [
    `### ${target.name}: capacity ${capacity.toFixed(0)} requests/s; ${CONNECTIONS} connections, ${shop.plan.stepSeconds} s a step`,
    table(head, rows),
    ...(withstood ? ['**No overload**: the offered load was answered, so the capacity was found too low (a busy machine).'] : []),
    recovery === undefined
      ? `**Not recovered** within the ${shop.plan.stepSeconds} s after the overload.`
      : `Recovered ${recovery} ms after the overload: from then on the probe's median is at most twice that of the first step.`,
  ].join('\n\n');
}
