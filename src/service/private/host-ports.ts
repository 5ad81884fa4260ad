import { IConstruct } from 'constructs';
import { NamedPort } from './named-ports';
import { invalid, warn } from '../../core/private/errors';
import { Compute } from '../compute';
import { Scaling } from '../scaling';

/** Takes the fixed ports of a service on its hosts, where each exists once on each host. */
export function reserveHostPorts(service: IConstruct, compute: Compute, ports: NamedPort[], { maxTasks }: Scaling): void {
  const fixed = fixedPorts(ports);
  const capacity = compute.capacity;
  if (!capacity || fixed.length === 0) return;
  fixed.forEach((port) => capacity.reserveHostPort(port, service));
  if (maxTasks > capacity.maxInstances) {
    throw invalid(service, 'HostPortClash', {
      prop: 'scaling',
      must: `be at most ${capacity.maxInstances} tasks, the most hosts of ${capacity.node.path}, since port ${fixed[0]} exists once on each`,
      got: maxTasks,
      fix: 'allow more hosts with `maxInstances`, or use NetworkMode.BRIDGE without `hostPort`',
    });
  }
}

/** With every host taken and no task allowed to stop, a new task has nowhere to start. */
export function warnWithoutSpareHost(
  service: IConstruct,
  compute: Compute,
  ports: NamedPort[],
  { maxTasks }: Scaling,
  minHealthyPercent: number,
): void {
  const capacity = compute.capacity;
  if (!capacity || fixedPorts(ports).length === 0 || maxTasks < capacity.maxInstances) return;
  if (Math.ceil((maxTasks * minHealthyPercent) / 100) < maxTasks) return;
  warn(
    service,
    'NoSpareHost',
    `at ${maxTasks} tasks every host of ${capacity.node.path} is taken and none may stop, so a deployment cannot start; ` +
      'raise `maxInstances`, or choose Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 100 })',
  );
}

function fixedPorts(ports: NamedPort[]): number[] {
  return ports.flatMap(({ hostPort }) => (hostPort ? [hostPort] : []));
}
