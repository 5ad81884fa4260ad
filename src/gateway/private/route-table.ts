import { CfnListenerRule, IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { KeptPriority, PRIORITY_FILE, PriorityRecord } from './priority-record';
import { RouteConditions } from './route-conditions';
import { automaticPriority, freePriority, nextAutomaticPriority } from './route-priority';
import { ConstructState } from '../../core/private/construct-state';
import { validationError, requireInteger, validateAtSynth, Violation } from '../../core/private/errors';
import { QUOTAS } from '../../core/private/quotas';
import { RouteAttachment } from '../../core/routable';

/** A rule of the listener. */
interface Entry {
  readonly route: IConstruct;
  readonly conditions: RouteConditions;
  readonly priority: number;
}

// One target group per route, two with deployments of two versions.
const { limit: MAX_GROUPS, source } = QUOTAS.targetGroupsOfLoadBalancer;

/** The rules of one listener, in the order of their evaluation. */
export class RouteTable {
  /** Returns the table of a listener, which all constructs of the app for one listener share. */
  public static of(listener: IApplicationListener): RouteTable {
    const tables = RouteTable.state.of(listener.node.root);
    const { listenerArn } = listener;
    const table = tables.get(listenerArn) ?? new RouteTable(listener);
    tables.set(listenerArn, table);
    return table;
  }

  private static readonly state = new ConstructState('routeTables', () => new Map<string, RouteTable>());

  private entries: Entry[] = [];
  private readonly taken = new Map<number, IConstruct>();
  private readonly automatic = new Map<string, KeptPriority>();
  private alternateGroups = 0;

  constructor(private readonly listener?: IApplicationListener) {
    if (listener) validateAtSynth(listener, 'RulePriorityTaken', () => this.sharedPriorities(listener));
  }

  /** Adds the route at its priority, which is derived from the conditions and the key unless it is given, or rejects it with an error that names the conflict. */
  public place(route: IConstruct, conditions: RouteConditions, wanted: number | undefined, key = route.node.id): number {
    requireInteger(route, 'RoutePriority', 'priority', wanted, 1, 50000);
    this.requireRoom(route);
    this.requireDistinct(route, conditions);
    const priority = wanted ?? this.choose(route, conditions, key);
    this.requireFree(route, priority);
    const entries = [...this.entries, { route, conditions, priority }].sort((a, b) => a.priority - b.priority);
    this.requireReachable(route, entries);
    this.entries = entries;
    this.keep();
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

  /**
   * Returns the priority that the file keeps for the route, or else that of its ID. If another rule has it, a route that the file lacks is new
   * and gets the next one; without the file nobody knows which of the two is deployed.
   */
  private choose(route: IConstruct, conditions: RouteConditions, key: string): number {
    const automatic = automaticPriority(key, conditions);
    const { path } = route.node;
    const others = Object.entries(this.kept).filter(([name]) => name !== path);
    const isTaken = (candidate: number) =>
      this.holderOf(candidate) !== undefined || others.some(([, { priority }]) => priority === candidate);
    const known = this.kept[path]?.automatic === automatic ? this.kept[path].priority : undefined;
    const isShared = known === undefined && isTaken(automatic);
    if (isShared && !this.record?.exists) {
      throw sharedNumber(route, this.holderOf(automatic)!, automatic, freePriority(automatic, isTaken));
    }
    const priority = known ?? (isShared ? nextAutomaticPriority(automatic, isTaken) : automatic);
    this.automatic.set(path, { automatic, priority });
    return priority;
  }

  private get record(): PriorityRecord | undefined {
    return this.listener && PriorityRecord.of(this.listener);
  }

  private get kept(): Readonly<Record<string, KeptPriority>> {
    return this.record?.of(this.listener!) ?? {};
  }

  private keep(): void {
    this.record?.keep(this.listener!, Object.fromEntries(this.automatic));
  }

  private requireRoom(route: IConstruct, more = 1): void {
    if (this.entries.length + this.alternateGroups + more <= MAX_GROUPS) return;
    throw validationError(route, 'RouteCount', {
      prop: `route('${route.node.id}')`,
      must: `be one of at most ${MAX_GROUPS} on a side, since a load balancer has at most ${MAX_GROUPS} target groups (${source})${this.alternateGroups > 0 ? `, and ${this.alternateGroups} routes have two` : ''}`,
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
    const isTaken = (candidate: number) => this.holderOf(candidate) !== undefined;
    const holder = this.holderOf(priority);
    if (!holder) return;
    throw validationError(route, 'RoutePriorityTaken', {
      prop: 'priority',
      must: `be used once on a listener, and ${holder.node.path} has it already`,
      got: priority,
      fix: `set \`priority: ${freePriority(priority, isTaken)}\` on the newer of the two`,
    });
  }

  private holderOf(priority: number): IConstruct | undefined {
    return this.entries.find((entry) => entry.priority === priority)?.route ?? this.taken.get(priority);
  }

  /** Returns the priorities that a rule of a route shares with a rule that belongs to no route, such as that of `listener.addAction`. */
  private sharedPriorities(listener: IApplicationListener): Violation[] {
    const rules = rulesOf(listener);
    const isTaken = (candidate: number) => rules.has(candidate) || this.holderOf(candidate) !== undefined;
    return [...rules].flatMap(([priority, paths]) => {
      const route = this.holderOf(priority);
      if (!route || paths.length < 2) return [];
      return {
        prop: `priority of ${route.node.path}`,
        must: `be used once on a listener, and ${paths.join(' and ')} have the same`,
        got: priority,
        fix: `set \`priority: ${freePriority(priority, isTaken)}\` on the route`,
      };
    });
  }

  private requireReachable(added: IConstruct, entries: Entry[]): void {
    const place = entries.findIndex(({ route }) => route === added);
    entries.forEach((entry, position) => {
      // The others could be reached before: only what the new route takes from can have changed.
      if (position < place || (position > place && !entries[place].conditions.takesFrom(entry.conditions))) return;
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

function sharedNumber(route: IConstruct, holder: IConstruct, automatic: number, free: number): Error {
  return validationError(route, 'RoutePriorityShared', {
    prop: `route('${route.node.id}')`,
    must: `have a priority of its own, and its ID yields that of ${holder.node.path}`,
    got: automatic,
    fix: `set \`priority: ${free}\` on the newer of the two, or, if neither is deployed, create ${PRIORITY_FILE} with {} beside cdk.json, in which \`cdk synth\` keeps the numbers`,
  });
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

/** Returns the rules of the listener that are in the app, by their priorities. */
function rulesOf({ listenerArn, node }: IApplicationListener): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const rule of node.root.node.findAll()) {
    if (!CfnListenerRule.isCfnListenerRule(rule) || rule.listenerArn !== listenerArn) continue;
    found.set(rule.priority, [...(found.get(rule.priority) ?? []), rule.node.path.replace(/\/Resource$/, '')]);
  }
  return found;
}
