import { hostGroups } from './capacity';
import { EcsService } from './ecs-service';
import { egressOf, PortRange, portsOf } from './security-groups';
import { Resource } from '../../template/private/app-templates';

const EVERY_PORT: PortRange = { from: -Infinity, to: Infinity };

interface Callers {
  readonly ports: PortRange;
  readonly services: Set<EcsService>;
}

/** The services of a namespace by what their security groups let them call. */
export class ServiceCallers {
  /** Callers of anybody, by their ports. */
  private readonly ofAnybody = new Map<string, Callers>();
  /** Callers of a security group, by its ports. */
  private readonly ofGroup = new Map<Resource, Map<string, Callers>>();

  constructor(services: EcsService[]) {
    for (const service of services) this.add(service);
  }

  /** Returns true if a service other than the server can open connections to it on the port. */
  public canCall(server: EcsService, port: number): boolean {
    const toGroups = (server.groups ?? []).map((group) => this.ofGroup.get(group) ?? new Map<string, Callers>());
    return [this.ofAnybody, ...toGroups]
      .flatMap((callers) => [...callers.values()])
      .some(({ ports, services }) => ports.from <= port && port <= ports.to && services.size > (services.has(server) ? 1 : 0));
  }

  private add(service: EcsService): void {
    const groups = service.groups ?? hostGroups(service);
    if (!groups) return note(this.ofAnybody, EVERY_PORT, service);
    for (const rules of groups.map(egressOf)) {
      // A group without any rule is open: that is the default of EC2.
      if (rules.length === 0) note(this.ofAnybody, EVERY_PORT, service);
      for (const rule of rules) {
        const ports = portsOf(rule);
        const target = rule.at('DestinationSecurityGroupId').resource;
        if (ports) note(target ? this.callersOf(target) : this.ofAnybody, ports, service);
      }
    }
  }

  private callersOf(group: Resource): Map<string, Callers> {
    const found = this.ofGroup.get(group) ?? new Map<string, Callers>();
    this.ofGroup.set(group, found);
    return found;
  }
}

function note(callers: Map<string, Callers>, ports: PortRange, service: EcsService): void {
  const key = `${ports.from}-${ports.to}`;
  const found = callers.get(key) ?? { ports, services: new Set() };
  found.services.add(service);
  callers.set(key, found);
}
