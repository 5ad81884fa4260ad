import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Container } from './container';
import { BoundPort } from './container-environment';
import { Placement } from './placement';
import { RunContext } from './run-context';
import { ServicePlan } from './service-plan';
import { ContainerPlan, DependencyCondition } from './task-definition';
import { TaskSite } from '../engine/engine';

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
    for (const plan of this.inStartOrder()) {
      for (const dependency of plan.dependsOn) await this.waitFor(dependency.container, dependency.condition);
      if (this.state !== 'STARTING') return;
      await this.startContainer(site, plan);
    }
    if (this.state !== 'STARTING') return;
    this.state = 'RUNNING';
    this.runningAt = Date.now();
  }

  private async end(reason: string): Promise<void> {
    this.state = 'STOPPING';
    this.stoppedReason = reason;
    this.emit('stopping');
    await Promise.all(this.containers.map((container) => container.stop()));
    // What is being started meanwhile is whole, and has been stopped, before its network is given back.
    await this.starting?.catch(() => undefined);
    await this.site?.close();
    this.state = 'STOPPED';
    this.emit('stopped');
  }

  private async startContainer(site: TaskSite, plan: ContainerPlan): Promise<void> {
    if (plan.image.kind === 'skipped') return;
    const container = new Container(plan, await site.start(plan), this.context.time);
    this.containers.push(container);
    container.once('exit', (result: number | string) => {
      if (this.vanished) return;
      if (plan.essential && this.state !== 'STOPPING') void this.stop(`essential container ${plan.name} ended (${result})`);
    });
    container.on('health', () => this.emit('health', this.health));
    // A task that was told to stop meanwhile does not know this container yet.
    if (this.state !== 'STARTING') await container.stop();
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

  private async waitFor(name: string, condition: DependencyCondition): Promise<void> {
    const container = this.containers.find((candidate) => candidate.plan.name === name);
    // A skipped side-car has nothing to wait for.
    if (!container || condition === 'START') return;
    if (condition === 'HEALTHY') {
      while (container.health !== 'HEALTHY' && this.state === 'STARTING') await new Promise((resolve) => setTimeout(resolve, 50));
      return;
    }
    const result = await container.runtime.exited;
    if (condition === 'SUCCESS' && result !== 0) {
      void this.stop(`container ${name} failed (${result}), and others wait for its success`);
    }
  }
}
