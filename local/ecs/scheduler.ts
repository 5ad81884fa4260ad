import { EventEmitter } from 'node:events';
import { Placer } from './placement';
import { Revision } from './revision';
import { RunContext } from './run-context';
import { ServicePlan } from './service-plan';
import { Standing, standingOf, TargetHealth } from './standing';
import { Task } from './task';
import { movesOf, TaskLimits, taskLimits } from '../deploy/percentages';

/** What happens around a task's life outside of it: target groups and names. */
export interface TaskRegistry {
  register(task: Task): void;
  /** Lets Service Connect send requests to a task, or sends it none any more. */
  announce(task: Task): void;
  withdraw(task: Task): void;
  /** What the load balancers say of a task. */
  healthOf(task: Task): TargetHealth;
  /** Resolves when no more requests are under way to the task. */
  deregister(task: Task): Promise<void>;
}

/** What became of a task of a version, for those who deploy it. */
export interface TaskNews {
  readonly revision: Revision;
  readonly what: 'healthy' | 'failed';
}

/** Waits between starts of a task that ends again and again; ECS has such waits too, and does not say how long they are. */
const BACK_OFF = { firstMs: 250, longestMs: 8000, calmMs: 10_000 };
const LOOKS_EVERY_MS = 100;

/**
 * Keeps the versions of a service at their numbers of tasks, as the ECS scheduler does. Emits `event` with a line for people, and `news`
 * when a task becomes healthy for the first time, fails its health checks, or ends before it was healthy.
 */
export class ServiceScheduler extends EventEmitter {
  public readonly revisions: Revision[];
  private started = 0;
  private delayMs = BACK_OFF.firstMs;
  private resumeAt = 0;
  private closing = false;
  private timer?: NodeJS.Timeout;
  private readonly leaving = new Set<Task>();
  private readonly toldHealthy = new WeakSet<Task>();
  private readonly toldFailed = new WeakSet<Task>();

  constructor(
    plan: ServicePlan,
    private readonly placer: Placer,
    private readonly registry: TaskRegistry,
    private readonly context: RunContext,
  ) {
    super();
    this.revisions = [new Revision(plan)];
  }

  /** The version that was deployed last, or is being deployed. */
  public get current(): Revision {
    return this.revisions[this.revisions.length - 1];
  }

  public get plan(): ServicePlan {
    return this.current.plan;
  }

  public get tasks(): Task[] {
    return this.revisions.flatMap(({ tasks }) => tasks);
  }

  public get running(): Task[] {
    return this.tasks.filter((task) => task.state === 'RUNNING');
  }

  /** Tasks that were started in the place of others of the same version. */
  public get restarts(): number {
    return this.revisions.reduce((sum, { launched, plan }) => sum + Math.max(0, launched - plan.desiredCount), 0);
  }

  public get limits(): TaskLimits {
    return taskLimits(this.plan.deployment, this.plan.desiredCount);
  }

  public get closed(): boolean {
    return this.closing;
  }

  public async start(): Promise<void> {
    const { current } = this;
    current.wanted = current.plan.desiredCount;
    await Promise.all(Array.from({ length: current.wanted }, () => this.launch(current)));
    this.timer = setInterval(() => this.reconcile(), LOOKS_EVERY_MS);
    this.timer.unref();
  }

  /** Adds a version, with no tasks yet. It is the current one from now on. */
  public revise(plan: ServicePlan): Revision {
    const revision = new Revision(plan);
    this.revisions.push(revision);
    return revision;
  }

  /** Makes a former version the current one again. */
  public restore(revision: Revision): void {
    this.revisions.splice(this.revisions.indexOf(revision), 1);
    this.revisions.push(revision);
  }

  /** Drops a version whose last task has ended. */
  public forget(revision: Revision): void {
    if (revision.tasks.length > 0) throw new Error(`${revision.plan.label} still has tasks of a version that is to be forgotten`);
    this.revisions.splice(this.revisions.indexOf(revision), 1);
  }

  /** Lets Service Connect send requests to the tasks of a version, or to none of them. */
  public serve(revision: Revision, serves: boolean): void {
    revision.serves = serves;
    for (const task of revision.tasks) {
      if (!serves) this.registry.withdraw(task);
      else if (task.state === 'RUNNING') this.registry.announce(task);
    }
  }

  public healthy(revision: Revision): number {
    return this.standing(revision, 'healthy').length;
  }

  /** ECS StopTask: out of the target groups first, then SIGTERM. The scheduler replaces the task. */
  public async stopTask(task: Task, reason: string): Promise<void> {
    this.leaving.add(task);
    await this.registry.deregister(task);
    await task.stop(reason);
  }

