import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Container } from './container';
import { BoundPort } from './container-environment';
import { Placement } from './placement';
import { RunContext } from './run-context';
import { ServicePlan } from './service-plan';
import { ContainerPlan, DependencyCondition } from './task-definition';
import { TaskSite } from '../engine/engine';

/** What became of a container when its time had come. */
type Started = Container | 'skipped' | 'not started';

export type TaskState = 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED';

/** One running copy of a task definition. Emits `stopping` and `stopped` once each, however it ends. */
export class Task extends EventEmitter {
  public readonly id = randomBytes(16).toString('hex');
  public readonly createdAt = Date.now();
  public readonly containers: Container[] = [];
  public state: TaskState = 'STARTING';
  public stoppedReason = '';
  public runningAt?: number;
  private site?: TaskSite;
  private starting?: Promise<void>;
  private stopping?: Promise<void>;
  private vanished = false;
  /** What becomes of all containers, and the last one that was told to start. */
  private parts: Promise<unknown> = Promise.resolve();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    public readonly service: ServicePlan,
    public readonly number: number,
    public readonly placement: Placement,
    private readonly context: RunContext,
  ) {
    super();
  }

  public get arn(): string {
    const { region, account } = this.context;
    return `arn:aws:ecs:${region}:${account}:task/${this.service.cluster}/${this.id}`;
  }

  public get label(): string {
    return `${this.service.label}-${this.number}`;
  }

  /** By which it knows itself. */
  public get address(): string {
    return this.site?.address ?? this.placement.address;
  }

  public get ports(): readonly BoundPort[] {
    return this.site?.ports ?? [];
  }

  /** A task is as healthy as its least healthy essential container. */
  public get health(): 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY' {
    const checked = this.containers.filter((container) => container.plan.healthCheck && container.plan.essential);
    if (checked.some(({ health }) => health === 'UNHEALTHY')) return 'UNHEALTHY';
    return checked.length > 0 && checked.every(({ health }) => health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
  }

  /** Whether an essential container has a health check. */
  public get checked(): boolean {
    return this.service.task.containers.some(
      ({ essential, healthCheck, image }) => essential && healthCheck && image.kind !== 'skipped',
    );
  }

  public portOf(container: string, containerPort: number): BoundPort | undefined {
    return this.ports.find((bound) => bound.container === container && bound.containerPort === containerPort);
  }

  public start(): Promise<void> {
    this.starting = this.begin();
    return this.starting;
  }

  /** SIGTERM to each container, SIGKILL after its stop timeout. */
  public stop(reason: string): Promise<void> {
    this.stopping ??= this.end(reason);
    return this.stopping;
  }

  /** Ends all containers as the end of their machine does: no agent tells anybody. */
  public async vanish(): Promise<void> {
    this.vanished = true;
    await Promise.all(this.containers.map((container) => container.kill()));
  }

  private async begin(): Promise<void> {
    const site = await this.context.engine.open(this);
    this.site = site;
    const started = new Map<string, Promise<Started>>();
    for (const plan of this.inStartOrder()) started.set(plan.name, this.startInTime(site, plan, started));
    this.parts = Promise.allSettled(started.values());
    await Promise.all(started.values());
    if (this.state !== 'STARTING') return;
    this.state = 'RUNNING';
    this.runningAt = Date.now();
  }

  private async end(reason: string): Promise<void> {
    this.state = 'STOPPING';
    this.stoppedReason = reason;
    this.emit('stopping');
    await this.stopContainers();
    // What is being started meanwhile is whole, and has been stopped, before its network is given back.
    await this.starting?.catch(() => undefined);
    await this.parts;
    await this.site?.close();
    this.state = 'STOPPED';
    this.emit('stopped');
  }

  /** Starts a container once those that it depends on are as it wants them. The others do not wait for it. */
  private async startInTime(site: TaskSite, plan: ContainerPlan, started: ReadonlyMap<string, Promise<Started>>): Promise<Started> {
    for (const { container: name, condition } of plan.dependsOn) {
      const before = await started.get(name);
      const reason = before === undefined ? undefined : await this.missing(before, condition);
      if (this.state !== 'STARTING') return 'not started';
      if (reason === undefined) continue;
      if (plan.essential) void this.stop(`container ${plan.name} cannot start: container ${name} ${reason}`);
      return 'not started';
    }
    const turn = this.turn.then(() => (this.state === 'STARTING' ? this.startContainer(site, plan) : 'not started'));
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  /** Waits until a dependency is as it is wanted; returns why it never will be. */
  private async missing(before: Started, condition: DependencyCondition): Promise<string | undefined> {
    if (before === 'not started') return 'is not started';
    // A skipped side-car has nothing to wait for.
    if (before === 'skipped' || condition === 'START') return undefined;
    const { startTimeoutMs } = before.plan;
    const ended = before.runtime.exited.then((result) =>
      condition === 'SUCCESS' && result !== 0 ? `failed (${result}), and others wait for its success` : undefined,
    );
    const outcome = condition === 'HEALTHY' ? this.healthOf(before) : ended;
    return startTimeoutMs === undefined
      ? outcome
      : within(outcome, startTimeoutMs, `is not as others want it after ${startTimeoutMs / 1000} s, its start timeout`);
  }

  private async healthOf(container: Container): Promise<string | undefined> {
    while (this.state === 'STARTING' && container.health !== 'HEALTHY') {
      if (container.runtime.ended) return 'ended before it was healthy';
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  }

  /** As it started, the other way round: a container ends after those that depend on it. */
  private async stopContainers(): Promise<void> {
    const ends = new Map<Container, Promise<void>>();
    const end = (container: Container): Promise<void> => {
      const known = ends.get(container);
      if (known) return known;
      const dependent = this.containers.filter(({ plan }) => plan.dependsOn.some((one) => one.container === container.plan.name));
      const ending = Promise.all(dependent.map(end)).then(() => container.stop());
      ends.set(container, ending);
      return ending;
    };
    await Promise.all(this.containers.map(end));
  }

  private async startContainer(site: TaskSite, plan: ContainerPlan): Promise<Started> {
    if (plan.image.kind === 'skipped') return 'skipped';
    const container = new Container(plan, await site.start(plan), this.context.time);
    this.containers.push(container);
    container.once('exit', (result: number | string) => {
      if (this.vanished) return;
      if (plan.essential && this.state !== 'STOPPING') void this.stop(`essential container ${plan.name} ended (${result})`);
    });
    container.on('health', () => this.emit('health', this.health));
    // A task that was told to stop meanwhile does not know this container yet.
    if (this.state !== 'STARTING') await container.stop();
    return container;
  }

  /** Dependencies first; ECS refuses cycles when the task definition is registered. */
  private inStartOrder(): ContainerPlan[] {
    const ordered: ContainerPlan[] = [];
    const visit = (plan: ContainerPlan) => {
      if (ordered.includes(plan)) return;
      for (const { container } of plan.dependsOn) {
        const before = this.service.task.containers.find(({ name }) => name === container);
        if (before && before !== plan) visit(before);
      }
      ordered.push(plan);
    };
    this.service.task.containers.forEach(visit);
    return ordered;
  }
}

/** The outcome of a wait, or what is said where it takes longer. */
async function within(outcome: Promise<string | undefined>, ms: number, otherwise: string): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => (timer = setTimeout(() => resolve(otherwise), ms)));
  return Promise.race([outcome, late]).finally(() => clearTimeout(timer));
}
