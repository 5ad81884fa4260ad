import { Lookup } from './api-client';

/** One station on the way of this request. */
export interface Hop {
  readonly id: 'browser' | 'public-alb' | 'frontend' | 'internal-alb' | 'api' | 'l1' | 'redis' | 'provider';
  readonly name: string;
  /** Which task, or what the station did. */
  readonly detail: string;
  /** In words, because colour alone does not reach everyone. */
  readonly outcome?: 'HIT' | 'MISS' | 'SKIPPED' | 'UNAVAILABLE' | 'USED';
  readonly ms?: number;
}

export interface HopFacts {
  readonly lookup: Lookup | undefined;
  /** The API was asked and gave no answer. */
  readonly outage: boolean;
  readonly frontendTask: string;
  /** Whether a proxy of ours stands before this service. */
  readonly behindProxy: boolean;
  readonly frontendMs: number;
}

/** The path panel's rows. The browser's time is known to the browser only; its script fills it in. */
export function hopsOf({ lookup, outage, frontendTask, behindProxy, frontendMs }: HopFacts): Hop[] {
  const front: Hop[] = [
    { id: 'browser', name: 'Browser', detail: 'you' },
    {
      id: 'public-alb',
      name: 'Public ALB',
      detail: behindProxy ? 'TLS ends here' : 'not in this run',
      outcome: behindProxy ? undefined : 'SKIPPED',
    },
    { id: 'frontend', name: 'Frontend', detail: frontendTask, ms: outage ? undefined : frontendMs },
  ];
  if (!lookup) return [...front, ...notReached(outage)];
  const step = (name: string): Lookup['steps'][number] | undefined => lookup.steps.find((candidate) => candidate.name === name);
  const total = step('total')?.ms;
  return [
    ...front,
    {
      id: 'internal-alb',
      name: 'Internal ALB',
      detail: 'network there and back',
      ms: total === undefined ? lookup.roundTripMs : Math.max(0, lookup.roundTripMs - total),
    },
    { id: 'api', name: 'API', detail: lookup.taskId, ms: total },
    { id: 'l1', name: 'Memory (L1)', detail: 'this task’s own', ...cacheStep(step('l1')) },
    { id: 'redis', name: 'Redis', detail: 'shared by all tasks', ...cacheStep(step('redis')) },
    providerHop(step('provider')),
  ];
}

/** The stations behind this one when there is nothing to tell of them. */
function notReached(outage: boolean): Hop[] {
  return [
    { id: 'internal-alb', name: 'Internal ALB', detail: 'network there and back', outcome: outage ? undefined : 'SKIPPED' },
    { id: 'api', name: 'API', detail: outage ? 'no answer' : 'not asked', outcome: outage ? 'UNAVAILABLE' : 'SKIPPED' },
    { id: 'l1', name: 'Memory (L1)', detail: 'this task’s own', outcome: 'SKIPPED' },
    { id: 'redis', name: 'Redis', detail: 'shared by all tasks', outcome: 'SKIPPED' },
    { id: 'provider', name: 'Provider', detail: 'not asked', outcome: 'SKIPPED' },
  ];
}

function cacheStep(step: Lookup['steps'][number] | undefined): Pick<Hop, 'outcome' | 'ms'> {
  if (!step) return { outcome: 'SKIPPED' };
  const outcome = (['HIT', 'MISS', 'UNAVAILABLE'] as const).find((word) => word === step.outcome);
  return { outcome: outcome ?? 'SKIPPED', ms: step.ms };
}

function providerHop(step: Lookup['steps'][number] | undefined): Hop {
  if (!step) return { id: 'provider', name: 'Provider', detail: 'not needed', outcome: 'SKIPPED' };
  return { id: 'provider', name: 'Provider', detail: step.outcome, outcome: 'USED', ms: step.ms };
}