  /** A machine is gone with all its tasks, and nobody was told. Health checks find out, as far as there are some. */
  public async loseHost(host: string): Promise<void> {
    const lost = this.tasks.filter(({ placement }) => placement.host === host);
    // No health check knows these yet.
    const starting = lost.filter(({ state }) => state === 'STARTING');
    await Promise.all(lost.map((task) => task.vanish()));
    const unseen = lost.filter((task) => starting.includes(task) || this.registry.healthOf(task) === undefined);
    await Promise.all(unseen.map((task) => this.stopTask(task, `Host EC2 (instance ${host}) terminated.`)));
  }

  public async stop(): Promise<void> {
    this.closing = true;
    clearInterval(this.timer);
    await Promise.all(this.tasks.map((task) => task.stop('service is stopping')));
  }

  /** Former versions first: what users are answered by comes before what is to answer them. */
  private reconcile(): void {
    if (this.closing) return;
    for (const revision of this.revisions) {
      const [pending, healthy, unhealthy] = (['pending', 'healthy', 'unhealthy'] as const).map((each) =>
        this.standing(revision, each),
      );
      for (const task of healthy) this.tell(revision, task, 'healthy');
      for (const task of unhealthy) this.tell(revision, task, 'failed');
      const moves = movesOf({
        wanted: revision.wanted,
        ...{ pending: pending.length, healthy: healthy.length, unhealthy: unhealthy.length },
        leaving: revision.tasks.filter((task) => this.isLeaving(task)).length,
        room: this.limits.most - this.tasks.length - this.reserved(revision),
      });
      const stopped = [...unhealthy.slice(0, moves.stopUnhealthy), ...[...pending, ...healthy].slice(0, moves.stop)];
      for (const task of stopped) {
        void this.stopTask(task, unhealthy.includes(task) ? this.complaint(task) : 'replaced by a deployment');
      }
      if (Date.now() < this.resumeAt) continue;
      for (let i = 0; i < moves.start; i++) void this.relaunch(revision);
    }
  }

  /** Room that versions before this one need, to replace tasks that they have lost. */
  private reserved(revision: Revision): number {
    const former = this.revisions.slice(0, this.revisions.indexOf(revision));
    return former.reduce((sum, { wanted, tasks }) => sum + Math.max(0, wanted - tasks.length), 0);
  }

  private standing(revision: Revision, standing: Standing): Task[] {
    return revision.tasks.filter(
      (task) => !this.isLeaving(task) && standingOf(task, this.registry.healthOf(task), this.context.time) === standing,
    );
  }

  private isLeaving(task: Task): boolean {
    return this.leaving.has(task) || task.state === 'STOPPING' || task.state === 'STOPPED';
  }

  private tell(revision: Revision, task: Task, what: TaskNews['what']): void {
    const told = what === 'healthy' ? this.toldHealthy : this.toldFailed;
    if (told.has(task)) return;
    told.add(task);
    this.emit('news', { revision, what } satisfies TaskNews);
  }

  private complaint(task: Task): string {
    return task.checked && task.health === 'UNHEALTHY' ? 'container health check failed' : 'failed load balancer health checks';
  }

  private async relaunch(revision: Revision): Promise<void> {
    try {
      await this.launch(revision);
    } catch (error) {
      this.backOff(0);
      this.emit('news', { revision, what: 'failed' } satisfies TaskNews);
      this.emit('event', `${this.plan.label} cannot start a task: ${(error as Error).message}`);
    }
  }

  private async launch(revision: Revision): Promise<void> {
    const placement = this.placer.place(revision.plan);
    const task = new Task(revision.plan, ++this.started, placement, this.context);
    const startedAt = Date.now();
    revision.launched++;
    revision.tasks.push(task);
    // Nobody is sent to a task that ends by itself, however long its end takes.
    task.once('stopping', () => void this.registry.deregister(task));
    task.once('stopped', () => this.onStopped(revision, task, Date.now() - startedAt));
    try {
      await task.start();
    } catch (error) {
      this.leaving.add(task);
      await task.stop('cannot be started');
      throw error;
    }
    if (task.state !== 'RUNNING') return;
    this.registry.register(task);
    if (revision.serves) this.registry.announce(task);
  }

  private onStopped(revision: Revision, task: Task, livedMs: number): void {
    revision.tasks.splice(revision.tasks.indexOf(task), 1);
    this.placer.free(revision.plan, task.placement);
    if (this.leaving.delete(task) || this.closing) return;
    if (!this.toldHealthy.has(task)) this.tell(revision, task, 'failed');
    this.backOff(livedMs);
    this.emit('event', `${task.label} stopped: ${task.stoppedReason}; starting another in ${this.delayMs} ms`);
  }

  private backOff(livedMs: number): void {
    this.delayMs = livedMs > BACK_OFF.calmMs ? BACK_OFF.firstMs : Math.min(this.delayMs * 2, BACK_OFF.longestMs);
    this.resumeAt = Date.now() + this.delayMs;
  }
}
