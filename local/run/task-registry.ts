import { ConnectProxy } from '../dns/connect-proxy';
import { NamesTable, NameTarget } from '../dns/names-table';
import { DiscoveryService } from '../dns/records';
import { TaskRegistry } from '../ecs/scheduler';
import { TargetHealth } from '../ecs/standing';
import { Task } from '../ecs/task';
import { Target, TargetGroup } from '../elb/target-group';

/** Makes a started task known everywhere the template says: target groups, Service Connect, Cloud Map. */
export class LocalTaskRegistry implements TaskRegistry {
  private readonly announced = new WeakSet<Task>();
  /** The tasks in each service of Cloud Map. */
  private readonly listed = new Map<DiscoveryService, Map<Task, NameTarget>>();

  constructor(
    private readonly groups: ReadonlyMap<string, TargetGroup>,
    private readonly aliases: readonly ConnectProxy[],
    private readonly discovery: readonly DiscoveryService[],
    private readonly names: NamesTable,
  ) {}

  public register(task: Task): void {
    for (const { targetGroupArn, container, port } of task.service.targets) {
      const group = this.groups.get(targetGroupArn);
      const bound = task.portOf(container, port);
      if (!group) throw new Error(`${task.service.key}: no target group ${targetGroupArn} in the assembly`);
      if (!bound) throw new Error(`${task.service.key}: container ${container} has no port ${port}, which its target group wants`);
      group.register(new Target(task.id, bound.address, bound.port, { host: task.address, ports: portsOf(task) }));
    }
    const ports = Object.fromEntries(task.ports.map((bound) => [bound.containerPort, bound.port]));
    for (const service of this.discoveryOf(task)) {
      this.tasksOf(service).set(task, { address: task.placement.address, ports });
      task.on('health', () => this.publish(service));
      this.publish(service);
    }
  }

  public announce(task: Task): void {
    if (this.announced.has(task)) return;
    this.announced.add(task);
    for (const proxy of this.aliasesOf(task)) this.follow(task, proxy);
  }

  public withdraw(task: Task): void {
    this.announced.delete(task);
    for (const proxy of this.aliasesOf(task)) proxy.remove(task.id);
  }

  public healthOf(task: Task): TargetHealth {
    const states = [...this.groups.values()].flatMap((group) => group.stateOf(task.id));
    if (states.length === 0) return task.service.targets.length === 0 ? undefined : 'UNKNOWN';
    if (states.includes('unhealthy')) return 'UNHEALTHY';
    return states.every((state) => state === 'healthy') ? 'HEALTHY' : 'UNKNOWN';
  }

  public async deregister(task: Task): Promise<void> {
    this.withdraw(task);
    for (const service of this.discoveryOf(task)) {
      if (this.tasksOf(service).delete(task)) this.publish(service);
    }
    await Promise.all([...this.groups.values()].map((group) => group.deregister(task.id)));
  }

  private aliasesOf(task: Task): ConnectProxy[] {
    return this.aliases.filter((proxy) =>
      task.service.aliases.some(({ name, port }) => name === proxy.name && port === proxy.port),
    );
  }

  /** Service Connect sends nothing to a task before its health check passes, nor while it fails. */
  private follow(task: Task, proxy: ConnectProxy): void {
    const bound = namedPort(task, proxy.portName);
    if (!bound) return;
    const follow = () => {
      proxy.remove(task.id);
      const well = !task.checked || task.health === 'HEALTHY';
      if (well && task.state === 'RUNNING' && this.announced.has(task)) proxy.add(task.id, bound.address, bound.port);
    };
    task.on('health', follow);
    follow();
  }

  private tasksOf(service: DiscoveryService): Map<Task, NameTarget> {
    const tasks = this.listed.get(service) ?? new Map<Task, NameTarget>();
    this.listed.set(service, tasks);
    return tasks;
  }

  /** Cloud Map names the tasks that are healthy, and all of them where none is. */
  private publish(service: DiscoveryService): void {
    const tasks = [...this.tasksOf(service)];
    const well = tasks.filter(([task]) => !service.checked || !task.checked || task.health === 'HEALTHY');
    this.names.set(
      service.name,
      (well.length > 0 ? well : tasks).map(([, target]) => target),
    );
  }

  private discoveryOf(task: Task): DiscoveryService[] {
    return this.discovery.filter(({ id }) => task.service.registries.includes(id));
  }
}

/** Where the ports of a task are that its network has as the template has them; of a host in bridge mode, others are known. */
function portsOf({ service, ports }: Task): Map<number, number> {
  if (service.task.networkMode === 'bridge') return new Map();
  return new Map(ports.map(({ containerPort, port }) => [containerPort, port]));
}

function namedPort(task: Task, portName: string) {
  for (const container of task.service.task.containers) {
    const mapping = container.ports.find(({ name }) => name === portName);
    if (mapping) return task.portOf(container.name, mapping.containerPort);
  }
  return undefined;
}
