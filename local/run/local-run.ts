import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { chooseEngine } from './choose-engine';
import { ControlServer } from './control-server';
import { exposedOf } from './exposed';
import { RunOptions } from './options';
import { publishNames } from './publish-names';
import { LocalTaskRegistry } from './task-registry';
import { CloudAssembly, ImageAsset } from '../assembly/cloud-assembly';
import { Resource } from '../assembly/stack-template';
import { AwsHost } from '../aws/aws-host';
import { removeLeftOvers } from '../containers/cleaner';
import { ContainerEngine } from '../containers/container-engine';
import { EngineApi } from '../containers/engine-api';
import { ConnectProxy } from '../dns/connect-proxy';
import { NamesTable } from '../dns/names-table';
import { readDiscoveryServices, readRecords } from '../dns/records';
import { knownAliases } from '../ecs/connect-names';
import { imageSource, ImageSource, materialise } from '../ecs/image';
import { installPackages } from '../ecs/packages';
import { Placer } from '../ecs/placement';
import { RunContext } from '../ecs/run-context';
import { ServiceScheduler } from '../ecs/scheduler';
import { readServices, ServicePlan } from '../ecs/service-plan';
import { Task } from '../ecs/task';
import { readAccessPoints } from '../ecs/volumes';
import { Certificate, selfSigned } from '../elb/certificate';
import { BoundListener, LoadBalancer } from '../elb/load-balancer';
import { NetworkLoadBalancer } from '../elb/network-load-balancer';
import { LoadBalancerPlan, readLoadBalancers, readTargetGroups, targetsOf } from '../elb/plan';
import { TargetGroup } from '../elb/target-group';
import { Engine } from '../engine/engine';
import { Resolver } from '../intrinsics/resolver';
import { readJobs } from '../jobs/job-plan';
import { JobRunner } from '../jobs/job-runner';
import { inOrder } from '../jobs/start-order';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { PostgresHost } from '../postgres/postgres-host';
import { ProcessEngine } from '../process/process-engine';
import { ProcessTable } from '../process/process-table';
import { pythonEnvironment } from '../python/environment';
import { redisContainer } from '../redis/redis-container';
import { RedisHost } from '../redis/redis-host';
import { RedisServer } from '../redis/redis-server';
import { SecretValues } from '../secrets/secret-values';

const STOP_CAP_MS = 8000;
const DRAIN_CAP_MS = 3000;
const HEALTHY_MS = 90_000;
const RUNS_KEPT = 20;

/** Everything one template becomes on this machine. */
export class LocalRun {
  public readonly directory: string;
  public readonly logDirectory: string;
  public readonly assembly: CloudAssembly;
  public readonly resolver: Resolver;
  public readonly table: ProcessTable;
  public readonly names: NamesTable;
  public readonly secrets: SecretValues;
  public readonly redis: RedisHost;
  public readonly postgres: PostgresHost;
  public readonly aws: AwsHost;
  public jobs?: JobRunner;
  public readonly services: ServiceScheduler[] = [];
  public readonly loadBalancers: LoadBalancer[] = [];
  public readonly networkLoadBalancers: NetworkLoadBalancer[] = [];
  public readonly groups = new Map<string, TargetGroup>();
  public readonly aliases: ConnectProxy[] = [];
  /** The records of the template that point at a machine or load balancer, by its own name. */
  public recordsOf: ReadonlyMap<string, readonly string[]> = new Map();
  public controlUrl = '';
  /** How the containers of tasks are started; known once the services are. */
  public engine?: Engine;
  /** Processes that an orderly stop did not end; they are killed then. */
  public leftOver = 0;
  public certificate?: Certificate;
  private readonly ports = new Ports();
  private readonly machines = new Map<string, string>();
  private readonly images = new Map<string, string>();
  private imageDirectory?: string;
  private api?: EngineApi;
  private control?: ControlServer;
  private stopped?: Promise<void>;

