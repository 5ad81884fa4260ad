import { isIP } from 'node:net';
import { NamesTable, NameTarget } from '../dns/names-table';
import { NameRecord } from '../dns/records';
import { LoadBalancer } from '../elb/load-balancer';
import { RedisServer } from '../redis/redis-server';

/** Fill the table: the load balancers' and machines' own names first, then the records that point at them. */
export function publishNames(
  names: NamesTable,
  records: readonly NameRecord[],
  balancers: readonly LoadBalancer[],
  redis: readonly RedisServer[],
): void {
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
  for (const [name, target] of machines) {
    if (isIP(name) === 0) names.set(name, [target]);
  }
  // Records may point at records; resolve until nothing changes.
  for (let pending = [...records], before = -1; pending.length > 0 && pending.length !== before;) {
    before = pending.length;
    pending = pending.filter(({ name, values }) => {
      const targets = values.flatMap((value) => {
        const machine = machines.get(value);
        return machine ? [machine] : isIP(value) ? [{ address: value }] : names.get(value);
      });
      if (targets.length > 0)
        names.set(name, [...names.get(name), ...targets.filter((target) => !includes(names.get(name), target))]);
      return targets.length === 0;
    });
  }
}

/** A and AAAA aliases of one load balancer are one target here. */
function includes(list: readonly NameTarget[], target: NameTarget): boolean {
  return list.some(({ address, ports }) => address === target.address && JSON.stringify(ports) === JSON.stringify(target.ports));
}
