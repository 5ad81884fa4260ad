import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Deployment, Options, Outcome } from './deployment';
import { Account, Existing } from './engine';
import { added, Inventory, inventoryOf } from './inventory';
import { readAssembly } from '../../src/template/private/assembly';
import type { Change } from '../../src/template/private/compare/change';
import { compare, Comparison } from '../../src/template/private/compare/compare';

/** A line of the table that the lane prints. */
interface Row {
  readonly step: string;
  readonly created: number;
  readonly updated: number;
  readonly interrupted: number;
  readonly replaced: number;
  readonly removed: number;
  readonly refused: number;
  readonly stays: string;
  readonly seconds: string;
}

/** A step of a deployment. */
export interface Step extends Outcome {
  /** What the templates say; undefined for a creation or a deletion. */
  readonly comparison?: Comparison;
  /** What exists, by stack and logical ID, before and after. */
  readonly before: Map<string, Existing>;
  readonly after: Map<string, Existing>;
}

/** An app in an account of its own, from creation to deletion. Each step is a row of the table of its title. */
export class Life {
  public readonly deployment: Deployment;
  private readonly rows: Row[] = [];
  private baseline: Inventory = {};
  private current?: App;
  /** What the account has now and did not have before the first step, as its services list it. */
  public left: Inventory = {};

  constructor(
    public readonly title: string,
    public readonly account = new Account(),
  ) {
    this.deployment = new Deployment(this.account);
  }

  /** The settings of a hosted zone that exists. */
  public async zone(): Promise<{ zoneName: string; zoneId: string }> {
    const zoneName = 'demo.example';
    const { HostedZone } = await this.account.call('route53', 'create_hosted_zone', {
      Name: zoneName,
      CallerReference: this.title,
    });
    return { zoneName, zoneId: HostedZone.Id.split('/').pop() };
  }

  /** Creates or updates the stacks of an app. */
  public async step(name: string, app: App, options: Options = {}): Promise<Step> {
    if (!this.current) this.baseline = await inventoryOf(this.account);
    const comparison = this.current && compare(readAssembly(this.current.synth().directory), readAssembly(app.synth().directory));
    const step = await this.measure(name, () => this.deployment.deploy(app, options), comparison);
    if (statusesOf(step).every((status) => !status.includes('ROLLBACK'))) this.current = app;
    return step;
  }

  public async destroy(name: string): Promise<Step> {
    const step = await this.measure(name, () => this.deployment.destroy());
    this.current = undefined;
    return step;
  }

  /** What CloudFormation says it made, and the service that should have it does not list. */
  public async unlisted(): Promise<string[]> {
    const made = (await this.account.existing()).filter(({ type, id }) => this.left[type] && !this.left[type].includes(id));
    return made.map(({ type, id }) => `${type} ${id}`);
  }

  /** Writes the table for the lane. */
  public write(): void {
    if (!process.env.ROWS) return;
    const file = join(process.env.ROWS, `${this.title.replace(/[^\w]+/g, '-')}.json`);
    writeFileSync(file, JSON.stringify({ title: this.title, rows: this.rows }));
  }

  private async measure(step: string, work: () => Promise<Outcome>, comparison?: Comparison): Promise<Step> {
    const before = await this.origins();
    const started = Date.now();
    const outcome = await work();
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const after = await this.origins();
    const result = { ...outcome, comparison, before, after };
    this.left = added(await inventoryOf(this.account), this.baseline);
    this.rows.push({ step, ...countsOf(result), stays: inWords(this.left), seconds });
    return result;
  }

  /** Of two with one origin, the newer one: the older one is no longer in its stack. */
  private async origins(): Promise<Map<string, Existing>> {
    return new Map((await this.account.existing()).map((one) => [one.origin, one]));
  }
}

function countsOf({ before, after, comparison, failures }: Step): Omit<Row, 'step' | 'stays' | 'seconds'> {
  const common = [...after].filter(([origin]) => before.has(origin));
  const interrupted = comparison?.changes.filter(({ id, outcome }) => outcome === 'interrupted' && after.has(id)) ?? [];
  return {
    created: after.size - common.length,
    updated: common.filter(([origin, { id, changed }]) => before.get(origin)!.id === id && before.get(origin)!.changed !== changed)
      .length,
    interrupted: interrupted.length,
    replaced: common.filter(([origin, { id }]) => before.get(origin)!.id !== id).length,
    removed: [...before.keys()].filter((origin) => !after.has(origin)).length,
    refused: failures.length,
  };
}

/** After a deletion only a few are left; while stacks exist, the number is enough. */
function inWords(left: Inventory): string {
  const types = Object.entries(left).map(([type, ids]) => `${ids.length} ${type.replace('AWS::', '')}`);
  return types.length > 12 ? `${Object.values(left).flat().length} resources` : types.join(', ');
}

/** Where the comparison of the templates and the engine judge a change differently. */
export function disagreements({ comparison, before, after, failures }: Step): string[] {
  const failed = new Set(failures.map(({ id }) => id));
  return comparison!.changes.flatMap((change) => {
    const [old, now] = [before.get(change.id), after.get(change.id)];
    const found = !old ? (now ? 'created' : 'absent') : !now ? 'removed' : old.id === now.id ? 'in place' : 'replaced';
    return expected(change).includes(found) || failed.has(change.id)
      ? []
      : [`${change.id} (${change.type}): ${change.outcome}, ${found}`];
  });
}

function expected({ outcome }: Change): string[] {
  if (outcome === 'unchanged' || outcome === 'updated' || outcome === 'interrupted') return ['in place'];
  if (outcome === 'may be replaced') return ['in place', 'replaced'];
  // What is kept leaves its stack and still exists.
  return outcome === 'kept' ? ['in place', 'removed'] : [outcome];
}

export function statusesOf({ statuses }: Outcome): string[] {
  return [...new Set(Object.values(statuses))];
}

/** What CloudFormation could not do, and why. */
export function reasonsOf({ failures }: Outcome): string[] {
  return failures.map(({ id, status, reason }) => `${id} ${status}: ${reason}`);
}