  constructor(
    public readonly options: RunOptions,
    public readonly addresses: Addresses,
  ) {
    const started = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const runs = path.join(options.root, '.cache', 'demo', 'runs');
    forgetOldRuns(runs);
    this.directory = path.join(runs, `${started}-${process.pid}-${addresses.run ?? 'shared'}`);
    this.logDirectory = path.join(this.directory, 'logs');
    fs.mkdirSync(this.logDirectory, { recursive: true });
    this.table = new ProcessTable(options.localDirectory);
    this.assembly = new CloudAssembly(options.assembly, released(options));
    this.resolver = new Resolver(this.assembly, { addressOf: (resource) => this.addressOf(resource) }, options.parameters);
    this.names = new NamesTable(path.join(this.directory, 'names.json'));
    this.secrets = new SecretValues(this.resolver, options.secrets);
    this.redis = new RedisHost({
      ...{ resolver: this.resolver, secrets: this.secrets, addresses, table: this.table },
      ...{ directory: this.directory, logDirectory: this.logDirectory, say: options.say },
      addressOf: (resource) => this.addressOf(resource),
      cacheDirectory: this.cacheDirectory,
    });
    this.postgres = new PostgresHost({
      ...{ resolver: this.resolver, secrets: this.secrets, addresses, table: this.table },
      ...{ logDirectory: this.logDirectory, cacheDirectory: this.cacheDirectory, say: options.say },
      addressOf: (resource) => this.addressOf(resource),
    });
    this.aws = new AwsHost({
      ...{ resolver: this.resolver, addresses, table: this.table, directory: this.directory, logDirectory: this.logDirectory },
      ...{ localDirectory: options.localDirectory, cacheDirectory: this.cacheDirectory, say: options.say },
    });
  }

  private get cacheDirectory(): string {
    return path.join(this.options.root, '.cache');
  }

  public get redisServers(): readonly RedisServer[] {
    return this.redis.servers;
  }

  public get tasks(): Task[] {
    return [...this.services.flatMap(({ tasks }) => tasks), ...(this.jobs?.tasks ?? [])];
  }

  /** Start everything, servers before their clients, and wait until each part is healthy. */
  public async start(): Promise<void> {
    this.api = await chooseEngine(this.options.engine ?? 'process', this.addresses.separate);
    for (const old of this.api ? await removeLeftOvers(this.api.docker) : []) {
      this.options.say(`removed what run ${old} left behind`);
    }
    await this.startControl();
    await this.redis.start(this.ports);
    await this.postgres.start(this.ports);
    await this.aws.start(this.ports);
    await this.startLoadBalancers();
    await this.startServices();
    await this.untilHealthy(HEALTHY_MS);
  }

  /** Clients first, so that nobody sees a server disappear; safe to call twice. */
  public stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  /** What is not as the template wants it yet, of some services or of all. */
  public unready(of: readonly ServiceScheduler[] = this.services): string[] {
    const tasks = of.flatMap(({ tasks: own }) => own);
    const ids = new Set(tasks.map(({ id }) => id));
    const targets = [...this.groups.values()].flatMap(({ plan, targets: list }) =>
      list
        .filter(({ id, state }) => state !== 'healthy' && ids.has(id))
        .map(({ state, address, port }) => `${plan.label}: target ${address}:${port} is ${state}`),
    );
    const services = of
      .filter(({ running, plan }) => running.length < plan.desiredCount)
      .map(({ running, plan }) => `${plan.label}: ${running.length} of ${plan.desiredCount} tasks run`);
    const containers = tasks
      .filter(({ health, checked }) => checked && health !== 'HEALTHY')
      .map(({ label, health }) => `${label}: container health is ${health}`);
    return [...services, ...targets, ...containers];
  }

