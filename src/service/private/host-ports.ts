import { Connections } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { validationError, warn } from '../../core/private/errors';
import { Compute } from '../../tasks/compute';
import { inPlace } from '../../tasks/private/host-room';
import { NamedPort } from '../../tasks/private/named-ports';
import { Scaling } from '../scaling';

/** Reserves the fixed ports of a service on its hosts, where each exists once per host. */
export function reserveHostPorts(service: IConstruct, compute: Compute, ports: NamedPort[], { maxTasks }: Scaling): void {
  const fixed = fixedPorts(ports);
  if (compute._ec2.length === 0 || fixed.length === 0) return;
  for (const capacity of compute._ec2) fixed.forEach((port) => capacity.reserveHostPort(port, service));
  const { most, names } = hostsOf(compute);
  if (maxTasks > most) {
    throw validationError(service, 'HostPortClash', {
      prop: 'scaling',
      must: `be at most ${most} tasks, the most hosts of ${names}, since port ${fixed[0]} exists once on each`,
      got: maxTasks,
      fix: 'allow more hosts with `maxInstances`, or use NetworkMode.BRIDGE without `hostPort`',
    });
  }
}

/** Warns if a new task has no host to start on, because every host is in use and no task can stop. */
export function warnWithoutSpareHost(
  service: IConstruct,
  compute: Compute,
  ports: NamedPort[],
  { maxTasks, _bounds: { least } }: Scaling,
  minHealthyPercent: number,
): void {
  const { most, names } = hostsOf(compute);
  if (compute._ec2.length === 0 || fixedPorts(ports).length === 0 || maxTasks < most) return;
  if (Math.ceil((maxTasks * minHealthyPercent) / 100) < maxTasks) return;
  warn(
    service,
    'NoSpareHost',
    `at ${maxTasks} tasks every host of ${names} is taken and none may stop, so a deployment cannot start; ` +
      `raise \`maxInstances\`, or choose ${inPlace(least)}`,
  );
}

/** Returns the connections of the hosts: tasks without their own address are reached through them. */
export function sharedConnections({ hosts }: Compute): Connections {
  if (hosts.length === 1) return hosts[0].connections;
  return new Connections({ securityGroups: hosts.map(({ securityGroup }) => securityGroup) });
}

function hostsOf({ _ec2 }: Compute): { most: number; names: string } {
  return {
    most: _ec2.reduce((sum, { maxInstances }) => sum + maxInstances, 0),
    names: _ec2.map(({ node }) => node.path).join(' and '),
  };
}

function fixedPorts(ports: NamedPort[]): number[] {
  return ports.flatMap(({ hostPort }) => (hostPort ? [hostPort] : []));
}
