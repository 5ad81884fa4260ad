import * as path from 'node:path';
import { chooseEngine } from './choose-engine';
import { ControlServer } from './control-server';
import { exposedOf } from './exposed';
import { FrontDoor } from './front-door';
import { ImageFiles } from './image-files';
import { Machines } from './machines';
import { containerEngine, processEngine } from './make-engine';
import { RunOptions } from './options';
import { withRemedy } from './remedy';
import { makeRunDirectory } from './run-directory';
import { Stopwatch } from './stopwatch';
import { TimeScale } from './time-scale';
import { Trust } from './trust';
import { unready } from './unready';
import { readVersion, resolverOf } from './version';
import { hostCount, Workload } from './workload';
import { CloudAssembly } from '../assembly/cloud-assembly';
import { AwsHost } from '../aws/aws-host';
import { removeLeftOvers } from '../containers/cleaner';
import { EngineApi } from '../containers/engine-api';
import { Changes, VersionPlan } from '../deploy/changes';
import { Deployer } from '../deploy/deployer';
import { updateStack } from '../deploy/stack-update';
import { ConnectProxy } from '../dns/connect-proxy';
import { NamesTable } from '../dns/names-table';
import { readDiscoveryServices } from '../dns/records';
import { RunContext } from '../ecs/run-context';
import { ServiceScheduler } from '../ecs/scheduler';
import { Task } from '../ecs/task';
import { Certificate } from '../elb/certificate';
import { LoadBalancer } from '../elb/load-balancer';
import { NetworkLoadBalancer } from '../elb/network-load-balancer';
import { TargetGroup } from '../elb/target-group';
import { Engine } from '../engine/engine';
import { Work } from '../engine/work';
import { Resolver } from '../intrinsics/resolver';
import { JobRunner } from '../jobs/job-runner';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { PostgresHost } from '../postgres/postgres-host';
import { ProcessTable } from '../process/process-table';
import { RedisHost } from '../redis/redis-host';
import { RedisServer } from '../redis/redis-server';
import { rotate } from '../secrets/rotation';
import { SecretValues } from '../secrets/secret-values';

const HEALTHY_MS = 90_000;
/** Small, because a task has as long to start as its grace period is here, and programs start and are looked at at their own speed. */
const DEFAULT_SCALE = 2;

/** Everything one template becomes on this machine. */
export class LocalRun {
  public readonly directory: string;
  public readonly logDirectory: string;
  public readonly table: ProcessTable;
  public readonly names: NamesTable;
  public readonly secrets: SecretValues;
  public readonly trust: Trust;
  public readonly redis: RedisHost;
  public readonly postgres: PostgresHost;
  public readonly aws: AwsHost;
  public readonly frontDoor: FrontDoor;
  public readonly workload: Workload;
  /** Where the time of the start goes. */
  public readonly stopwatch = new Stopwatch();
  public readonly time: TimeScale;
  public readonly deployer: Deployer;
  /** The template that is deployed now. */
  public resolver: Resolver;
  public controlUrl = '';
  /** How the containers of tasks are started; known once the services are. */
  public engine?: Engine;
  /** Processes that an orderly stop did not end; they are killed then. */
  public leftOver = 0;
  public readonly ports = new Ports();
  private readonly machines: Machines;
  public readonly images: ImageFiles;
  private version?: VersionPlan;
  private api?: EngineApi;
  private control?: ControlServer;
  private readonly work = new Work();
  private stopped?: Promise<void>;

