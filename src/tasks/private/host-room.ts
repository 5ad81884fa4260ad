import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { TaskNeeds } from './platform';
import { IEc2Capacity } from '../../core/ec2-capacity';
import { ConstructState } from '../../core/private/construct-state';
import { validateAtSynth, validationError, warn } from '../../core/private/errors';
import { interfacesOf, memoryOf, vcpusOf } from '../../core/private/instance-type';

const UNITS_PER_VCPU = 1024;
const TRUNKING = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html';

/** The tasks of a service on a group of hosts. */
export interface HostTasks extends Pick<TaskNeeds, 'cpu' | 'memoryMiB'> {
  /** The maximum number of tasks, without those of a deployment. */
  readonly count: number;
  readonly networkMode: NetworkMode;
}

/**
 * Rejects a task that is larger than its hosts. The agent registers less memory than a host has, because the kernel needs some:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
 */
export function requireRoomOnHost(scope: IConstruct, { cpu, memoryMiB }: TaskNeeds, hosts: IEc2Capacity[]): void {
  for (const { instanceType, node } of hosts) {
    const most = roomOf({ instanceType });
    if (cpu <= (most.cpu ?? cpu) && memoryMiB < (most.memoryMiB ?? Infinity)) continue;
    throw validationError(scope, 'TaskExceedsHost', {
      prop: 'taskSize',
      must: `fit on a host of ${node.path}: a ${instanceType.toString()} has ${most.cpu} CPU units and less than ${most.memoryMiB} MiB for tasks`,
      got: { cpu, memoryMiB },
      fix: 'choose a smaller size, or give the hosts a larger `instanceType`',
    });
  }
}

/** Counts the tasks of a service on its hosts, and warns at the end of synthesis if the hosts cannot hold all at their maximum. */
export function countOnHosts(hosts: IEc2Capacity[], tasks: HostTasks): void {
  // Tasks that are spread over several groups are on none of them for certain.
  if (hosts.length === 1) tasksOn.of(hosts[0]).push(tasks);
}

const tasksOn = new ConstructState('tasksOnHosts', (hosts) => {
  const all: HostTasks[] = [];
  validateAtSynth(hosts, 'HostsTooFew', () => {
    warnOfRoom(hosts as IEc2Capacity, all);
    return [];
  });
  return all;
});

function warnOfRoom(hosts: IEc2Capacity, all: HostTasks[]): void {
  const { cpu, memoryMiB, tasksWithInterface } = roomOf(hosts);
  const sum = (each: (tasks: HostTasks) => number) => all.reduce((total, tasks) => total + tasks.count * each(tasks), 0);
  const needs = [
    ['CPU units', sum((tasks) => tasks.cpu), cpu],
    ['MiB of memory', sum((tasks) => tasks.memoryMiB), memoryMiB],
    ['network interfaces', sum(({ networkMode }) => (networkMode === NetworkMode.AWS_VPC ? 1 : 0)), tasksWithInterface],
  ] as const;
  const short = needs.filter(([, needed, of]) => of !== undefined && needed > of * hosts.maxInstances);
  if (short.length === 0) return;
  const list = short.map(([what, needed, of]) => `${needed} ${what} of ${of! * hosts.maxInstances}`).join(', ');
  const trunking = short.some(([what]) => what === 'network interfaces')
    ? ` Interfaces: with the account setting \`awsvpcTrunking\`, larger types have more (${TRUNKING}); in BRIDGE mode tasks need none.`
    : '';
  warn(
    hosts,
    'HostsTooFew',
    `The tasks on ${hosts.node.path} need, at their maximum and without deployments, ${list} that ${hosts.maxInstances} × ` +
      `${hosts.instanceType.toString()} have. Further tasks stay PROVISIONING: raise \`maxInstances\`, choose a larger \`instanceType\`, ` +
      `or lower the maximum of \`scaling\`.${trunking}`,
  );
}

/** Returns what a host has for tasks, as far as it is known. */
function roomOf({ instanceType }: Pick<IEc2Capacity, 'instanceType'>) {
  const vcpus = vcpusOf(instanceType);
  const interfaces = interfacesOf(instanceType);
  return {
    cpu: vcpus && vcpus * UNITS_PER_VCPU,
    memoryMiB: memoryOf(instanceType),
    // The host itself uses one.
    tasksWithInterface: interfaces && interfaces - 1,
  };
}
