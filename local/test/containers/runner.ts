import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import Docker from 'dockerode';
import { until } from '../../check/visitor';
import { everything } from '../../containers/cleaner';
import { RUNNER_LABEL } from '../../containers/run-labels';
import { processesOf } from '../fixture/processes-of';
import { kernelRules, rulesOf } from '../fixture/rules-of';

export const ROOT = path.join(__dirname, '..', '..', '..');
export const docker = new Docker({ socketPath: new URL(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').pathname });

/** Node.js's own directory, and that of the engine's programs; nothing else of the caller's. */
const ENVIRONMENT = { PATH: process.env.PATH ?? '', HOME: os.homedir(), DOCKER_HOST: process.env.DOCKER_HOST ?? '' };

export interface RunnerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** The program of the local run with its packages, which any user may read wherever this checkout is. */
export function bundleRunner(outfile: string): string {
  const script = `const { bundleWhole } = await import('./scripts/esbuild.mjs'); await bundleWhole({ entryPoints: ['local/main.ts'], outfile: ${JSON.stringify(outfile)} });`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT });
  return outfile;
}

/** A program in a process group of its own, as a terminal starts it. */
export class Runner {
  public output = '';
  public readonly ended: Promise<number | NodeJS.Signals>;
  private readonly child: ChildProcess;
  private readonly root: string;
  /** What others had left before it. */
  private readonly before = kernelRules();
  /** What there was for its addresses when it ended: another run may have those a moment later. */
  private atEnd: readonly string[] = [];

  constructor(words: readonly string[], { env, ...user }: RunnerOptions = {}) {
    const options = { cwd: ROOT, env: { ...ENVIRONMENT, ...env }, detached: true, ...user };
    this.root = words.includes('--root') ? words[words.indexOf('--root') + 1] : ROOT;
    this.child = spawn(process.execPath, [...words], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk) => (this.output += String(chunk)));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => {
        this.atEnd = this.rules;
        resolve(code ?? signal ?? -1);
      }),
    );
  }

  /** As Ctrl-C does it: everybody in the group hears it. */
  public interrupt(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  /** For this process alone. */
  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  public async says(text: string): Promise<void> {
    await until(`it says ${text}`, 120_000, () => this.output.includes(text) || this.child.exitCode !== null);
    if (!this.output.includes(text)) throw new Error(`it does not say ${JSON.stringify(text)} but ${this.output}`);
  }

  /**
   * What is left of it: processes that know a text of its own, members of its group, things of the engine that have its label, and packet
   * filters and networks of this machine for its addresses. What watched over it ends a moment later.
   */
  public async leftOver(mark: string, timeoutMs = 15_000): Promise<string[]> {
    for (const last = Date.now() + timeoutMs; ;) {
      const inEngine = await everything(docker, RUNNER_LABEL);
      const now = this.atEnd.length === 0 ? [] : this.rules;
      const rules = this.atEnd.filter((rule) => now.includes(rule));
      const left = [...processesOf(mark), ...this.group, ...inEngine.map(({ name }) => name), ...rules];
      if (left.length === 0 || Date.now() > last) return left;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private get rules(): string[] {
    const runs = path.join(this.root, '.cache', 'demo', 'runs');
    const own = fs.existsSync(runs) ? fs.readdirSync(runs) : [];
    return own.flatMap((name) => {
      const [, pid, octet] = /-(\d+)-(\d+)$/.exec(name) ?? [];
      return Number(pid) === this.child.pid ? rulesOf(Number(octet)).filter((rule) => !this.before.includes(rule)) : [];
    });
  }

  private get group(): string[] {
    const members = fs.readdirSync('/proc').filter((id) => /^\d+$/.test(id) && groupOf(id) === this.child.pid);
    return members.map((id) => `process ${id} of its group`);
  }
}

function groupOf(id: string): number | undefined {
  try {
    return Number(fs.readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ')[2]);
  } catch {
    return undefined; // it has ended
  }
}
