import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IConstruct } from 'constructs';
import { ConstructState } from '../../core/private/construct-state';
import { validationError, warn } from '../../core/private/errors';
import { sorted } from '../../core/private/sorted';

/** The file beside cdk.json that keeps the priorities of routes. */
export const PRIORITY_FILE = 'cdk.route-priorities.json';

/** From this number of routes on one listener on, the file exists: IDs are then likely to yield one number. */
const KEPT_FROM = 20;

/** The command line of CDK sets it for the app that it runs. */
const RUN_BY_CDK = 'CDK_OUTDIR';

/** A priority that a route has, and the one that its ID alone yields, which tells a changed route from the same one. */
export interface KeptPriority {
  readonly automatic: number;
  readonly priority: number;
}

/** The priorities of the routes of one listener, by their paths. */
type Listener = Record<string, KeptPriority>;

/**
 * The priorities of routes that a file keeps between runs, so that routes whose IDs yield the same number never exchange it. If it exists, it
 * has all routes of the app. `cdk synth` writes the file, like cdk.context.json; unit tests read it.
 */
export class PriorityRecord {
  public static of(scope: IConstruct): PriorityRecord {
    return PriorityRecord.state.of(scope.node.root);
  }

  private static readonly state = new ConstructState('priorityRecord', (root) => new PriorityRecord(root));

  private readonly file = join(process.cwd(), PRIORITY_FILE);
  private readonly text: string;
  private readonly listeners: Record<string, Listener>;
  private readonly changed = new Set<IConstruct>();

  private constructor(root: IConstruct) {
    this.text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
    this.listeners = this.text ? parse(root, this.text) : {};
    root.node.addValidation({ validate: () => this.write() });
  }

  /** Indicates whether the file exists, so that a route that it lacks is new. */
  public get exists(): boolean {
    return this.text !== '';
  }

  /** Returns the priorities of a listener. */
  public of({ node }: IConstruct): Readonly<Listener> {
    return this.listeners[node.path] ?? {};
  }

  /** Keeps priorities of a listener. Those of routes that no longer exist stay, since another variant of the app may have them. */
  public keep(listener: IConstruct, kept: Listener): void {
    const known = this.of(listener);
    if (Object.entries(kept).every(([route, { priority }]) => known[route]?.priority === priority)) return;
    this.listeners[listener.node.path] = { ...known, ...kept };
    this.changed.add(listener);
  }

  private write(): string[] {
    const isNeeded = this.exists || Object.values(this.listeners).some((routes) => Object.keys(routes).length >= KEPT_FROM);
    if (!process.env[RUN_BY_CDK] || !isNeeded || this.changed.size === 0) return [];
    const listeners = sorted(this.listeners).map(([name, routes]) => [name, Object.fromEntries(sorted(routes))]);
    const isWritten = this.save(`${JSON.stringify(Object.fromEntries(listeners), undefined, 2)}\n`);
    for (const listener of this.changed) warnOfFile(listener, isWritten);
    return [];
  }

  private save(text: string): boolean {
    try {
      writeFileSync(this.file, text);
      return true;
    } catch {
      return false;
    }
  }
}

function warnOfFile(listener: IConstruct, isWritten: boolean): void {
  warn(
    listener,
    'RoutePrioritiesToCommit',
    isWritten
      ? `${PRIORITY_FILE} has new routes of ${listener.node.path}: commit it before you deploy them.`
      : `${PRIORITY_FILE} lacks routes of ${listener.node.path} and cannot be written here: run \`cdk synth\` where it can, and commit the file.`,
  );
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(root: IConstruct, text: string): Record<string, Listener> {
  const isKept = (value: unknown): value is KeptPriority =>
    ['automatic', 'priority'].every((name) => {
      const number = (value as Record<string, unknown> | null)?.[name];
      return Number.isInteger(number) && Number(number) >= 1 && Number(number) <= 50_000;
    });
  try {
    const listeners = JSON.parse(text) as Record<string, Listener>;
    if ([listeners, ...Object.values(listeners)].every(isMap) && Object.values(listeners).flatMap(Object.values).every(isKept)) {
      return listeners;
    }
  } catch {
    // The error below says what to do.
  }
  throw validationError(root, 'RoutePriorityFile', {
    prop: PRIORITY_FILE,
    must: 'have `automatic` and `priority`, from 1 to 50000, for each route of each listener',
    fix: 'restore it from the version control; without it, routes that are deployed can get other priorities',
  });
}
