import { Token } from 'aws-cdk-lib';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { HostShape, lesser, shapesOf } from './host-shape';
import { TaskNeeds } from './platform';
import { IEc2Capacity } from '../../core/ec2-capacity';
import { ConstructState } from '../../core/private/construct-state';
import { validateAtSynth, validationError, warn } from '../../core/private/errors';

const TRUNKING = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html';

/** The tasks of a service on a group of hosts. */
export interface HostTasks extends TaskNeeds {
  readonly owner: IConstruct;
  /** The maximum number of tasks, without those of a deployment. */
  readonly most: number;
  /** The minimum number of tasks. */
  readonly least: number;
  /** The number of tasks that a deployment starts before it stops one. */
  readonly ahead: number;
  readonly networkMode: NetworkMode;
}

/**
 * Rejects a task that is larger than its hosts, and warns if it is larger than some of them. The agent registers less memory than a host
 * has, because the kernel needs some: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
 */
export function requireRoomOnHost(scope: IConstruct, { cpu, memoryMiB }: TaskNeeds, hosts: IEc2Capacity[]): void {
  for (const group of hosts) {
    const shapes = shapesOf(group);
    const small = shapes.filter((shape) => cpu > (shape.cpu ?? cpu) || memoryMiB >= (shape.memoryMiB ?? Infinity));
    if (small.length === 0) continue;
    const [first] = small;
    if (small.length === shapes.length) {
      throw validationError(scope, 'TaskExceedsHost', {
        prop: 'taskSize',
        must: `fit on a host of ${group.node.path}: a ${first.type} has ${first.cpu} CPU units and less than ${first.memoryMiB} MiB for tasks`,
        got: { cpu, memoryMiB },
        fix: 'choose a smaller size, or give the hosts a larger `instanceType`',
      });
    }
    warn(
      scope,
      'TaskExceedsSomeHosts',
      `The tasks of ${scope.node.path} (${cpu} CPU units, ${memoryMiB} MiB) do not fit on ${small.map(({ type }) => type).join(' and ')}, ` +
        `which ${group.node.path} starts too. Such hosts stay without them: leave the types out, or choose a smaller \`taskSize\`.`,
    );
  }
}

/**
 * Counts the tasks of a service on its hosts. Warns at the end of synthesis if the hosts cannot hold all at their maximum, or if a
 * deployment can never start its first task.
 */
export function countOnHosts(group: IEc2Capacity, tasks: HostTasks): void {
  tasksOn.of(group).push(tasks);
}

const tasksOn = new ConstructState('tasksOnHosts', (group) => {
  const all: HostTasks[] = [];
  validateAtSynth(group, 'HostsTooFew', () => {
    const hosts = new Room(group as IEc2Capacity);
    hosts.warnOfMaximum(all);
    all.forEach((tasks) => hosts.warnOfDeployment(tasks, all));
    return [];
  });
  return all;
});

/** A kind of room, with what the tasks need of it and what the hosts have. */
type Need = readonly [what: string, needed: number, has: number];

/** The room that a group of hosts has at its maximum. If it starts several types, all can be of the smallest. */
class Room {
  private readonly shape: HostShape;
  private readonly types: string;

  constructor(private readonly group: IEc2Capacity) {
    const shapes = shapesOf(group);
    this.shape = shapes.reduce(lesser);
    this.types = shapes.length === 1 ? this.shape.type : `the smallest of ${this.shape.type}`;
  }

  public warnOfMaximum(all: HostTasks[]): void {
    const short = this.shortOf(all, ({ most }) => most);
    if (short.length === 0) return;
    const trunking = short.some(([what]) => what === 'network interfaces')
      ? ` Interfaces: with the account setting \`awsvpcTrunking\`, larger types have more (${TRUNKING}); in BRIDGE mode tasks need none.`
      : '';
    warn(
      this.group,
      'HostsTooFew',
      `The tasks on ${this.group.node.path} need, at their maximum and without deployments, ${this.describe(short)}. Further tasks stay ` +
        'PROVISIONING: raise `maxInstances`, choose a larger `instanceType`, ' +
        `or lower the maximum of \`scaling\`.${trunking}`,
    );
  }

  public warnOfDeployment(tasks: HostTasks, all: HostTasks[]): void {
    if (tasks.ahead === 0 || this.shortOf(all, ({ most }) => most).length > 0) return;
    const short = this.shortOf(all, (each) => each.least + (each === tasks ? tasks.ahead : 0));
    if (short.length === 0) return;
    warn(
      tasks.owner,
      'NoRoomForDeployment',
      `A deployment of ${tasks.owner.node.path} starts ${tasks.ahead === 1 ? 'a task' : `${tasks.ahead} tasks`} before it stops one, and ` +
        `${this.group.node.path} has no room for that: even at their minimum, the tasks would need ${this.describe(short)}. Raise ` +
        `\`maxInstances\`, or choose ${inPlace(tasks.least)}.`,
    );
  }

  private shortOf(all: HostTasks[], count: (tasks: HostTasks) => number): Need[] {
    if (Token.isUnresolved(this.group.maxInstances)) return [];
    const sum = (each: (tasks: HostTasks) => number) => all.reduce((total, tasks) => total + count(tasks) * each(tasks), 0);
    const { cpu, memoryMiB, tasksWithInterface } = this.shape;
    const needs: [string, number, number | undefined][] = [
      ['CPU units', sum((tasks) => tasks.cpu), cpu],
      ['MiB of memory', sum((tasks) => tasks.memoryMiB), memoryMiB],
      ['network interfaces', sum(({ networkMode }) => (networkMode === NetworkMode.AWS_VPC ? 1 : 0)), tasksWithInterface],
      ['GPUs', sum((tasks) => tasks.gpus), this.group.gpusPerHost],
    ];
    return needs.flatMap(([what, needed, of]) => {
      const has = of === undefined ? Infinity : of * this.group.maxInstances;
      return needed > has ? [[what, needed, has] as const] : [];
    });
  }

  private describe(short: Need[]): string {
    return `${short.map(([what, needed, has]) => `${needed} ${what} of ${has}`).join(', ')} that ${this.group.maxInstances} × ${this.types} have`;
  }
}

/** Names the rollout that replaces tasks in place. Half of one task is a whole one to ECS, which rounds the minimum up. */
export function inPlace(tasks: number): string {
  return `Rollout.rolling({ minHealthyPercent: ${tasks > 1 ? 50 : 0}, maxHealthyPercent: 100 })`;
}