  constructor(
    public readonly options: RunOptions,
    public readonly addresses: Addresses,
  ) {
    this.time = new TimeScale(options.timeScale ?? DEFAULT_SCALE);
    this.directory = makeRunDirectory(options.root, addresses.run);
    this.logDirectory = path.join(this.directory, 'logs');
    this.trust = new Trust(this.directory, options.caBundle);
    this.table = new ProcessTable(options.localDirectory);
    this.machines = new Machines(addresses);
    this.images = new ImageFiles(options.root);
    this.resolver = resolverOf(options.assembly, options, this.machines);
    this.names = new NamesTable(path.join(this.directory, 'names.json'));
    this.secrets = new SecretValues(this.resolver, options.secrets);
    const shared = {
      ...{ resolver: this.resolver, addresses, table: this.table, logDirectory: this.logDirectory, say: options.say },
      cacheDirectory: path.join(options.root, '.cache'),
    };
    const servers = { ...shared, secrets: this.secrets, trust: this.trust, addressOf: this.machines.addressOf };
    this.redis = new RedisHost({ ...servers, directory: this.directory });
    this.postgres = new PostgresHost(servers);
    this.aws = new AwsHost({ ...shared, directory: this.directory, localDirectory: options.localDirectory });
    const { resolver, names, ports } = this;
    this.frontDoor = new FrontDoor({ resolver, names, addresses, ports, time: this.time });
    this.workload = new Workload({ names, addresses, ports, groups: this.frontDoor.groups, say: options.say });
    this.deployer = new Deployer({ time: this.time, rules: this.frontDoor.live, say: options.say });
  }

  public get assembly(): CloudAssembly {
    return this.resolver.assembly;
  }

  public get loadBalancers(): readonly LoadBalancer[] {
    return this.frontDoor.loadBalancers;
  }

  public get networkLoadBalancers(): readonly NetworkLoadBalancer[] {
    return this.frontDoor.networkLoadBalancers;
  }

  public get groups(): ReadonlyMap<string, TargetGroup> {
    return this.frontDoor.groups;
  }

  /** The records of the template that point at a machine or load balancer, by its own name. */
  public get recordsOf(): ReadonlyMap<string, readonly string[]> {
    return this.frontDoor.recordsOf;
  }

  public get certificate(): Certificate | undefined {
    return this.frontDoor.certificate;
  }

  public get redisServers(): readonly RedisServer[] {
    return this.redis.servers;
  }

  public get services(): readonly ServiceScheduler[] {
    return this.workload.services;
  }

  public get aliases(): readonly ConnectProxy[] {
    return this.workload.aliases;
  }

  public get jobs(): JobRunner | undefined {
    return this.workload.jobs;
  }

  public get tasks(): Task[] {
    return this.workload.tasks;
  }

  /** Start everything, servers before their clients, and wait until each part is healthy. */
  public async start(): Promise<void> {
    await this.bringUp().catch((error: unknown) => Promise.reject(withRemedy(error)));
  }

  /** True from the moment on when somebody stops it. */
  public get over(): boolean {
    return this.work.closed;
  }

  private async bringUp(): Promise<void> {
    const begin = (what: string, part: () => Promise<void>) => this.work.begin(() => this.stopwatch.time(what, part));
    await begin('engine', () => this.findEngine());
    await Promise.all([
      begin('control server', () => this.startControl()),
      begin('Redis', () => this.redis.start(this.ports)),
      begin('PostgreSQL', () => this.postgres.start(this.ports)),
      begin('servers of AWS', () => this.aws.start(this.ports)),
    ]);
    await begin('load balancers', () => this.frontDoor.start(this.redisServers));
    await begin('tasks', () => this.startWorkload());
    await begin('health checks', () => this.untilHealthy(HEALTHY_MS));
  }

  /** Deploys another version of the assembly over the one that runs, as CloudFormation and ECS do; an error says how it was rolled back. */
  public async deploy(assembly: string): Promise<Changes> {
    const { workload, frontDoor, deployer, services, engine } = this;
    const [before, jobs] = [this.version, workload.jobs];
    if (!before || !jobs || !engine) throw new Error('nothing runs yet that a deployment could change');
    const next = readVersion(resolverOf(assembly, this.options, this.machines), engine.kind);
    this.secrets.adopt(next.resolver);
    this.options.say(`deploying ${path.relative(this.options.root, assembly)}: ${this.time.toString()}`);
    const changes = await updateStack({ services, jobs, deployer, frontDoor, engine, say: this.options.say }, before, next);
    this.version = next;
    this.resolver = next.resolver;
    return changes;
  }

