import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { measureFlask } from './check/flask-measurement';
import { Judge } from './check/judge';
import { PROOFS } from './check/run-proofs';
import { Addresses } from './net/addresses';
import { LiveReport } from './report/live-report';
import { rowsOf } from './report/rows';
import { firstPage, invitation, missingParts, times } from './report/summary';
import { TaskLogs } from './report/task-logs';
import { EngineChoice } from './run/choose-engine';
import { LocalRun } from './run/local-run';
import { RunOptions } from './run/options';

const live = new LiveReport(process.stdout);
const say = (line: string) => live.say(line);
/** Ctrl-C is how a demo ends, and no way to pass proofs. */
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const runs = new Runs();
  const wanted = runs.endWithProcess();
  const { values } = parseArgs({
    options: {
      assembly: { type: 'string' },
      example: { type: 'string' },
      variant: { type: 'string', multiple: true, default: [] },
      root: { type: 'string' },
      check: { type: 'boolean', default: false },
      measure: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'auto' },
      'ca-bundle': { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      secret: { type: 'string', multiple: true, default: [] },
      image: { type: 'string', multiple: true, default: [] },
      parameter: { type: 'string', multiple: true, default: [] },
      run: { type: 'string', multiple: true, default: [] },
      logs: { type: 'string', multiple: true, default: [] },
      deploy: { type: 'string' },
      'time-scale': { type: 'string' },
    },
  });
  if (!values.assembly || !values.root) throw new Error('--assembly and --root are required; start this with npm run demo');
  const options: RunOptions = {
    assembly: path.resolve(values.assembly),
    root: values.root,
    localDirectory: path.join(values.root, 'local'),
    overrides: pairs(values.set),
    secrets: pairs(values.secret),
    images: pairs(values.image),
    parameters: pairs(values.parameter),
    engine: engineOf(values.engine),
    caBundle: readable(values['ca-bundle']),
    timeScale: values['time-scale'] === undefined ? undefined : Number(values['time-scale']),
    say,
  };
  if (values.check) {
    runs.interrupted = INTERRUPTED;
    const failed = await failedProofs(values.example, options, pairs(values.variant), runs);
    for (const line of runs.first ? missingParts(runs.first) : []) live.tell(line);
    await runs.close();
    process.exit(failed === 0 ? 0 : 1);
  }
  if (values.measure) {
    if (values.example !== 'flask-nginx') throw new Error('--measure is about examples/flask-nginx');
    await measureFlask(await runs.open(options));
    await runs.close();
    process.exit(0);
  }
  const run = await runs.open(options, (opened) => {
    live.follow(() => rowsOf(opened));
    new TaskLogs(opened.logDirectory, values.logs, say).start();
  });
  for (const [job, command] of Object.entries(pairs(values.run))) await runJob(run, job, command);
  await report(run);
  if (values.deploy !== undefined) await deploy(run, path.resolve(values.deploy));
  await wanted;
}

async function failedProofs(
  example: string | undefined,
  options: RunOptions,
  variants: Record<string, string>,
  runs: Runs,
): Promise<number> {
  const proofs = PROOFS[example ?? ''];
  if (!proofs) throw new Error(`--check is for the examples ${Object.keys(PROOFS).join(', ')}, got ${JSON.stringify(example)}`);
  const judge = new Judge((each) => runs.open(each), say);
  await proofs(options, variants, judge);
  say(`\nproofs: ${judge.passed} passed, ${judge.failed} failed`);
  return judge.failed;
}

/** What `aws ecs run-task` does with the task definition of a job, with a command for a shell in the place of its own. */
async function runJob({ jobs }: LocalRun, label: string, command: string): Promise<void> {
  const plan = jobs?.plans.find((candidate) => candidate.label === label);
  if (!jobs || !plan) {
    throw new Error(`the template has no job ${label}; it has ${jobs?.plans.map((each) => each.label).join(', ') || 'none'}`);
  }
  const { log } = await jobs.run(plan, command === '' ? {} : { command: ['sh', '-c', command] });
  say(`job ${label} has ended with 0; its log is ${path.relative(process.cwd(), log)}`);
}

/** A deployment that fails leaves the former version, as a stack that was rolled back has it. */
async function deploy(run: LocalRun, assembly: string): Promise<void> {
  const started = Date.now();
  try {
    const { services, jobs } = await run.deploy(assembly);
    const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
    const labels = [...services.map(({ label }) => label), ...jobs.map(({ label }) => `job ${label}`)];
    say(
      labels.length > 0
        ? `deployed in ${took}: ${labels.join(', ')}`
        : 'nothing to deploy: services and jobs are the same in both assemblies',
    );
  } catch (error) {
    say((error as Error).message);
  }
}

async function report(run: LocalRun): Promise<void> {
  const { laps, totalMs } = run.stopwatch;
  const page = await firstPage(run);
  live.whole();
  for (const line of missingParts(run)) live.tell(line);
  live.tell(`Waits of the template: ${run.time.toString()}.`);
  live.tell([times(laps, totalMs), page].filter(Boolean).join('; '));
  for (const line of invitation(run)) live.tell(line);
}

/** The runs of this process, and the promise that none outlives it. */
class Runs {
  /** The exit code after Ctrl-C. */
  public interrupted = 0;
  private readonly started: LocalRun[] = [];
  private closing?: Promise<void>;

  public get first(): LocalRun | undefined {
    return this.started[0];
  }

  public async open(options: RunOptions, opened?: (run: LocalRun) => void): Promise<LocalRun> {
    const addresses = await Addresses.claim();
    // What would come next never does: the process ends.
    if (this.closing) return new Promise<never>(() => undefined);
    // What the first one has chosen holds for all, and is said once.
    const run = new LocalRun({ ...options, engine: this.first?.engine?.kind ?? options.engine }, addresses);
    this.started.push(run);
    opened?.(run);
    await run.start().catch((error: Error) => {
      if (!this.closing) throw error;
      return new Promise<never>(() => undefined);
    });
    return run;
  }

  public close(): Promise<void> {
    this.closing ??= Promise.all(this.started.map((run) => run.stop())).then(() => undefined);
    return this.closing;
  }

  /** Resolves never by itself: a signal or an error ends the process, after everything that it started. */
  public endWithProcess(): Promise<never> {
    const end = (code: number) => void this.close().finally(() => process.exit(code));
    // The script that started this one and waits for it was killed.
    process.on('disconnect', () => end(143));
    // What read the output has ended, as `head` does, or with whoever started this.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => end(143));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (this.closing) return;
        live.end();
        say('stopping ...');
        end(signal === 'SIGINT' ? this.interrupted : 143);
      });
    }
    const crash = (error: unknown) => {
      // What was starting while everything stops fails, and that is no news.
      if (this.closing) return;
      live.end();
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
      end(1);
    };
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);
    return new Promise(() => undefined);
  }
}

function pairs(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((item) => {
      const at = item.indexOf('=');
      if (at < 1) throw new Error(`${JSON.stringify(item)} must be NAME=VALUE`);
      return [item.slice(0, at), item.slice(at + 1)];
    }),
  );
}

function readable(file: string | undefined): string | undefined {
  if (file !== undefined && !fs.existsSync(file)) {
    throw new Error(`--ca-bundle must be a file of certificates (PEM), got ${JSON.stringify(file)}`);
  }
  return file;
}

function engineOf(value: string): EngineChoice {
  if (value === 'auto' || value === 'container' || value === 'process') return value;
  throw new Error(`--engine must be container, process or auto, got ${JSON.stringify(value)}`);
}

void main();
