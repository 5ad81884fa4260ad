import { IConstruct } from 'constructs';
import { RouteConditions } from './route-conditions';
import { automaticPriority, freePriority } from './route-priority';
import { validationError, requireInteger } from '../../core/private/errors';
import { RouteAttachment } from '../../core/routable';

/** A rule of the listener. */
interface Entry {
  readonly route: IConstruct;
  readonly conditions: RouteConditions;
  readonly priority: number;
}

// One target group per route, two with deployments of two versions; this quota cannot be raised.
const MAX_GROUPS = 100;
const QUOTAS = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';

/** The rules of one listener, in the order of their evaluation. */
export class RouteTable {
  private entries: Entry[] = [];
  private readonly taken = new Map<number, IConstruct>();
  private alternateGroups = 0;

  /** Adds the route at its priority, or rejects it with an error that names the conflict. */
  public place(route: IConstruct, conditions: RouteConditions, wanted: number | undefined): number {
    requireInteger(route, 'RoutePriority', 'priority', wanted, 1, 50000);
    this.requireRoom(route);
    this.requireDistinct(route, conditions);
    const priority = wanted ?? automaticPriority(route.node.id, conditions);
    this.requireFree(route, priority);
    const entries = [...this.entries, { route, conditions, priority }].sort((a, b) => a.priority - b.priority);
    this.requireReachable(route, entries);
    this.entries = entries;
    return priority;
  }

  /** Counts the target groups and rules that the target of a route created in addition to the first ones. */
  public take(route: IConstruct, { alternateTargetGroup, testPriorities = [] }: RouteAttachment): void {
    if (alternateTargetGroup) {
      this.alternateGroups++;
      this.requireRoom(route, 0);
    }
    for (const priority of testPriorities) {
      this.requireFree(route, priority);
      this.taken.set(priority, route);
    }
  }

  private requireRoom(route: IConstruct, more = 1): void {
    if (this.entries.length + this.alternateGroups + more <= MAX_GROUPS) return;
    throw validationError(route, 'RouteCount', {
      prop: `route('${route.node.id}')`,
      must: `be one of at most ${MAX_GROUPS} on a side, since a load balancer has at most ${MAX_GROUPS} target groups (${QUOTAS})${this.alternateGroups > 0 ? `, and ${this.alternateGroups} routes have two` : ''}`,
      fix: 'add a second DualAlbGateway for further routes',
    });
  }

  private requireDistinct(route: IConstruct, conditions: RouteConditions): void {
    const twin = this.entries.find((entry) => entry.conditions.equals(conditions));
    if (!twin) return;
    throw validationError(route, 'RouteDuplicate', {
      prop: `route('${route.node.id}')`,
      must: `differ in \`hosts\`, \`paths\` or \`when\` from ${twin.route.node.path}, which takes the same requests`,
      got: describe(conditions),
      fix: 'narrow one of the two, or remove one',
    });
  }

  private requireFree(route: IConstruct, priority: number): void {
    const holderOf = (number: number) => this.entries.find((entry) => entry.priority === number)?.route ?? this.taken.get(number);
    const isTaken = (candidate: number) => holderOf(candidate) !== undefined;
    const holder = holderOf(priority);
    if (!holder) return;
    throw validationError(route, 'RoutePriorityTaken', {
      prop: 'priority',
      must: `be used once on a listener, and ${holder.node.path} has it already`,
      got: priority,
      fix: `set \`priority: ${freePriority(priority, isTaken)}\` on this route`,
    });
  }

  private requireReachable(added: IConstruct, entries: Entry[]): void {
    entries.forEach((entry, position) => {
      const takers = entry.conditions.coveredBy(entries.slice(0, position));
      if (takers.length === 0) return;
      const names = takers.map((taker) => `${taker.route.node.path} (priority ${taker.priority})`).join(' and ');
      const verbs = takers.length > 1 ? 'come first and take' : 'comes first and takes';
      throw validationError(added, 'RouteShadowed', {
        prop: `route('${entry.route.node.id}')`,
        must: `get requests, but ${names} ${verbs} all that ${entry.route.node.path} (priority ${entry.priority}) is for`,
        got: describe(entry.conditions),
        fix: remedy(entry, takers, entries),
      });
    });
  }
}

function remedy(entry: Entry, takers: Entry[], entries: Entry[]): string {
  let free = Math.min(...takers.map((taker) => taker.priority)) - 1;
  while (entries.some(({ priority }) => priority === free)) free--;
  const names = takers.map((taker) => taker.route.node.id).join(' and ');
  return free > 0
    ? `set \`priority: ${free}\` on ${entry.route.node.id}, or narrow ${names}`
    : `give ${names} a higher \`priority\`, or narrow ${names}`;
}

function describe({ hosts, paths, when }: RouteConditions): { hosts?: string[]; paths?: string[]; when?: string[] } {
  return {
    hosts: hosts.length > 0 ? hosts : undefined,
    paths: paths.length > 0 ? paths : undefined,
    when: when.length > 0 ? when.map(({ _description }) => _description) : undefined,
  };
}