  public async untilHealthy(timeoutMs: number, of?: readonly ServiceScheduler[]): Promise<void> {
    for (const until = Date.now() + timeoutMs; ;) {
      const missing = this.unready(of);
      if (missing.length === 0) return;
      if (Date.now() > until) {
        throw new Error(`not healthy after ${timeoutMs / 1000} s: ${missing.join('; ')}; logs in ${this.logDirectory}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The address of a machine that the template names; a name instead where all machines share one address. */
  public addressOf(resource: Resource): string {
    const known = this.machines.get(resource.key);
    if (known !== undefined) return known;
    const cache = /^AWS::(ElastiCache|RDS)::/.test(resource.type);
    const address = this.addresses.separate
      ? this.addresses.allocate(cache ? 'cache' : 'host')
      : `${resource.logicalId.toLowerCase()}.machine.local`;
    this.machines.set(resource.key, address);
    return address;
  }

  private async startControl(): Promise<void> {
    this.control = new ControlServer(this.secrets, (id) => this.tasks.find((task) => task.id === id));
    const address = this.addresses.allocate('control');
    this.controlUrl = await this.control.start(address, await this.ports.dynamic(address));
  }

  private async startLoadBalancers(): Promise<void> {
    for (const plan of readTargetGroups(this.resolver)) this.groups.set(plan.arn, new TargetGroup(plan));
    const plans = readLoadBalancers(this.resolver)
      .filter(({ type }) => ['application', 'network'].includes(type))
      .sort((a, b) => Number(b.external) - Number(a.external));
    const bound: [LoadBalancerPlan, BoundListener[]][] = [];
    for (const plan of plans) bound.push([plan, await this.bindListeners(plan)]);
    for (const [plan, listeners] of bound) {
      if (plan.type === 'network') this.networkLoadBalancers.push(new NetworkLoadBalancer(plan, listeners, this.groups));
      else this.loadBalancers.push(new LoadBalancer(plan, listeners, this.groups, () => this.serverCertificate()));
    }
    for (const [plan, listeners] of bound) {
      for (const { arn } of targetsOf(plan)) this.groups.get(arn)!.checkedFrom ??= listeners[0].address;
    }
    const balancers = [...this.loadBalancers, ...this.networkLoadBalancers];
    this.recordsOf = publishNames(this.names, readRecords(this.resolver), balancers, this.redisServers);
    for (const balancer of balancers) {
      if (balancer instanceof LoadBalancer && balancer.plan.external) {
        balancer.publicName = this.recordsOf.get(balancer.plan.dnsName)?.[0];
      }
      await balancer.start();
    }
  }

  private async bindListeners(plan: LoadBalancerPlan): Promise<BoundListener[]> {
    const address = this.addresses.allocate('loadBalancer');
    const listeners: BoundListener[] = [];
    for (const listener of plan.listeners) {
      listeners.push({ plan: listener, address, port: await this.ports.near(address, listener.port) });
    }
    return listeners;
  }

  /** One certificate with every name and address of the load balancers. */
  private async serverCertificate(): Promise<Certificate> {
    const names = this.loadBalancers.flatMap(({ plan }) => [...(this.recordsOf.get(plan.dnsName) ?? []), plan.dnsName]);
    const addresses = new Set(this.loadBalancers.flatMap(({ listeners }) => listeners.map(({ address }) => address)));
    this.certificate ??= await selfSigned([...names, 'localhost'], [...addresses]);
    return this.certificate;
  }

  private async startServices(): Promise<void> {
    const kind = this.api ? 'container' : 'process';
    const imageOf = (image: string, where: string) => imageSource(this.assembly, image, where, kind);
    const plans = readServices(this.resolver, imageOf);
    const region = this.assembly.stacks[0].region;
    const hosts = plans.some(({ task }) => task.networkMode !== 'awsvpc') ? this.hostCount() : 0;
    const placer = new Placer(this.addresses, region, hosts);
    await this.startAliases(plans.flatMap(({ aliases }) => aliases));
    const discovery = readDiscoveryServices(this.resolver);
    const registry = new LocalTaskRegistry(this.groups, this.aliases, discovery, this.names, DRAIN_CAP_MS);
    const shared = this.context(region);
    if (this.stopped) throw new Error('the run is over; no task is started');
    this.engine = this.api ? this.containerEngine(shared, this.api, plans) : this.processEngine(shared);
    await this.engine.start();
    const context = { ...shared, engine: this.engine };
    for (const plan of plans) {
      const scheduler = new ServiceScheduler(plan, placer, registry, context);
      scheduler.on('event', (line: string) => this.options.say(line));
      this.services.push(scheduler);
    }
    const jobs = new JobRunner(readJobs(this.resolver, imageOf), placer, context);
    this.jobs = jobs;
    await inOrder(this.services, jobs.plans, {
      run: (job) => jobs.run(job),
      steady: (service) => this.untilHealthy(HEALTHY_MS, [service]),
    });
  }

  private async startAliases(aliases: readonly { name: string; port: number; portName: string }[]): Promise<void> {
    for (const { name, port, portName } of aliases) {
      if (this.aliases.some((proxy) => proxy.name === name && proxy.port === port)) continue;
      const proxy = new ConnectProxy(name, port, portName);
      const address = this.addresses.allocate('loadBalancer');
      this.aliases.push(proxy);
      this.names.add(name, await proxy.start(address, await this.ports.near(address, port)));
    }
  }

  /** The machines that the capacity's auto scaling groups start with. */
  private hostCount(): number {
    const redis = new Set(this.redisServers.map(({ options }) => options.plan.resource.key));
    const groups = this.resolver.resources('AWS::AutoScaling::AutoScalingGroup').filter(({ key }) => !redis.has(key));
    return groups.reduce((sum, group) => {
      const props = this.resolver.read(group);
      return sum + Math.max(1, Number(props.get('DesiredCapacity').optional() ?? props.get('MinSize').string('1')));
    }, 0);
  }

  private context(region: string): Omit<RunContext, 'engine'> {
    return {
      region,
      account: this.assembly.stacks[0].account,
      secrets: this.secrets,
      overrides: this.options.overrides,
      runDirectory: this.directory,
      logDirectory: this.logDirectory,
      controlUrl: this.controlUrl,
      stopCapMs: STOP_CAP_MS,
      drainCapMs: DRAIN_CAP_MS,
      adjust: (env) => this.aws.adjust(this.postgres.adjust(this.redis.adjust(env))),
    };
  }

  private containerEngine(context: Omit<RunContext, 'engine'>, api: EngineApi, plans: readonly ServicePlan[]): Engine {
    return new ContainerEngine({
      ...context,
      ...{ api, names: this.names, aliases: this.aliases, ports: this.ports, say: this.options.say },
      localDirectory: this.options.localDirectory,
      caBundle: this.options.caBundle,
      accessPoints: readAccessPoints(this.resolver),
      octet: this.addresses.run ?? 0,
      exposed: exposedOf(this),
      aliasesOf: (service) => knownAliases(service, plans),
    });
  }

  private processEngine(context: Omit<RunContext, 'engine'>): Engine {
    return new ProcessEngine({
      ...context,
      ports: this.ports,
      table: this.table,
      names: this.names,
      separate: this.addresses.separate,
      preload: path.join(this.options.localDirectory, 'dns', 'names.cjs'),
      pythonPath: path.join(this.options.localDirectory, 'dns', 'python'),
      imageRoot: (image) => this.imageRoot(image),
      programs: (image) => pythonEnvironment(image, this.cacheDirectory, this.options.say),
      redisContainer: (command, label, fileSystem) => {
        const directory = path.join(this.directory, label);
        return redisContainer(this.redis.engine, command, directory, fileSystem && path.join(this.directory, fileSystem));
      },
    });
  }

  private imageRoot(image: Extract<ImageSource, { kind: 'asset' }>): string {
    const known = this.images.get(image.hash);
    if (known !== undefined) return known;
    this.imageDirectory ??= fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-ecs-mesh-'));
    const root = path.join(this.imageDirectory, image.hash.slice(0, 12));
    materialise(image, root);
    installPackages(image, root, this.options.root);
    this.images.set(image.hash, root);
    return root;
  }

  private async end(): Promise<void> {
    await Promise.all([...this.services.map((service) => service.stop()), this.jobs?.stop()]);
    for (const group of this.groups.values()) group.close();
    for (const server of [...this.loadBalancers, ...this.networkLoadBalancers, ...this.aliases]) server.stop();
    await this.redis.stop();
    await Promise.all([this.postgres.stop(), this.aws.stop()]);
    this.control?.stop();
    this.leftOver = ((await this.engine?.stop()) ?? 0) + this.table.size;
    this.table.killAll();
    this.addresses.release();
    if (this.imageDirectory !== undefined) fs.rmSync(this.imageDirectory, { recursive: true, force: true });
  }
}

/** What `docker push` would have brought into the repositories. */
function released({ root, images = {} }: RunOptions): Map<string, ImageAsset> {
  const assets = Object.entries(images).map(([repository, file]): [string, ImageAsset] => {
    const dockerfile = path.resolve(root, file);
    return [repository, { directory: path.dirname(dockerfile), dockerfile }];
  });
  return new Map(assets);
}

/** Logs of the last runs are useful, those of all runs only fill the disk. Names begin with the time, so they sort by age. */
function forgetOldRuns(directory: string): void {
  const runs = fs.existsSync(directory) ? fs.readdirSync(directory).sort() : [];
  for (const old of runs.slice(0, -RUNS_KEPT)) fs.rmSync(path.join(directory, old), { recursive: true, force: true });
}
