import { LocalTaskRegistry } from './task-registry';
import { Resource } from '../assembly/stack-template';
import { ConnectProxy } from '../dns/connect-proxy';
import { NamesTable } from '../dns/names-table';
import { DiscoveryService } from '../dns/records';
import { Placer } from '../ecs/placement';
import { RunContext } from '../ecs/run-context';
import { ServiceScheduler } from '../ecs/scheduler';
import { ServicePlan } from '../ecs/service-plan';
import { Task } from '../ecs/task';
import { TargetGroup } from '../elb/target-group';
import { Resolver } from '../intrinsics/resolver';
import { JobPlan } from '../jobs/job-plan';
import { JobRunner } from '../jobs/job-runner';
import { inOrder } from '../jobs/start-order';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';

/** What the services and jobs of a template start with. */
export interface WorkloadPlan {
  readonly services: readonly ServicePlan[];
  readonly jobs: readonly JobPlan[];
  readonly discovery: readonly DiscoveryService[];
  /** The machines of the auto scaling groups. */
  readonly hosts: number;
}

export interface WorkloadOptions {
  readonly names: NamesTable;
  readonly addresses: Addresses;
  readonly ports: Ports;
  readonly groups: ReadonlyMap<string, TargetGroup>;
  readonly say: (line: string) => void;
}

/** The services and jobs of a run, and the Service Connect names in front of them. */
export class Workload {
  public readonly services: ServiceScheduler[] = [];
  public readonly aliases: ConnectProxy[] = [];
  public jobs?: JobRunner;
  private placer?: Placer;

  constructor(private readonly options: WorkloadOptions) {}

  public get tasks(): Task[] {
    return [...this.services.flatMap(({ tasks }) => tasks), ...(this.jobs?.tasks ?? [])];
  }

  /** Names come before the engine, which tells its containers of them. */
  public async startAliases(services: readonly ServicePlan[]): Promise<void> {
    const { addresses, names, ports } = this.options;
    for (const { name, port, portName } of services.flatMap(({ aliases }) => aliases)) {
      if (this.aliases.some((proxy) => proxy.name === name && proxy.port === port)) continue;
      const proxy = new ConnectProxy(name, port, portName);
      const address = addresses.allocate('loadBalancer');
      this.aliases.push(proxy);
      names.add(name, await proxy.start(address, await ports.near(address, port)));
    }
  }

  /** Starts services and deployment jobs in the order of the template. */
  public async start(plan: WorkloadPlan, context: RunContext, steady: (service: ServiceScheduler) => Promise<void>): Promise<void> {
    const { addresses, groups, names, say } = this.options;
    const placer = new Placer(addresses, context.region, plan.hosts);
    this.placer = placer;
    const registry = new LocalTaskRegistry(groups, this.aliases, plan.discovery, names);
    for (const service of plan.services) {
      const scheduler = new ServiceScheduler(service, placer, registry, context);
      scheduler.on('event', say);
      this.services.push(scheduler);
    }
    const jobs = new JobRunner(plan.jobs, placer, context);
    this.jobs = jobs;
    await inOrder(this.services, jobs.plans, { run: (job) => jobs.run(job), steady });
  }

  /** The container instances that are there. */
  public get hosts(): readonly string[] {
    return this.placer?.hostNames ?? [];
  }

  /** A container instance is gone, with every task on it and without a word. */
  public async loseHost(host: string): Promise<void> {
    this.placer?.lose(host);
    await Promise.all(this.services.map((service) => service.loseHost(host)));
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.services.map((service) => service.stop()), this.jobs?.stop()]);
  }
}

/** The machines that the capacity's auto scaling groups start with; those of stores are no hosts of tasks. */
export function hostCount(resolver: Resolver, services: readonly ServicePlan[], stores: readonly Resource[]): number {
  if (services.every(({ task }) => task.networkMode === 'awsvpc')) return 0;
  const others = new Set(stores.map(({ key }) => key));
  const groups = resolver.resources('AWS::AutoScaling::AutoScalingGroup').filter(({ key }) => !others.has(key));
  return groups.reduce((sum, group) => {
    const props = resolver.read(group);
    return sum + Math.max(1, Number(props.get('DesiredCapacity').optional() ?? props.get('MinSize').string('1')));
  }, 0);
}
