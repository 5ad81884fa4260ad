import * as fs from 'node:fs';
import * as net from 'node:net';
import { removeRun } from './cleaner';
import { ContainerSite } from './container-site';
import { EngineApi } from './engine-api';
import { Gateway, NetworkState } from './gateway';
import { HostNetworks } from './host-networks';
import { Images } from './images';
import { requireMountable } from './mount-targets';
import { Station } from './packet-filter';
import { runFilters } from './run-filters';
import { labelsOf, ROLE_LABEL } from './run-labels';
import { createRunNetwork } from './run-network';
import { SharedFolder } from './shared-folder';
import { Endpoint, Exposed, SiteContext } from './site-context';
import { GATEWAY_PORTS, Vpc } from './vpc';
import { ConnectProxy } from '../dns/connect-proxy';
import { NamesTable } from '../dns/names-table';
import { RunContext } from '../ecs/run-context';
import { ClientAlias, ServicePlan } from '../ecs/service-plan';
import { AccessPoint } from '../ecs/volumes';
import { Engine, TaskRequest, TaskSite } from '../engine/engine';
import { Work } from '../engine/work';
import { Resolver } from '../intrinsics/resolver';
import { Ports } from '../net/ports';
import { isVisitable } from '../security-groups/network-interface';
import { NetworkInterfaces } from '../security-groups/network-interfaces';

export interface ContainerEngineOptions extends Omit<RunContext, 'engine'> {
  readonly api: EngineApi;
  readonly localDirectory: string;
  /** A folder of files that all containers may read. */
  readonly shared: string;
  readonly caBundle?: string;
  readonly names: NamesTable;
  readonly aliases: readonly ConnectProxy[];
  readonly accessPoints: ReadonlyMap<string, AccessPoint>;
  readonly ports: Ports;
  /** The run's octet of loopback addresses. */
  readonly octet: number;
  readonly exposed: readonly Exposed[];
  readonly resolver: Resolver;
  readonly say: (line: string) => void;
  aliasesOf(service: ServicePlan): readonly ClientAlias[];
}

interface TaskPorts {
  readonly forwards: (Endpoint & { readonly forward: { readonly host: string; readonly port: number } })[];
  readonly inside: Map<string, Endpoint>;
  readonly stations: Station[];
}

const keyOf = ({ address, port }: Endpoint) => `${address}:${port}`;

/** Tasks in containers of Docker or Podman, with the semantics of ECS, through nothing but the engine's API. */
export class ContainerEngine implements Engine {
  public readonly kind = 'container';
  private readonly run: string;
  private readonly images: Images;
  private readonly tasks = new Map<string, TaskPorts>();
  private readonly callers = new Map<string, net.NetConnectOpts>();
  private context?: SiteContext;
  private interfaces: NetworkInterfaces;
  private readonly work = new Work();

  constructor(private readonly options: ContainerEngineOptions) {
    this.run = `${process.pid}-${options.octet}`;
    const { docker } = options.api;
    const { localDirectory, caBundle, say } = options;
    this.images = new Images({ docker, localDirectory, caBundle, say, work: this.work });
    this.interfaces = new NetworkInterfaces(options.resolver);
  }

  public get notEmulated(): string[] {
    return [
      'Fargate and EC2 themselves (one kernel for all tasks; the memory of a task is a limit of each of its containers)',
      "architectures other than this machine's (images are built for it)",
      'retries and outlier detection of Service Connect',
      ...this.interfaces.groups.foreign.map((id) => `the rules that the security group ${id} has outside of the template`),
      ...this.images.standIns.sentences,
    ];
  }

  public get description(): string {
    return `containers of ${this.options.api.description}`;
  }

  public async start(): Promise<void> {
    const helper = await this.images.helper();
    await this.work.begin(() => this.startNetwork(helper));
  }

  public async open(task: TaskRequest): Promise<TaskSite> {
    requireMountable(task.service, this.interfaces, this.options.accessPoints);
    const site = new ContainerSite(task, this.context!);
    try {
      await site.prepareImages();
      await this.work.begin(() => site.open());
    } catch (error) {
      await site.close();
      throw error;
    }
    return {
      ports: site.ports,
      address: site.address,
      start: (container) => this.work.begin(() => site.start(container)),
      close: () => site.close(),
    };
  }

