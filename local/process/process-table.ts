import { ChildProcess, spawn } from 'node:child_process';
import * as path from 'node:path';

/** Every process group of this run. A watching process gets the same list, so that nothing survives the runner, however it ends. */
export class ProcessTable {
  /** True once everything has been ended: what starts later would stay behind. */
  public closed = false;
  private readonly groups = new Set<number>();
  private readonly reaper: ChildProcess;

  constructor(localDirectory: string) {
    this.reaper = spawn(process.execPath, [path.join(localDirectory, 'process', 'reaper.cjs')], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    // A reaper that died must not take the runner with it.
    this.reaper.stdin?.on('error', () => undefined);
    this.reaper.unref();
  }

  public get size(): number {
    return this.groups.size;
  }

  public add(pid: number): void {
    this.groups.add(pid);
    this.reaper.stdin?.write(`+${pid}\n`);
  }

  public remove(pid: number): void {
    this.groups.delete(pid);
    this.reaper.stdin?.write(`-${pid}\n`);
  }

  /** The last resort: end what an orderly stop left over. */
  public killAll(): void {
    this.closed = true;
    for (const pid of this.groups) {
      signalGroup(pid, 'SIGKILL');
      this.remove(pid);
    }
    this.reaper.stdin?.end();
  }
}

/** Signal a process group by its leader's id; false if it is gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
