import { isIP } from 'node:net';
import { NamesTable, NameTarget } from '../dns/names-table';
import { NameRecord } from '../dns/records';
import { LoadBalancer } from '../elb/load-balancer';
import { RedisServer } from '../redis/redis-server';

/**
 * Fill the table: the load balancers' and machines' own names first, then the records that point at them. Returns the records of each
 * machine by its own name, because an address alone does not tell them apart where all share one.
 */
export function publishNames(
  names: NamesTable,
  records: readonly NameRecord[],
  balancers: readonly Pick<LoadBalancer, 'plan' | 'listeners'>[],
  redis: readonly RedisServer[],
): Map<string, string[]> {
  const machines = new Map<string, NameTarget>();
  for (const { plan, listeners } of balancers) {
    const moved = listeners.filter((listener) => listener.port !== listener.plan.port);
    const ports = Object.fromEntries(moved.map((listener) => [listener.plan.port, listener.port]));
    if (listeners.length > 0) machines.set(plan.dnsName, { address: listeners[0].address, ports });
  }
  for (const { options } of redis) {
    const ports = options.port === options.plan.port ? {} : { [options.plan.port]: options.port };
    machines.set(options.hostName, { address: options.address, ports });
  }
  const recordsOf = new Map<string, string[]>([...machines.keys()].map((machine) => [machine, []]));
  for (const [name, target] of machines) {
    if (isIP(name) === 0) names.set(name, [target]);
  }
  for (const { name, values } of records) {
    const targets = new Map<string, NameTarget>(names.get(name).map((target) => [JSON.stringify(target), target]));
    for (const machine of values.flatMap((value) => follow(value, records, machines))) {
      const target = machines.get(machine) ?? { address: machine };
      // The A and AAAA aliases of one load balancer are one target here.
      targets.set(JSON.stringify(target), target);
      if (!recordsOf.get(machine)?.includes(name)) recordsOf.get(machine)?.push(name);
    }
    names.set(name, [...targets.values()]);
  }
  return recordsOf;
}

/** Records may point at records: follow them to machines and addresses. What leads out of the template leads nowhere. */
function follow(value: string, records: readonly NameRecord[], machines: ReadonlyMap<string, NameTarget>, depth = 0): string[] {
  if (machines.has(value) || isIP(value) !== 0) return [value];
  if (depth > 8) return [];
  return records
    .filter(({ name }) => name === value)
    .flatMap(({ values }) => values.flatMap((next) => follow(next, records, machines, depth + 1)));
}
