import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deployReport } from './deploy/report';
import { inFreshProcess } from './fresh-process';
import { reportsSection } from './reports/section';
import type { Sample } from './run';
import { growth, pairedRatio, slope, spreadOf, table } from './statistics';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    runs: { type: 'string', default: '7' },
    deploy: { type: 'boolean', default: false },
    reports: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const root = values.root!;
const bundles = join(root, '.cache', 'bench');
const runs = values.quick ? 2 : Number(values.runs);

const VARIANTS = { 'this library': 'library', 'plain L2': 'plain', 'aws-ecs-patterns': 'patterns' };
const SIZES = [1, 10, 50, 100, 200];
/** As many as docs/scale.md advises. */
const PER_STACK = 25;

/** One app in a fresh process; CDK's own validation is the same for every variant, and off unless it is what is measured. */
function measure(variant: string, count: number, perStack = 0, isValidated = false): Sample {
  return inFreshProcess([join(bundles, 'run.js'), join(bundles, `${variant}.js`), `${count}`, `${perStack}`], isValidated);
}

/** A B C A B C ...: what slows the machine down for a while slows all of them. */
function inTurn<K extends string>(names: K[], times: number, one: (name: K) => Sample): Record<K, Sample[]> {
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, Sample[]>;
  for (let i = 0; i < times; i++) for (const name of names) samples[name].push(one(name));
  return samples;
}

const spread = (samples: Sample[], key: keyof Sample) => {
  const { min, median, max } = spreadOf(samples.map((sample) => sample[key]));
  return `${median.toFixed(0)} (${min.toFixed(0)}-${max.toFixed(0)})`;
};
const COLUMNS: [string, keyof Sample][] = [
  ['import ms', 'importMs'],
  ['construct ms', 'constructMs'],
  ['synth ms', 'synthMs'],
  ['total ms', 'totalMs'],
  ['CPU ms', 'cpuMs'],
  ['peak MiB', 'memoryMiB'],
];

function threeTier(): string {
  const names = Object.keys(VARIANTS) as (keyof typeof VARIANTS)[];
  const samples = inTurn(names, runs, (name) => measure(VARIANTS[name], 1));
  const more = inTurn(names, 1, (name) => measure(VARIANTS[name], 11));
  const ratio = (name: keyof typeof VARIANTS, key: 'totalMs' | 'cpuMs') =>
    pairedRatio(
      samples[name].map((sample) => sample[key]),
      samples['plain L2'].map((sample) => sample[key]),
    ).toFixed(2);
  const rows = names.map((name) => [
    name,
    ...COLUMNS.map(([, key]) => spread(samples[name], key)),
    ratio(name, 'totalMs'),
    ratio(name, 'cpuMs'),
    `${samples[name][0].resources}`,
    `${samples[name][0].bytes}`,
    `${((more[name][0].resources - samples[name][0].resources) / 10).toFixed(1)}`,
  ]);
  const head = [
    'app',
    ...COLUMNS.map(([title]) => title),
    'time of plain L2',
    'CPU of plain L2',
    'resources',
    'bytes',
    'resources per further service',
  ];
  return `## The same three-tier app, ${runs} runs each in turn: median (least-most)\n\n${table(head, rows)}`;
}

function meshSizes(): string {
  const cases = [...SIZES.map((size) => `${size}`), '200 in stacks'];
  const times = Math.max(2, Math.ceil(runs / 2));
  const samples = inTurn(cases, times, (name) => measure('mesh', parseInt(name, 10), name.includes('stacks') ? PER_STACK : 0));
  const rows = cases.map((name) => [
    name.includes('stacks') ? `200 in ${samples[name][0].stacks - 1} stacks of ${PER_STACK}` : name,
    ...COLUMNS.map(([, key]) => spread(samples[name], key)),
    `${samples[name][0].resources}`,
    `${((samples[name][0].resources - samples['1'][0].resources) / Math.max(1, parseInt(name, 10) - 1)).toFixed(1)}`,
    `${samples[name][0].bytes}`,
  ]);
  const own = (size: number) => spreadOf(samples[`${size}`].map(({ constructMs, synthMs }) => constructMs + synthMs)).median;
  const [base, ...larger] = SIZES;
  const perService = slope(SIZES.map((size) => ({ x: size, y: own(size) })));
  const exponent = growth(larger.map((size) => ({ size: size - base, cost: Math.max(1, own(size) - own(base)) })));
  return [
    `## Services in one mesh, each calling two others, ${times} runs each in turn: median (least-most)`,
    table(['services', ...COLUMNS.map(([title]) => title), 'resources', 'per service', 'bytes'], rows),
    `Construct and synth take ${perService.toFixed(1)} ms for each further service, and grow with the power ${exponent.toFixed(2)} of their number (1 is linear).`,
  ].join('\n\n');
}

function validation(): string {
  const names = ['this library', 'plain L2'] as const;
  const rows = names.map((name) => [name, `${measure(VARIANTS[name], 1, 0, true).synthMs.toFixed(0)}`]);
  return `## Synth with CDK's own validation of templates, which is on by default, one run each\n\n${table(['app', 'synth ms'], rows)}`;
}

function header(): string {
  const version = (name: string) => JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    '# Bench',
    `- command: \`${['npx projen bench', ...process.argv.slice(4)].join(' ')}\``,
    `- date: ${new Date().toISOString()}`,
    `- machine: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, load average ${load.join(' ')}`,
    `- node ${process.versions.node}, aws-cdk-lib ${version('aws-cdk-lib')}, cdk-nag ${version('cdk-nag')}`,
  ].join('\n');
}

const reports = () => reportsSection(join(bundles, 'reports.js'), values.quick ? 1 : Math.ceil(runs / 2));
const everything = () => [threeTier(), meshSizes(), ...(values.quick ? [] : [validation()]), reports(), deployReport(root)];
const parts = values.deploy ? [deployReport(root)] : values.reports ? [reports()] : everything();
const text = `${[header(), ...parts].join('\n\n')}\n`;
const results = join(root, 'bench', 'results');
mkdirSync(results, { recursive: true });
writeFileSync(join(results, values.deploy ? 'deploy.md' : values.reports ? 'reports.md' : 'latest.md'), text);
process.stdout.write(text);
