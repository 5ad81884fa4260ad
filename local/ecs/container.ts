import { EventEmitter } from 'node:events';
import { HealthCheckPlan } from './task-definition';
import { Child, runOnce } from '../process/child';
import { ProcessTable } from '../process/process-table';

export type ContainerHealth = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

export interface ContainerProcess {
  readonly name: string;
  readonly essential: boolean;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  readonly stopTimeoutMs: number;
  readonly stopSignal?: NodeJS.Signals;
  readonly healthCheck?: HealthCheckPlan;
}

/** A running container: its process and its health check. Emits `exit` once and `health` on each change. */
export class Container extends EventEmitter {
  public health: ContainerHealth = 'UNKNOWN';
  public readonly child: Child;
  private timer?: NodeJS.Timeout;
  private failures = 0;
  private countedAt = 0;
  private readonly startedAt = Date.now();

  constructor(
    public readonly process: ContainerProcess,
    private readonly table: ProcessTable,
  ) {
    super();
    this.child = new Child({ ...process, table });
    void this.child.exited.then((result) => {
      clearTimeout(this.timer);
      this.emit('exit', result);
    });
    if (process.healthCheck) this.schedule(process.healthCheck, Math.min(process.healthCheck.intervalMs, 1000));
  }

  public async stop(graceCapMs: number): Promise<void> {
    clearTimeout(this.timer);
    await this.child.stop(Math.min(this.process.stopTimeoutMs, graceCapMs), this.process.stopSignal);
  }

  private schedule(check: HealthCheckPlan, delayMs: number): void {
    this.timer = setTimeout(() => void this.check(check), delayMs);
    this.timer.unref();
  }

  private async check(check: HealthCheckPlan): Promise<void> {
    const { cwd, env, log } = this.process;
    const code = await runOnce({ command: check.command, cwd, env, log, table: this.table }, check.timeoutMs);
    if (this.child.ended) return;
    if (code === 0) {
      this.failures = 0;
      this.become('HEALTHY');
    } else if (this.counts(check)) {
      this.failures++;
      this.countedAt = Date.now();
      if (this.failures >= check.retries) this.become('UNHEALTHY');
    }
    // The first success is what everything waits for, so look often until it comes.
    this.schedule(check, this.health === 'UNKNOWN' ? Math.min(check.intervalMs, 1000) : check.intervalMs);
  }

  /** A failure counts outside the start period, or once the container was healthy; and at most once an interval. */
  private counts(check: HealthCheckPlan): boolean {
    const inStartPeriod = this.health === 'UNKNOWN' && Date.now() - this.startedAt < check.startPeriodMs;
    return !inStartPeriod && Date.now() - Math.max(this.countedAt, this.startedAt) >= check.intervalMs - 50;
  }

  private become(health: ContainerHealth): void {
    if (this.health === health) return;
    this.health = health;
    this.emit('health', health);
  }
}
