import { EventEmitter } from 'node:events';
import { Placer } from './placement';
import { RunContext } from './run-context';
import { ServicePlan } from './service-plan';
import { Task } from './task';

/** What happens around a task's life outside of it: target groups and names. */
export interface TaskRegistry {
  register(task: Task): void;
  /** Resolves when no more requests are under way to the task. */
  deregister(task: Task): Promise<void>;
}

const BACK_OFF = { firstMs: 250, longestMs: 8000, calmMs: 10_000 };

/** Keeps a service at its desired count, as the ECS scheduler does. Emits `event` with a line for people. */
export class ServiceScheduler extends EventEmitter {
  public readonly tasks: Task[] = [];
  public restarts = 0;
  private started = 0;
  private delayMs = BACK_OFF.firstMs;
  private closing = false;
  private readonly timers = new Set<NodeJS.Timeout>();
  /** Tasks that already have a successor. */
  private readonly retired = new Set<Task>();

  constructor(
    public readonly plan: ServicePlan,
    private readonly placer: Placer,
    private readonly registry: TaskRegistry,
    private readonly context: RunContext,
  ) {
    super();
  }

  public get running(): Task[] {
    return this.tasks.filter((task) => task.state === 'RUNNING');
  }

  public async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.plan.desiredCount }, () => this.launch()));
  }

  /** ECS StopTask: out of the target groups first, then SIGTERM. The scheduler replaces the task. */
  public async stopTask(task: Task, reason: string): Promise<void> {
    await this.registry.deregister(task);
    await task.stop(reason);
  }

  /**
   * A deployment of the same again, at 100 to 200 %: each task gets a successor, and leaves once `settled` says that the service is
   * whole with it.
   */
  public async replaceTasks(settled: () => Promise<void>): Promise<void> {
    for (const old of [...this.running]) {
      await this.launch();
      await settled();
      this.retired.add(old);
      await this.stopTask(old, 'replaced by a deployment');
    }
  }

  public async stop(): Promise<void> {
    this.closing = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.tasks.map((task) => task.stop('service is stopping')));
  }

  private async launch(): Promise<void> {
    const task = new Task(this.plan, ++this.started, this.placer.place(this.plan), this.context);
    const startedAt = Date.now();
    this.tasks.push(task);
    task.once('unhealthy', () => void this.stopTask(task, 'container health check failed'));
    // Nobody is sent to a task that ends by itself, however long its end takes.
    task.once('stopping', () => void this.registry.deregister(task));
    task.once('stopped', () => this.onStopped(task, Date.now() - startedAt));
    await task.start();
    if (task.state === 'RUNNING') this.registry.register(task);
  }

  private onStopped(task: Task, livedMs: number): void {
    this.tasks.splice(this.tasks.indexOf(task), 1);
    this.placer.free(this.plan, task.placement);
    if (this.closing || this.retired.delete(task)) return;
    this.delayMs = livedMs > BACK_OFF.calmMs ? BACK_OFF.firstMs : Math.min(this.delayMs * 2, BACK_OFF.longestMs);
    this.emit('event', `${task.label} stopped: ${task.stoppedReason}; starting another in ${this.delayMs} ms`);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.closing) return;
      this.restarts++;
      this.launch().catch((error: Error) => this.emit('event', `${this.plan.label} cannot start a task: ${error.message}`));
    }, this.delayMs);
    this.timers.add(timer);
  }
}