  /** Rotates the password of a database, and redeploys the services that read it when they start. */
  public rotate(secretId: string): Promise<readonly ServiceScheduler[]> {
    const { resolver, secrets, postgres, services, deployer } = this;
    return rotate({ resolver, secrets, postgres, services, deployer, say: this.options.say }, secretId);
  }

  /** Clients first, so that nobody sees a server disappear; safe to call at any moment, and twice. */
  public stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  /** What is not as the template wants it yet, of some services or of all. */
  public unready(of: readonly ServiceScheduler[] = this.services): string[] {
    return unready(of, this.groups);
  }

  public async untilHealthy(timeoutMs: number, of?: readonly ServiceScheduler[]): Promise<void> {
    for (const until = Date.now() + timeoutMs; ;) {
      const missing = this.unready(of);
      if (missing.length === 0) return;
      if (this.work.closed) throw new Error('the run is over');
      if (Date.now() > until) {
        throw new Error(`not healthy after ${timeoutMs / 1000} s: ${missing.join('; ')}; logs in ${this.logDirectory}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async findEngine(): Promise<void> {
    const { api, reason } = await chooseEngine(this.options.engine ?? 'process', this.addresses.separate);
    this.api = api;
    if (reason) this.options.say(reason);
    for (const old of this.api ? await removeLeftOvers(this.api.docker) : []) {
      this.options.say(`removed what run ${old} left behind`);
    }
  }

  private async startControl(): Promise<void> {
    this.control = new ControlServer(this.secrets, (id) => this.tasks.find((task) => task.id === id));
    const address = this.addresses.allocate('control');
    this.controlUrl = await this.control.start(address, await this.ports.dynamic(address));
  }

  private async startWorkload(): Promise<void> {
    this.version = readVersion(this.resolver, this.api ? 'container' : 'process');
    const { services, jobs } = this.version;
    const stores = this.redisServers.map(({ options }) => options.plan.resource);
    const hosts = hostCount(this.resolver, services, stores);
    await this.workload.startAliases(services);
    if (this.work.closed) throw new Error('the run is over; no task is started');
    const { api, aliases } = this;
    const shared = this.context();
    this.engine = api
      ? containerEngine(this, shared, { api, aliases, plans: () => this.version!.services, exposed: exposedOf(this) })
      : processEngine(this, shared);
    await this.engine.start();
    const plan = { services, hosts, jobs, discovery: readDiscoveryServices(this.resolver) };
    const steady = (service: ServiceScheduler) => this.untilHealthy(HEALTHY_MS, [service]);
    await this.workload.start(plan, { ...shared, engine: this.engine }, steady);
  }

  private context(): Omit<RunContext, 'engine'> {
    const [{ account, region }] = this.assembly.stacks;
    return {
      ...{ account, region, secrets: this.secrets, overrides: this.options.overrides, controlUrl: this.controlUrl },
      ...{ runDirectory: this.directory, logDirectory: this.logDirectory },
      time: this.time,
      adjust: (env) => this.aws.adjust(this.postgres.adjust(this.trust.adjust(env))),
    };
  }

  private async end(): Promise<void> {
    this.work.close();
    this.engine?.close();
    await this.workload.stop();
    await this.work.settled();
    this.frontDoor.stop();
    for (const alias of this.aliases) alias.stop();
    await this.redis.stop();
    await Promise.all([this.postgres.stop(), this.aws.stop()]);
    this.control?.stop();
    this.leftOver = ((await this.engine?.stop()) ?? 0) + this.table.size;
    this.table.killAll();
    this.addresses.release();
    this.images.remove();
  }
}
