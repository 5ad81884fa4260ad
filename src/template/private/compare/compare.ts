import { AppTemplates, Resource } from '../app-templates';
import { textOf } from '../json';
import { behaviourOf } from './behaviour';
import { Cause, Change, idOf, Outcome, Refusal } from './change';
import { Difference, differences, Fate } from './difference';
import { BEHAVIOURS } from './exceptions';
import { refusalsOf } from './refusals';

export interface Comparison {
  readonly changes: readonly Change[];
  readonly refusals: readonly Refusal[];
}

/** RDS keeps a final snapshot of what has no policy. */
const SNAPSHOT_BY_DEFAULT = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/**
 * Compares the templates of an app that is deployed with those of its next deployment. A stack that the new app does not contain remains
 * deployed, so none of its resources are listed.
 */
export function compare(before: AppTemplates, after: AppTemplates): Comparison {
  const changes = new Comparer(before, after).changes();
  return { changes, refusals: refusalsOf(changes, before, after) };
}

class Comparer {
  private readonly old: Map<string, Resource>;
  private readonly fresh: Map<string, Resource>;
  private readonly outcomes = new Map<string, Outcome>();

  constructor(before: AppTemplates, after: AppTemplates) {
    const stacks = new Set(after.templates.map(({ name }) => name));
    this.old = byId(before.resources.filter(({ template, exists }) => exists && stacks.has(template.name)));
    this.fresh = byId(after.resources.filter(({ exists }) => exists));
  }

  /** A replacement changes the values of those that refer to the resource, so outcomes are calculated until none changes. */
  public changes(): Change[] {
    const ids = [...new Set([...this.old.keys(), ...this.fresh.keys()])];
    for (let isSettled = false; !isSettled;) {
      isSettled = true;
      for (const id of ids) {
        const { outcome } = this.changeOf(id);
        if (this.outcomes.get(id) !== outcome) isSettled = false;
        this.outcomes.set(id, outcome);
      }
    }
    return ids.map((id) => this.changeOf(id));
  }

  private changeOf(id: string): Change {
    const [before, after] = [this.old.get(id), this.fresh.get(id)];
    const { path, type } = (after ?? before)!;
    const common = { id, path, type, before, after };
    if (!before) return { ...common, outcome: 'created', causes: [] };
    if (!after) {
      const policy = policyOf(before, 'DeletionPolicy');
      return { ...common, outcome: policy.startsWith('Retain') ? 'kept' : 'removed', causes: [], policy };
    }
    const causes = differences(before, after, this.fate).flatMap((difference) => causeOf(type, difference));
    const outcome = before.type === after.type ? outcomeOf(causes) : 'replaced';
    const isReplaced = outcome === 'replaced' || outcome === 'may be replaced';
    return { ...common, outcome, causes, policy: isReplaced ? policyOf(after, 'UpdateReplacePolicy') : undefined };
  }

  private readonly fate: Fate = (resource) => {
    const outcome = this.outcomes.get(idOf(resource));
    if (outcome === 'interrupted') return 'updated';
    return outcome === 'replaced' || outcome === 'may be replaced' || outcome === 'updated' ? outcome : undefined;
  };
}

/** Omits a value that each deployment reads again where it cannot replace the resource: it says nothing about this deployment. */
function causeOf(type: string, difference: Difference): Cause[] {
  const behaviour = behaviourOf(type, difference.path);
  if (behaviour === 'none' && difference.isFloating) return [];
  return [{ ...difference, behaviour: behaviour === 'replaces' && !difference.isCertain ? 'maybe' : behaviour }];
}

function outcomeOf(causes: Cause[]): Outcome {
  if (causes.length === 0) return 'unchanged';
  const worst = Math.max(...causes.map(({ behaviour }) => BEHAVIOURS.indexOf(behaviour)));
  return (['updated', 'interrupted', 'may be replaced', 'replaced'] as const)[worst];
}

/** Returns what CloudFormation does with a resource that it deletes. */
export function policyOf({ type, body }: Resource, attribute: 'DeletionPolicy' | 'UpdateReplacePolicy'): string {
  const given = textOf(body[attribute]);
  if (given !== undefined) return given;
  const isInCluster = (body.Properties as Record<string, unknown> | undefined)?.DBClusterIdentifier !== undefined;
  return attribute === 'DeletionPolicy' && SNAPSHOT_BY_DEFAULT.includes(type) && !isInCluster ? 'Snapshot' : 'Delete';
}

function byId(resources: Resource[]): Map<string, Resource> {
  return new Map(resources.map((resource) => [idOf(resource), resource]));
}
