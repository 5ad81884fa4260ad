import { pairedSpread, Spread, spreadOf, table } from '../statistics';

/** One turn of one case. */
export interface Turn {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failures?: number;
  /** CPU time of the servers in a request, in microseconds, by name; what is compared is their sum. */
  readonly micros: Readonly<Record<string, number>>;
}

export interface Case {
  readonly name: string;
  readonly run: () => Promise<Turn>;
  /** Said in the last column, asked for after the last turn. */
  readonly remark?: () => string | Promise<string>;
}

/** A case that cannot be set up is a row that says why. */
export interface Missing {
  readonly name: string;
  readonly missing: string;
}

/** A B C A B C ...: what slows the machine down for a while slows all of them. The first round warms up and does not count. */
export async function inTurn(cases: readonly Case[], rounds: number): Promise<Map<string, Turn[]>> {
  const turns = new Map<string, Turn[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, run } of cases) {
      const turn = await run();
      if (round > 0) turns.get(name)!.push(turn);
    }
  }
  return turns;
}

export const total = ({ micros }: Turn): number => Object.values(micros).reduce((sum, value) => sum + value, 0);

export interface Share {
  readonly byRequests: Spread;
  readonly byCpu: Spread;
}

/** What part of a ceiling a case reaches, from turns that were made next to each other. */
export function shareOf(turns: readonly Turn[], ceiling: readonly Turn[]): Share {
  const rates = (list: readonly Turn[]) => list.map(({ perSecond }) => perSecond);
  return {
    byRequests: pairedSpread(rates(turns), rates(ceiling)),
    byCpu: pairedSpread(ceiling.map(total), turns.map(total)),
  };
}

export function renderSpread({ min, median, max }: Spread, digits = 0): string {
  if (Number.isNaN(median)) return 'not known here';
  const enough = median > 0 && median < 0.1 ? digits + 2 : digits;
  return `${median.toFixed(enough)} (${min.toFixed(enough)}-${max.toFixed(enough)})`;
}

/** One row a case, in the order of `names`, against the ceiling called `base`. */
export async function comparison(
  cases: readonly (Case | Missing)[],
  turns: ReadonlyMap<string, readonly Turn[]>,
  base: string,
): Promise<string> {
  const head = [
    'case',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU us a request',
    `of "${base}", requests/s`,
    'the same, CPU',
    'failures',
    'remark',
  ];
  const rows: string[][] = [];
  for (const each of cases) {
    if ('missing' in each) rows.push([each.name, ...Array<string>(head.length - 2).fill(''), `not measured: ${each.missing}`]);
    else rows.push(await rowOf(each, turns.get(each.name)!, turns.get(base)));
  }
  return table(head, rows);
}

async function rowOf(each: Case, turns: readonly Turn[], ceiling: readonly Turn[] | undefined): Promise<string[]> {
  const spread = (value: (turn: Turn) => number, digits = 0) => renderSpread(spreadOf(turns.map(value)), digits);
  const share = ceiling && shareOf(turns, ceiling);
  const parts = Object.keys(turns[0].micros);
  const mean = (part: string) => spreadOf(turns.map(({ micros }) => micros[part])).median.toFixed(0);
  const cost = parts.length > 1 ? `CPU: ${parts.map((part) => `${part} ${mean(part)}`).join(', ')} us` : '';
  return [
    each.name,
    spread(({ perSecond }) => perSecond),
    spread(({ p50Ms }) => p50Ms, 2),
    spread(({ p99Ms }) => p99Ms, 2),
    parts.length > 0 ? spread(total, 1) : '',
    share ? renderSpread(share.byRequests, 2) : '',
    share && parts.length > 0 ? renderSpread(share.byCpu, 2) : '',
    `${turns.reduce((sum, { failures = 0 }) => sum + failures, 0)}`,
    (await each.remark?.()) ?? cost,
  ];
}
