import type { ReportSample } from './run';
import { inFreshProcess } from '../fresh-process';
import { REPORT_NAMES as NAMES, ReportName } from '../settings';
import { growth, pairedRatio, spreadOf, table } from '../statistics';

const SIZES = [60, 160];
const PACKS: [ReportName, ReportName] = ['EcsMeshChecks', 'AwsSolutions'];

/** A report in a fresh process: each pays for its own modules and its own compilation. */
function measure(script: string, name: string, count: number): ReportSample {
  return inFreshProcess([script, name, `${count}`]);
}

/** What reports of a large app cost: every report at every size in turn, `runs` times. */
export function reportsSection(script: string, runs: number): string {
  const samples = new Map(NAMES.flatMap((name) => SIZES.map((size): [string, ReportSample[]] => [key(name, size), []])));
  for (let run = 0; run < runs; run++) {
    for (const size of SIZES) for (const name of NAMES) samples.get(key(name, size))!.push(measure(script, name, size));
  }
  const of = (name: string, size: number) => samples.get(key(name, size))!.map(({ reportMs }) => reportMs);
  const synthesis = (size: number) => NAMES.flatMap((name) => samples.get(key(name, size))!.map(({ synthesisMs }) => synthesisMs));
  const rows = [row('synthesis alone', synthesis), ...NAMES.map((name) => row(name, (size) => of(name, size)))];
  const [mesh, solutions] = PACKS;
  const shares = SIZES.map((size) => `${pairedRatio(of(mesh, size), of(solutions, size)).toFixed(2)} at ${size}`);
  return [
    `## Reports of many services, ${runs} runs each in turn: CPU ms, median (least-most)`,
    'Each service calls one Redis, one PostgreSQL and the three services before it; 20 services a stack.',
    table(['report', ...SIZES.map((size) => `${size} services`), `a service at ${SIZES[1]}`, 'growth'], rows),
    `A growth of 1 is linear. ${mesh} uses ${shares.join(' and ')} of what ${solutions} does.`,
  ].join('\n\n');
}

function row(name: string, of: (size: number) => number[]): string[] {
  const spreads = SIZES.map((size) => spreadOf(of(size)));
  const last = spreads.length - 1;
  const points = spreads.map(({ median }, i) => ({ size: SIZES[i], cost: median }));
  return [
    name,
    ...spreads.map(({ min, median, max }) => `${median.toFixed(0)} (${min.toFixed(0)}-${max.toFixed(0)})`),
    (spreads[last].median / SIZES[last]).toFixed(1),
    growth(points).toFixed(2),
  ];
}

function key(name: string, size: number): string {
  return `${name} ${size}`;
}
