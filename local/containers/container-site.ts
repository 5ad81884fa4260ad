import * as path from 'node:path';
import Docker from 'dockerode';
import { removeContainer } from './cleaner';
import { writeOutput } from './container-output';
import { containerSpec } from './container-spec';
import { LocalPort } from './local-port';
import { RunningContainer } from './running-container';
import { SiteContext } from './site-context';
import { Namespace, servedPorts, startTaskNetwork } from './task-network';
import { TaskVolumes } from './task-volumes';
import { BoundPort, containerEnvironment } from '../ecs/container-environment';
import { ContainerPlan } from '../ecs/task-definition';
import { ContainerRuntime, TaskRequest, TaskSite } from '../engine/engine';
import { Work } from '../engine/work';

/** What the metadata address of ECS is inside of a task. */
const METADATA = 'http://169.254.170.2';

/** A task's networks, volumes and containers in Docker or Podman. */
export class ContainerSite implements TaskSite {
  public readonly ports: BoundPort[] = [];
  private readonly namespaces = new Map<string, Namespace>();
  private readonly localPorts: LocalPort[] = [];
  private readonly containers: Docker.Container[] = [];
  /** What holds the networks that are the task's own. */
  private readonly holders: Docker.Container[] = [];
  private readonly work = new Work();
  private volumes?: TaskVolumes;

  constructor(
    private readonly task: TaskRequest,
    private readonly context: SiteContext,
  ) {}

  /** By which the task knows itself. */
  public get address(): string {
    return this.context.vpc.inside(this.task.placement.address);
  }

  public async open(): Promise<void> {
    const { networkMode } = this.task.service.task;
    const run = this.containersToRun;
    const declared = await this.declaredVolumes(run);
    this.volumes = await TaskVolumes.create(this.task, (mount) => declared.has(mount.path), this.context.volumes);
    if (networkMode === 'none') return this.stayAlone(run);
    if (networkMode === 'awsvpc') {
      const shared = await this.hold(run, this.context.vpc.inside(this.task.placement.address), '');
      for (const { name } of run) this.namespaces.set(name, shared);
    } else {
      const host = this.context.vpc.inside(this.task.placement.address);
      this.context.attach(this.task, { address: host, atGateway: true });
      if (networkMode === 'host') {
        await this.joinHost(run, host);
      } else {
        for (const plan of run) {
          const behind = this.context.vpc.behind(this.task.placement.address);
          this.namespaces.set(plan.name, await this.hold([plan], behind, `-${plan.name}`, host));
        }
      }
    }
    for (const plan of run) for (const mapping of plan.ports) await this.bind(plan, mapping);
    await this.context.publish();
  }

  /** Builds or pulls the images of the task, each once in a run. */
  public async prepareImages(): Promise<void> {
    await Promise.all(this.containersToRun.map(({ image }) => this.context.images.ready(image)));
  }

  public start(plan: ContainerPlan): Promise<ContainerRuntime> {
    return this.work.begin(() => this.create(plan));
  }

  /** After what is being created: an engine may lose track of a container that is removed at that moment. */
  public async close(): Promise<void> {
    this.work.close();
    await this.work.settled();
    for (const port of this.localPorts) port.close();
    for (const { address, port } of this.ports) this.context.ports.release(address, port);
    this.context.forget(this.task.id);
    for (const group of [this.containers, this.holders]) {
      await Promise.all(group.map((container) => removeContainer(container).catch(() => undefined)));
    }
    await this.volumes?.remove();
    await this.context.publish();
  }

  private async create(plan: ContainerPlan): Promise<ContainerRuntime> {
    const { docker, podman, images, labels, logDirectory, processLimit } = this.context;
    const spec = containerSpec({
      ...{ plan, task: this.task.service.task, fargate: this.task.service.fargate, podman, processLimit },
      image: await images.ready(plan.image),
      environment: this.environmentOf(plan),
      labels: { ...labels, 'com.amazonaws.ecs.container-name': plan.name },
      network: this.namespaces.get(plan.name)?.holder.id,
      mounts: [...this.context.sharedMounts, ...(this.volumes?.mountsOf(plan.settings.mounts) ?? [])],
    });
    const container = await docker.createContainer({ ...spec, name: this.nameOf(`-${plan.name}`, 'app') });
    this.containers.push(container);
    const { ended } = await writeOutput(container, path.join(logDirectory, `${this.task.label}.${plan.name}.log`));
    try {
      await container.start();
    } catch (error) {
      throw new Error(`${this.task.service.key}: container ${plan.name} does not start: ${(error as Error).message}`);
    }
    const { State } = await container.inspect();
    return new RunningContainer(container, container.id.slice(0, 12), State.Pid || undefined, ended);
  }

