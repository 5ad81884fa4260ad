import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IConstruct } from 'constructs';
import { ConstructState } from '../../core/private/construct-state';
import { validationError } from '../../core/private/errors';
import { sorted } from '../../core/private/sorted';

/** The file beside cdk.json that keeps the priorities of routes. */
export const PRIORITY_FILE = 'cdk.route-priorities.json';

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
 * The priorities of routes that a file keeps between runs, so that routes whose IDs yield the same number never exchange it. `cdk synth`
 * writes the file, like cdk.context.json; unit tests read it.
 */
export class PriorityRecord {
  public static of(scope: IConstruct): PriorityRecord {
    return PriorityRecord.state.of(scope.node.root);
  }

  private static readonly state = new ConstructState('priorityRecord', (root) => new PriorityRecord(root));

  private readonly file = join(process.cwd(), PRIORITY_FILE);
  private readonly text: string;
  private readonly listeners: Record<string, Listener>;

  private constructor(root: IConstruct) {
    this.text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
    this.listeners = this.text ? parse(root, this.text) : {};
    root.node.addValidation({ validate: () => this.write() });
  }

  /** Returns the priorities of a listener. */
  public of(listener: string): Readonly<Listener> {
    return this.listeners[listener] ?? {};
  }

  /** Keeps priorities of a listener. Those of routes that no longer exist stay, since another variant of the app may have them. */
  public keep(listener: string, kept: Listener): void {
    this.listeners[listener] = { ...this.listeners[listener], ...kept };
  }

  private write(): string[] {
    const listeners = sorted(this.listeners).map(([name, routes]) => [name, Object.fromEntries(sorted(routes))]);
    const text = `${JSON.stringify(Object.fromEntries(listeners), undefined, 2)}\n`;
    if (process.env[RUN_BY_CDK] && listeners.length > 0 && text !== this.text) writeFileSync(this.file, text);
    return [];
  }
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