  public apply(resolver: Resolver): Promise<void> {
    this.interfaces = new NetworkInterfaces(resolver);
    return this.publish();
  }

  /** Whether security groups let a visitor from the internet in, now. */
  public admitsVisitor(key: string, port: number): boolean {
    return isVisitable(this.interfaces.of(key), port);
  }

  public close(): void {
    this.work.close();
    if (this.images.building.length > 0) {
      this.options.say(`waiting for the engine to build ${this.images.building.join(', ')}, which it cannot break off`);
    }
  }

  /** What is being made while the run ends is made, and then removed with the rest: nothing comes after the removal. */
  public async stop(): Promise<number> {
    this.work.close();
    await this.work.settled();
    this.context?.gateway.stop();
    this.images.close();
    return removeRun(this.options.api.docker, this.run);
  }

  private async startNetwork(helper: string): Promise<void> {
    const { api, octet, ports, accessPoints } = this.options;
    const { docker, podman } = api;
    const labels = labelsOf(this.run);
    const { name: network, second } = await createRunNetwork(docker, this.run, labels, octet);
    const vpc = new Vpc(octet, second);
    const gateway = new Gateway({ docker, vpc, answer: (address, port, from) => this.answer(vpc, { address, port }, from) });
    const shared = new SharedFolder(this.options.shared, `${network}-shared`);
    await docker.createVolume({ Name: `${network}-shared`, Labels: { ...labels } });
    const container = await docker.createContainer({
      name: `cdk-ecs-mesh-${this.run}-gateway`,
      Image: helper,
      Cmd: ['/helper/gateway.cjs'],
      Env: [`GATEWAY=${gateway.environment}`],
      Labels: { ...labels, [ROLE_LABEL]: 'gateway' },
      ExposedPorts: { [`${GATEWAY_PORTS.tunnel}/tcp`]: {} },
      HostConfig: {
        NetworkMode: network,
        CapAdd: ['NET_ADMIN'],
        Mounts: [shared.atGateway],
        PortBindings: { [`${GATEWAY_PORTS.tunnel}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] },
      },
      NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: vpc.gateway } } } },
    });
    await gateway.start(container);
    await shared.fill(gateway);
    this.context = {
      ...this.options,
      ...{ sharedMounts: shared.mounts, adjust: (env) => shared.inside(this.options.adjust(env)) },
      ...{ docker, podman, images: this.images, vpc, gateway, run: this.run, labels, network, ports },
      hosts: new HostNetworks({ docker, images: this.images, vpc, run: this.run, network, labels }),
      overrides: this.reachableOverrides(vpc),
      volumes: { docker, run: this.run, labels, accessPoints },
      processLimit: processLimit(),
      aliasesOf: (service) => this.options.aliasesOf(service),
      sourceOf: (caller) => this.sourceOf(vpc, caller),
      forward: (task, listener) => this.forward(task, listener),
      reach: (task, outside, inside) => void this.portsOf(task).inside.set(keyOf(outside), inside),
      attach: ({ id, service }, station) =>
        void this.portsOf(id).stations.push({ ...station, interface: this.interfaces.of(service.key) }),
      forget: (task) => void this.tasks.delete(task),
      publish: () => this.publish(),
    };
    this.options.names.onChange = () => void this.publish();
    for (const alias of this.options.aliases) alias.onChange = () => void this.publish();
    await this.publish();
  }

  private forward({ id, service }: TaskRequest, listener: TaskPorts['forwards'][number]): void {
    const taken = [...this.tasks.values()].some(({ forwards }) => forwards.some((other) => keyOf(other) === keyOf(listener)));
    if (taken) throw new Error(`${service.key}: another task of its host has port ${listener.port}, as only one can`);
    this.portsOf(id).forwards.push(listener);
  }

  private portsOf(task: string): TaskPorts {
    const known = this.tasks.get(task) ?? { forwards: [], inside: new Map<string, Endpoint>(), stations: [] };
    this.tasks.set(task, known);
    return known;
  }

  private async publish(): Promise<void> {
    if (this.context && !this.work.closed) await this.context.gateway.apply(this.state(this.context.vpc));
  }

  private state(vpc: Vpc): NetworkState {
    const { exposed, names, aliases, controlUrl } = this.options;
    const { interfaces } = this;
    const tasks = [...this.tasks.values()];
    const forwards = tasks.flatMap((task) => task.forwards);
    const served = exposed.map(({ address, port, templatePort }) => ({
      own: { address: vpc.inside(address), port: templatePort },
      to: { address, port },
    }));
    const control = new URL(controlUrl);
    served.push({
      own: { address: vpc.gateway, port: GATEWAY_PORTS.control },
      to: { address: control.hostname, port: Number(control.port) },
    });
    for (const { own, to } of served) this.callers.set(keyOf(own), { host: to.address, port: to.port });
    const listeners = [...served.map(({ own }) => own), ...forwards];
    for (const port of this.overridePorts) listeners.push({ address: vpc.gateway, port });
    const inside = new Map(tasks.flatMap((task) => [...task.inside]));
    const connect = new Set(aliases.map(({ name }) => name.toLowerCase()));
    return {
      filters: runFilters(
        tasks.flatMap(({ stations }) => stations.map((station) => ({ ...station, interface: interfaces.now(station.interface) }))),
        exposed,
        interfaces,
        vpc,
      ),
      addresses: [...new Set(listeners.map(({ address }) => address))].filter((address) => address !== vpc.gateway),
      listeners,
      // Names of Service Connect are in /etc/hosts, and nowhere else.
      names: Object.fromEntries(
        names
          .entries()
          .filter(([name]) => !connect.has(name))
          .map(([name, targets]) => [name, [...new Set(targets.map(({ address }) => vpc.inside(address)))]]),
      ),
      endpoints: Object.fromEntries(
        aliases.map((alias) => [
          `${alias.name}:${alias.port}`,
          alias.endpoints.flatMap((target) => inside.get(keyOf(target)) ?? []),
        ]),
      ),
    };
  }

  /** Servers that the user runs on this machine for a variable of the task: `--set URL=http://127.0.0.1:9000`. */
  private get overridePorts(): number[] {
    const found = Object.values(this.options.overrides).flatMap((value) => [...value.matchAll(LOCAL_SERVER)]);
    return [...new Set(found.map(([, port]) => Number(port)))];
  }

  private reachableOverrides(vpc: Vpc): Record<string, string> {
    for (const port of this.overridePorts) this.callers.set(keyOf({ address: vpc.gateway, port }), { host: '127.0.0.1', port });
    const inside = (value: string) => value.replace(LOCAL_SERVER, (_found, port: string) => `${vpc.gateway}:${port}`);
    return Object.fromEntries(Object.entries(this.options.overrides).map(([name, value]) => [name, inside(value)]));
  }

  /** A task's connection to something of the runner's arrives there from the task's own address on loopback. */
  private answer(vpc: Vpc, own: Endpoint, from: string): net.NetConnectOpts | undefined {
    const to = this.callers.get(keyOf(own));
    const sees = this.options.exposed.some((each) => each.seesCaller && vpc.inside(each.address) === own.address);
    return to && ({ ...to, localAddress: sees ? vpc.outside(from) : undefined } as net.NetConnectOpts);
  }

  private sourceOf(vpc: Vpc, caller: string): string | undefined {
    const inside = vpc.inside(caller);
    return this.options.exposed.some(({ address }) => address === caller) && inside !== caller ? inside : undefined;
  }
}

const LOCAL_SERVER = /(?:127\.0\.0\.1|localhost):(\d+)/g;

/** The most processes that this machine lets its children have. */
function processLimit(): number | undefined {
  try {
    const found = /^Max processes\s+\d+\s+(\d+)/m.exec(fs.readFileSync('/proc/self/limits', 'utf8'));
    return found ? Math.min(Number(found[1]), 4096) : undefined;
  } catch {
    return undefined;
  }
}
