import * as fs from 'node:fs';
import * as path from 'node:path';
import { Child, runOnce } from './child';
import { withLocalPaths } from './image-paths';
import { ProcessEngineOptions } from './process-options';
import { BoundPort, processEnvironment } from '../ecs/container-environment';
import { localCommand } from '../ecs/image';
import { isNginx, nginxCommand } from '../ecs/nginx';
import { ContainerPlan } from '../ecs/task-definition';
import { ContainerRuntime, TaskRequest, TaskSite } from '../engine/engine';

/** A task of processes: the ports that it holds, and how each of its containers is run here. */
export class ProcessSite implements TaskSite {
  public readonly ports: BoundPort[] = [];
  /** What runs inside beside the containers' own commands, such as health checks. */
  private readonly commands = new Set<Promise<number>>();

  constructor(
    private readonly task: TaskRequest,
    private readonly options: ProcessEngineOptions,
  ) {}

  public async bindPorts(): Promise<void> {
    const { address } = this.task.placement;
    const { networkMode, containers } = this.task.service.task;
    for (const container of containers) {
      const dynamic = container.ports.filter((mapping) => mapping.hostPort === 0);
      if (dynamic.length > 1) {
        throw new Error(
          `${this.task.service.key}: container ${container.name} has ${dynamic.length} dynamic host ports; the local run can tell a process of one (PORT)`,
        );
      }
      for (const { containerPort, hostPort } of container.ports) {
        const port = hostPort === 0 ? await this.options.ports.dynamic(address) : await this.options.ports.near(address, hostPort);
        if (port !== hostPort && hostPort !== 0 && networkMode === 'host' && this.options.separate) {
          throw new Error(
            `${this.task.service.key}: host port ${hostPort} is taken on ${address}; in host mode only one task per host can have it`,
          );
        }
        this.ports.push({ container: container.name, containerPort, address, port });
      }
    }
  }

  public async start(plan: ContainerPlan): Promise<ContainerRuntime> {
    const root = plan.image.kind === 'asset' ? this.options.imageRoot(plan.image) : this.options.logDirectory;
    const env = this.environmentOf(withLocalPaths(plan, { root, directory: this.directoryOf(plan) }));
    const command = this.commandOf(plan, root, env);
    const shared = {
      cwd: plan.image.kind === 'asset' ? path.join(root, plan.workingDirectory ?? plan.image.spec.workdir) : root,
      env,
      log: path.join(this.options.logDirectory, `${this.task.label}.${plan.name}.log`),
      table: this.options.table,
    };
    const child = new Child({ ...shared, command });
    return {
      id: `pid ${child.pid}`,
      pid: child.pid,
      get ended() {
        return child.ended;
      },
      exited: child.exited,
      signal: async (signal) => child.signal(signal),
      stop: (graceMs) => child.stop(graceMs, plan.image.kind === 'asset' ? plan.image.spec.stopSignal : undefined),
      run: (words, timeoutMs) => this.keep(runOnce({ ...shared, command: localCommand(words, root) }, timeoutMs, child)),
    };
  }

  public async close(): Promise<void> {
    await Promise.all(this.commands);
    for (const bound of this.ports) this.options.ports.release(bound.address, bound.port);
  }

  private keep(command: Promise<number>): Promise<number> {
    this.commands.add(command);
    return command.finally(() => this.commands.delete(command));
  }

  /** Holds the writable paths of a container. */
  private directoryOf({ name }: ContainerPlan): string {
    return path.join(this.options.runDirectory, `${this.task.label}.${name}`);
  }

  private environmentOf(plan: ContainerPlan): Record<string, string> {
    // Containers of one awsvpc task share "localhost"; in bridge mode each has its own.
    const shares = this.task.service.task.networkMode !== 'bridge';
    const env = processEnvironment({
      container: plan,
      network: this.ports.filter((bound) => shares || bound.container === plan.name),
      address: this.task.placement.address,
      secretOf: (valueFrom, where) => this.options.secrets.valueFrom(valueFrom, where),
      overrides: this.options.overrides,
      region: this.options.region,
      fargate: this.task.service.fargate,
      metadataUrl: `${this.options.controlUrl}/v4/${this.task.id}/${plan.name}`,
      secretsUrl: this.options.controlUrl,
      namesFile: this.options.names.file,
      preload: this.options.preload,
      pythonPath: this.options.pythonPath,
    });
    return this.options.adjust(env);
  }

  private commandOf(plan: ContainerPlan, root: string, env: Record<string, string>): string[] {
    if (plan.image.kind === 'redis') {
      const { command, searchPath } = this.options.redisContainer(
        [...(plan.entryPoint ?? []), ...(plan.command ?? [])],
        `${this.task.label}.${plan.name}`,
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
      throw new Error(
        `${this.task.service.key}: container ${plan.name} has no command, neither in its Dockerfile nor in the template`,
      );
    }
    const programs = this.options.programs(plan.image);
    if (programs) env.PATH = `${programs}:${env.PATH}`;
    const directory = this.directoryOf(plan);
    for (const writable of plan.writablePaths) fs.mkdirSync(path.join(directory, writable), { recursive: true });
    // A process sees the machine's file system; most programs ask this variable where scratch files go.
    if (plan.writablePaths.includes('/tmp')) env.TMPDIR ??= path.join(directory, 'tmp');
    if (!isNginx(command)) return localCommand(command, root);
    return nginxCommand(command, {
      root,
      directory,
      writablePaths: plan.writablePaths,
      ports: this.ports,
      names: this.options.names,
    });
  }
}
