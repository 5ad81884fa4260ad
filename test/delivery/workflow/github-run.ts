import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Call, Programs } from './programs';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly env?: Record<string, string>;
  readonly run?: string;
}

interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly env?: Record<string, string>;
  readonly strategy?: { readonly matrix: Record<string, string[]> };
  readonly steps?: Step[];
  readonly uses?: string;
  readonly with?: Record<string, unknown>;
}

interface Workflow {
  readonly on: { readonly workflow_call?: { readonly inputs: Record<string, { readonly default?: unknown }> } };
  readonly jobs: Record<string, Job>;
}

/** What is behind the programs that a workflow runs. */
export interface Backend {
  readonly call: Call;
  /** The environment of the job whose token is exchanged; throws where the role does not trust it. */
  signIn(environment: string): void;
}

export interface Outcome {
  /** By job and step; steps that were not run are left out. */
  readonly steps: Record<string, 'success' | 'failure'>;
  readonly log: string;
  readonly isGreen: boolean;
}

const FOLDER = join(__dirname, '..', '..', '..', 'examples', 'flask-nginx', 'github-actions');
const read = (name: string): Workflow => parse(readFileSync(join(FOLDER, name), 'utf8'));

/** Runs the jobs of a workflow of examples/flask-nginx one after the other, as GitHub does: each `run` with `bash -e`, and `if` as far as it is used. */
export class GitHubRun {
  private readonly steps: Outcome['steps'] = {};
  private readonly folder = mkdtempSync(join(tmpdir(), 'workflow-'));
  private log = '';

  private variables: Record<string, string> = {};

  constructor(
    private readonly backend: Backend,
    /** Values of `${{ ... }}` that GitHub knows. */
    private readonly known: Record<string, string>,
  ) {}

  /** @param inputs what the caller of a reusable workflow hands over */
  public async of(name: string, inputs: Record<string, unknown> = {}): Promise<Outcome> {
    const programs = new Programs(this.folder, (program, args) => this.backend.call(program, args));
    this.variables = await programs.start();
    try {
      const isGreen = await this.workflow(read(name), inputs);
      return { steps: this.steps, log: this.log, isGreen };
    } finally {
      programs.stop();
      rmSync(this.folder, { recursive: true });
    }
  }

  /** Jobs stand in the order in which they need each other; after one that failed, none is started. */
  private async workflow({ on, jobs }: Workflow, given: Record<string, unknown>): Promise<boolean> {
    const defaults = Object.entries(on.workflow_call?.inputs ?? {}).map(([name, input]) => [name, input.default]);
    const inputs = Object.entries({ ...Object.fromEntries(defaults), ...given }).map(([name, value]) => [
      `inputs.${name}`,
      `${value}`,
    ]);
    for (const [name, job] of Object.entries(jobs)) {
      const isGreen = job.uses
        ? await this.workflow(read(job.uses.split('/').at(-1)!), job.with ?? {})
        : await this.job(name, job, Object.fromEntries(inputs));
      if (!isGreen) return false;
    }
    return true;
  }

  private async job(name: string, job: Job, inputs: Record<string, string>): Promise<boolean> {
    const [[axis, values]] = Object.entries(job.strategy?.matrix ?? { none: [''] });
    let isGreen = true;
    for (const value of values) {
      const known = { ...this.known, ...inputs, [`matrix.${axis}`]: value, 'job.environment': job.environment ?? '' };
      isGreen = (await this.stepsOf(name, job, known)) && isGreen;
    }
    return isGreen;
  }

  private async stepsOf(name: string, { env = {}, environment = '', steps = [] }: Job, known: Record<string, string>) {
    let isGreen = true;
    for (const step of steps) {
      if (!this.isWanted(step, !isGreen)) continue;
      if (step.uses?.includes('configure-aws-credentials')) this.backend.signIn(filled(environment, known));
      if (!step.run) continue;
      const all = Object.entries({ ...env, ...step.env }).map(([key, value]) => [key, filled(value, known)]);
      const succeeded = await this.bash(step.run, Object.fromEntries(all));
      this.steps[step.id ?? `${name}: ${step.name}`] = succeeded ? 'success' : 'failure';
      isGreen &&= succeeded;
    }
    return isGreen;
  }

  private isWanted({ if: condition }: Step, hasFailed: boolean): boolean {
    if (condition === undefined) return !hasFailed;
    const [, id] = /^failure\(\)(?: && steps\.(\w+)\.outcome == 'failure')?$/.exec(condition) ?? [undefined, 'unknown'];
    if (id === 'unknown') throw new Error(`the condition ${condition} is not known here`);
    return hasFailed && (id === undefined || this.steps[id] === 'failure');
  }

  private bash(script: string, env: Record<string, string>): Promise<boolean> {
    const options = { cwd: this.folder, env: { ...this.variables, ...env } };
    const child = spawn('bash', ['--noprofile', '--norc', '-e', '-c', script], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.log += chunk));
    return new Promise((resolve) => child.once('close', (status) => resolve(status === 0)));
  }
}

function filled(text: string, known: Record<string, string>): string {
  return text.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => {
    if (known[name] === undefined) throw new Error(`nobody knows ${name}`);
    return known[name];
  });
}
