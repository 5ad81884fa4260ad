import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Container } from './container';
import { BoundPort, containerEnvironment } from './container-environment';
import { localCommand } from './image';
import { isNginx, nginxCommand } from './nginx';
import { Placement } from './placement';
import { RunContext } from './run-context';
import { ServicePlan } from './service-plan';
import { ContainerPlan, DependencyCondition } from './task-definition';

export type TaskState = 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED';

/** One running copy of a task definition. Emits `stopped` once, however it ends. */
export class Task extends EventEmitter {
  public readonly id = randomBytes(16).toString('hex');
  public readonly ports: BoundPort[] = [];
  public readonly containers: Container[] = [];
  public state: TaskState = 'STARTING';
  public stoppedReason = '';
  private stopping?: Promise<void>;

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

  /** A task is as healthy as its least healthy essential container. */
  public get health(): 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY' {
    const checked = this.containers.filter((container) => container.process.healthCheck && container.process.essential);
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

  public async start(): Promise<void> {
    await this.bindPorts();
    for (const plan of this.inStartOrder()) {
      for (const dependency of plan.dependsOn) await this.waitFor(dependency.container, dependency.condition);
      if (this.state !== 'STARTING') return;
      this.startContainer(plan);
    }
    if (this.state === 'STARTING') this.state = 'RUNNING';
  }

  /** SIGTERM to each container, SIGKILL after its stop timeout. */
  public stop(reason: string): Promise<void> {
    this.stopping ??= this.end(reason);
    return this.stopping;
  }

  private async end(reason: string): Promise<void> {
    this.state = 'STOPPING';
    this.stoppedReason = reason;
    await Promise.all(this.containers.map((container) => container.stop(this.context.stopCapMs)));
    for (const bound of this.ports) this.context.ports.release(bound.address, bound.port);
    this.state = 'STOPPED';
    this.emit('stopped');
  }

  private async bindPorts(): Promise<void> {
    const { address } = this.placement;
    const { networkMode, containers } = this.service.task;
    for (const container of containers) {
      const dynamic = container.ports.filter((mapping) => mapping.hostPort === 0);
      if (dynamic.length > 1) {
        throw new Error(
          `${this.service.key}: container ${container.name} has ${dynamic.length} dynamic host ports; the local run can tell a process of one (PORT)`,
        );
      }
      for (const { containerPort, hostPort } of container.ports) {
        const port = hostPort === 0 ? await this.context.ports.dynamic(address) : await this.context.ports.near(address, hostPort);
        if (port !== hostPort && hostPort !== 0 && networkMode === 'host' && this.context.addresses.separate) {
          throw new Error(
            `${this.service.key}: host port ${hostPort} is taken on ${address}; in host mode only one task per host can have it`,
          );
        }
        this.ports.push({ container: container.name, containerPort, address, port });
      }
    }
  }

  private startContainer(plan: ContainerPlan): void {
    if (plan.image.kind === 'skipped') return;
    const env = this.environmentOf(plan);
    const root = plan.image.kind === 'asset' ? this.context.imageRoot(plan.image) : this.context.logDirectory;
    const command = this.commandOf(plan, root, env);
    const container = new Container(
      {
        name: plan.name,
        essential: plan.essential,
        command,
        cwd: plan.image.kind === 'asset' ? path.join(root, plan.workingDirectory ?? plan.image.spec.workdir) : root,
        env,
        log: path.join(this.context.logDirectory, `${this.label}.${plan.name}.log`),
        stopTimeoutMs: plan.stopTimeoutMs,
        stopSignal: plan.image.kind === 'asset' ? plan.image.spec.stopSignal : undefined,
        healthCheck: plan.healthCheck && { ...plan.healthCheck, command: localCommand(plan.healthCheck.command, root) },
      },
      this.context.table,
    );
    this.containers.push(container);
    container.once('exit', (result: number | string) => {
      if (plan.essential && this.state !== 'STOPPING') void this.stop(`essential container ${plan.name} ended (${result})`);
    });
    container.on('health', () => {
      this.emit('health', this.health);
      if (this.health === 'UNHEALTHY') this.emit('unhealthy');
    });
  }

  private environmentOf(plan: ContainerPlan): Record<string, string> {
    // Containers of one awsvpc task share "localhost"; in bridge mode each has its own.
    const shares = this.service.task.networkMode !== 'bridge';
    const env = containerEnvironment({
      container: plan,
      network: this.ports.filter((bound) => shares || bound.container === plan.name),
      address: this.placement.address,
      secretOf: (valueFrom, where) => this.context.secrets.valueFrom(valueFrom, where),
      overrides: this.context.overrides,
      region: this.context.region,
      metadataUrl: `${this.context.controlUrl}/v4/${this.id}/${plan.name}`,
      secretsUrl: this.context.controlUrl,
      namesFile: this.context.names.file,
      preload: this.context.preload,
      pythonPath: this.context.pythonPath,
    });
    return this.context.adjust(env);
  }

  private commandOf(plan: ContainerPlan, root: string, env: Record<string, string>): string[] {
    if (plan.image.kind === 'redis') {
      const { command, searchPath } = this.context.redisContainer(
        [...(plan.entryPoint ?? []), ...(plan.command ?? [])],
        `${this.label}.${plan.name}`,
        plan.fileSystem,
      );
      env.PATH = `${searchPath}:${env.PATH}`;
      return command;
    }
    if (plan.image.kind !== 'asset') return [];
    const command = [
      ...(plan.entryPoint ?? plan.image.spec.entrypoint),
      ...(plan.command ?? (plan.entryPoint ? [] : plan.image.spec.command)),
    ];
    if (command.length === 0) {
      throw new Error(`${this.service.key}: container ${plan.name} has no command, neither in its Dockerfile nor in the template`);
    }
    const programs = this.context.programs(plan.image);
    if (programs) env.PATH = `${programs}:${env.PATH}`;
    const directory = path.join(this.context.runDirectory, `${this.label}.${plan.name}`);
    for (const writable of plan.writablePaths) fs.mkdirSync(path.join(directory, writable), { recursive: true });
    // A process sees the machine's file system; most programs ask this variable where scratch files go.
    if (plan.writablePaths.includes('/tmp')) env.TMPDIR ??= path.join(directory, 'tmp');
    if (!isNginx(command)) return localCommand(command, root);
    return nginxCommand(command, {
      root,
      directory,
      writablePaths: plan.writablePaths,
      ports: this.ports,
      names: this.context.names,
    });
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
    const container = this.containers.find((candidate) => candidate.process.name === name);
    // A skipped side-car has nothing to wait for.
    if (!container || condition === 'START') return;
    if (condition === 'HEALTHY') {
      while (container.health !== 'HEALTHY' && this.state === 'STARTING') await new Promise((resolve) => setTimeout(resolve, 50));
      return;
    }
    const result = await container.child.exited;
    if (condition === 'SUCCESS' && result !== 0) {
      void this.stop(`container ${name} failed (${result}), and others wait for its success`);
    }
  }
}