  private get containersToRun(): ContainerPlan[] {
    return this.task.service.task.containers.filter(({ image }) => image.kind !== 'skipped');
  }

  private async hold(plans: readonly ContainerPlan[], address: string, suffix: string, host?: string): Promise<Namespace> {
    const { docker, images, vpc, labels, network } = this.context;
    // A volume belongs to the task: the first network's helper gives it its owner.
    const first = this.namespaces.size === 0;
    this.context.attach(this.task, { address, host });
    await this.context.publish();
    const holder = await startTaskNetwork({
      ...{ docker, network, address, labels, gateway: vpc.gateway },
      helper: await images.helper(),
      name: this.nameOf(suffix, 'net'),
      aliases: this.context.aliasesOf(this.task.service),
      served: servedPorts(plans, this.task.service.aliases),
      folders: first ? (this.volumes?.folders ?? []) : [],
      mounts: first ? (this.volumes?.helperMounts ?? []) : [],
      sysctls: Object.assign({}, ...plans.map(({ settings }) => settings.systemControls)) as Record<string, string>,
      extraHosts: plans.flatMap(({ settings }) => settings.extraHosts),
    });
    this.holders.push(holder);
    return { holder, address };
  }

  private async stayAlone(plans: readonly ContainerPlan[]): Promise<void> {
    const { key } = this.task.service;
    if (plans.some(({ ports }) => ports.length > 0)) throw new Error(`${key}: a task in network mode none cannot map ports`);
    await this.volumes?.prepare(await this.context.images.helper());
  }

  /** The network of the machine, which other tasks in host mode are in as well. */
  private async joinHost(plans: readonly ContainerPlan[], host: string): Promise<void> {
    const { hosts, images } = this.context;
    const { address } = this.task.placement;
    this.context.attach(this.task, { address: hosts.addressOf(address), host });
    await this.context.publish();
    const shared = await hosts.of(address);
    for (const { name } of plans) this.namespaces.set(name, shared);
    await this.volumes?.prepare(await images.helper());
  }

  /** On loopback, where the run's load balancers come in; in bridge and host mode also on the host's own address in the network. */
  private async bind(plan: ContainerPlan, { containerPort, hostPort }: { containerPort: number; hostPort: number }): Promise<void> {
    const { networkMode } = this.task.service.task;
    const { vpc, ports, gateway } = this.context;
    const { address } = this.task.placement;
    const { address: own } = this.namespaces.get(plan.name)!;
    const port = hostPort === 0 ? await ports.dynamic(address) : await ports.near(address, hostPort);
    const machine = vpc.inside(address);
    const onHost = { host: machine, port: hostPort === 0 ? port : hostPort };
    const reached = networkMode === 'awsvpc' ? { host: own, port: containerPort } : onHost;
    if (reached === onHost) {
      this.context.forward(this.task, { address: machine, port: reached.port, forward: { host: own, port: containerPort } });
    }
    const local = new LocalPort((caller) => gateway.dial(reached.host, reached.port, this.context.sourceOf(caller)));
    await local.listen(address, port);
    this.localPorts.push(local);
    this.ports.push({ container: plan.name, containerPort, address, port });
    this.context.reach(this.task.id, { address, port }, { address: reached.host, port: reached.port });
  }

  private environmentOf(plan: ContainerPlan): Record<string, string> {
    const env = this.context.adjust(
      containerEnvironment({
        container: plan,
        secretOf: (valueFrom, where) => this.context.secrets.valueFrom(valueFrom, where),
        overrides: this.context.overrides,
        region: this.context.region,
        fargate: this.task.service.fargate,
        metadataUrl: `${METADATA}/v4/${this.task.id}/${plan.name}`,
        secretsUrl: METADATA,
      }),
    );
    return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, this.context.vpc.translate(value)]));
  }

  private async declaredVolumes(plans: readonly ContainerPlan[]): Promise<Set<string>> {
    const images = await Promise.all(plans.map(({ image }) => this.context.images.ready(image)));
    const configs = await Promise.all(images.map((image) => this.context.docker.getImage(image).inspect()));
    for (const { Config } of configs) this.context.images.standIns.note(Config.Labels);
    return new Set(configs.flatMap(({ Config }) => Object.keys(Config.Volumes ?? {})));
  }

  private nameOf(suffix: string, role: string): string {
    return `cdk-ecs-mesh-${this.context.run}-${this.task.label.toLowerCase()}${suffix}-${role}`;
  }
}
