import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { ProcessTable, signalGroup } from './process-table';

export interface ChildOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited, as in a container. */
  readonly env: Readonly<Record<string, string>>;
  /** File that receives both output streams. */
  readonly log: string;
  readonly table: ProcessTable;
  /** Another user to run as, which only root can ask for. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Begins once the run has written down that it is there. Where the runner is killed before that, nobody would ever end it. */
const GATE = 'read -r go && unset go PWD OLDPWD && exec "$@" < /dev/null';

/** One supervised process, the leader of its own group: Ctrl-C in the terminal reaches the runner alone, which stops things in order. */
export class Child {
  public readonly exited: Promise<number | NodeJS.Signals>;
  public ended = false;
  private readonly child: ChildProcess;

  constructor(options: ChildOptions) {
    if (options.table.closed) throw new Error(`the run is over; ${options.command[0]} is not started`);
    const log = fs.openSync(options.log, 'a');
    this.child = spawn('/bin/sh', ['-c', GATE, 'cannot start', ...options.command], {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ['pipe', log, log],
      detached: true,
      ...options.user,
    });
    fs.closeSync(log);
    const pid = this.child.pid;
    if (pid !== undefined) options.table.add(pid);
    this.child.stdin?.on('error', () => undefined).end('go\n');
    this.exited = new Promise((resolve) => {
      const end = (result: number | NodeJS.Signals) => {
        if (this.ended) return;
        this.ended = true;
        // Helpers that the process left behind belong to it.
        if (pid !== undefined) {
          signalGroup(pid, 'SIGKILL');
          options.table.remove(pid);
        }
        resolve(result);
      };
      this.child.once('exit', (code, signal) => end(code ?? signal ?? -1));
      this.child.once('error', (error) => {
        fs.appendFileSync(options.log, `cannot start ${options.command.join(' ')}: ${error.message}\n`);
        end(127);
      });
    });
  }

  public get pid(): number | undefined {
    return this.child.pid;
  }

  public signal(signal: NodeJS.Signals): void {
    if (!this.ended && this.pid !== undefined) signalGroup(this.pid, signal);
  }

  /** SIGTERM, or the image's own signal, then SIGKILL after the grace period, as ECS does. */
  public async stop(graceMs: number, polite: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.signal(polite);
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(timer);
  }
}

/** Run a command to its end, bounded by a time and by the life of another process; returns its exit code. */
export async function runOnce(options: ChildOptions, timeoutMs: number, within?: Child): Promise<number> {
  const child = new Child(options);
  void within?.exited.then(() => child.signal('SIGKILL'));
  const timer = setTimeout(() => child.signal('SIGKILL'), timeoutMs);
  const result = await child.exited;
  clearTimeout(timer);
  return typeof result === 'number' ? result : 137;
}
