import { Resource } from '../app-templates';
import type { Difference } from './difference';
import type { Behaviour } from './exceptions';

/** The effect of a deployment on a resource. */
export type Outcome = 'unchanged' | 'updated' | 'interrupted' | 'may be replaced' | 'replaced' | 'created' | 'removed' | 'kept';

/** A changed property and the effect of its change. */
export interface Cause extends Difference {
  readonly behaviour: Behaviour;
}

export interface Change {
  /** The stack and the logical ID. */
  readonly id: string;
  /** The construct path. */
  readonly path: string;
  readonly type: string;
  readonly outcome: Outcome;
  readonly causes: readonly Cause[];
  /** The policy for the old resource, if it is removed or replaced. */
  readonly policy?: string;
  readonly before?: Resource;
  readonly after?: Resource;
}

/** Identifies a resource in two versions of an app. */
export function idOf({ template, id }: Resource): string {
  return `${template.name}/${id}`;
}

/** A change that AWS refuses, by a documented rule. */
export interface Refusal {
  readonly rule: string;
  /** The stack and the logical ID, or the export. */
  readonly id: string;
  /** False if it depends on what only the deployment knows: a replacement, or the order of two resources. */
  readonly isCertain: boolean;
  /** The page of AWS that states the rule. */
  readonly source: string;
  readonly says: string;
}
