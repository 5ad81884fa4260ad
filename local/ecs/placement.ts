import { ServicePlan } from './service-plan';
import { Addresses } from '../net/addresses';

/** Where a task runs. */
export interface Placement {
  readonly address: string;
  readonly zone: string;
  /** The container instance, for tasks that share a host's network. */
  readonly host?: string;
}

/**
 * Places tasks: awsvpc tasks on an address of their own, others on the host that has the fewest tasks of their service, among those whose
 * ports are free.
 */
export class Placer {
  private readonly hosts: string[];
  private readonly load = new Map<string, number>();
  private readonly lost = new Set<number>();
  /** Ports of hosts that tasks have, as `host@port`. */
  private readonly taken = new Set<string>();
  private turn = 0;

  constructor(
    private readonly addresses: Addresses,
    private readonly region: string,
    private readonly hostCount: number,
  ) {
    this.hosts = Array.from({ length: hostCount }, () => addresses.allocate('host'));
  }

  public place(service: ServicePlan): Placement {
    if (service.task.networkMode === 'awsvpc') {
      return { address: this.addresses.allocate('task'), zone: this.zone(this.turn++) };
    }
    if (this.hostCount === 0) {
      throw new Error(`${service.key} runs on EC2, and the template has no auto scaling group to run it on`);
    }
    const count = (index: number) => this.load.get(`${service.key}@${index}`) ?? 0;
    const open = this.hosts.map((_host, index) => index).filter((index) => !this.lost.has(index));
    if (open.length === 0) throw new Error(`no container instance is left for ${service.key}`);
    const ports = hostPorts(service);
    const fitting = open.filter((index) => !ports.some((port) => this.taken.has(`${index}@${port}`)));
    if (fitting.length === 0) {
      throw new Error(
        `${service.key}: no container instance has host port ${ports.join(', ')} free, which one task there can have`,
      );
    }
    const alone = fitting.filter((index) => !service.distinctInstance || count(index) === 0);
    if (alone.length === 0) throw new Error(`${service.key}: each container instance has a task of it, and no other may be there`);
    const best = alone.reduce((least, index) => (count(index) < count(least) ? index : least));
    this.load.set(`${service.key}@${best}`, count(best) + 1);
    for (const port of ports) this.taken.add(`${best}@${port}`);
    return { address: this.hosts[best], zone: this.zone(best), host: hostName(best) };
  }

  /** The names of the machines that are there. */
  public get hostNames(): string[] {
    return this.hosts.flatMap((_host, index) => (this.lost.has(index) ? [] : [hostName(index)]));
  }

  /** A machine is gone, and gets no tasks any more. The local run brings no other one. */
  public lose(host: string): void {
    this.lost.add(this.hosts.findIndex((_host, index) => hostName(index) === host));
  }

  public free(service: ServicePlan, placement: Placement): void {
    if (!placement.host) return;
    const index = Number(placement.host.replace('i-local', '')) - 1;
    const key = `${service.key}@${index}`;
    this.load.set(key, Math.max(0, (this.load.get(key) ?? 0) - 1));
    for (const port of hostPorts(service)) this.taken.delete(`${index}@${port}`);
  }

  private zone(index: number): string {
    return `${this.region}${'ab'[index % 2]}`;
  }
}

/** The ports of its host that a task has: those that its template names, and all of them in host mode. */
function hostPorts({ task }: ServicePlan): number[] {
  return task.containers.flatMap(({ ports }) => ports.map(({ hostPort }) => hostPort)).filter((port) => port !== 0);
}

function hostName(index: number): string {
  return `i-local${index + 1}`;
}
