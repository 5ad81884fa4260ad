import { EventEmitter } from 'node:events';
import { ContainerPlan, HealthCheckPlan } from './task-definition';
import { ContainerRuntime } from '../engine/engine';
import { TimeScale } from '../run/time-scale';

export type ContainerHealth = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

/** A running container and its health check. Emits `exit` once and `health` on each change. */
export class Container extends EventEmitter {
  public health: ContainerHealth = 'UNKNOWN';
  private timer?: NodeJS.Timeout;
  private failures = 0;
  private countedAt = 0;
  private readonly startedAt = Date.now();

  constructor(
    public readonly plan: ContainerPlan,
    public readonly runtime: ContainerRuntime,
    private readonly time: TimeScale,
  ) {
    super();
    void runtime.exited.then((result) => {
      clearTimeout(this.timer);
      this.emit('exit', result);
    });
    if (plan.healthCheck) this.schedule(plan.healthCheck, this.firstLooks(plan.healthCheck));
  }

  /** Without warning, as a crash is. */
  public async kill(): Promise<void> {
    await this.runtime.signal('SIGKILL');
    await this.runtime.exited;
  }

  public async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.runtime.stop(this.time.here(this.plan.stopTimeoutMs));
  }

  private schedule(check: HealthCheckPlan, delayMs: number): void {
    if (this.runtime.ended) return;
    this.timer = setTimeout(() => void this.check(check), delayMs);
    this.timer.unref();
  }

  private async check(check: HealthCheckPlan): Promise<void> {
    const code = await this.runtime.run(check.command, check.timeoutMs);
    if (this.runtime.ended) return;
    if (code === 0) {
      this.failures = 0;
      this.become('HEALTHY');
    } else if (this.counts(check)) {
      this.failures++;
      this.countedAt = Date.now();
      if (this.failures >= check.retries) this.become('UNHEALTHY');
    }
    // The first success is what everything waits for, so look often until it comes.
    this.schedule(check, this.health === 'UNKNOWN' ? this.firstLooks(check) : this.time.here(check.intervalMs));
  }

  private firstLooks({ intervalMs }: HealthCheckPlan): number {
    return Math.min(this.time.here(intervalMs), 1000);
  }

  /** A failure counts outside the start period, or once the container was healthy; and at most once an interval. */
  private counts(check: HealthCheckPlan): boolean {
    const inStartPeriod = this.health === 'UNKNOWN' && Date.now() - this.startedAt < this.time.here(check.startPeriodMs);
    return !inStartPeriod && Date.now() - Math.max(this.countedAt, this.startedAt) >= this.time.here(check.intervalMs) - 50;
  }

  private become(health: ContainerHealth): void {
    if (this.health === health) return;
    this.health = health;
    this.emit('health', health);
  }
}
