import { CfnElement } from 'aws-cdk-lib';
import { CfnPrefixList } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { targetOf } from './tally';

const weights = new ConstructState('prefixListWeights', () => new Map<string, number>());

/** Records as how many rules a rule with a prefix list counts. A list that nobody knows counts as one. */
export function weighPrefixList(scope: IConstruct, prefixListId: string, weight: number): void {
  weights.of(scope.node.root).set(prefixListId, weight);
}

/** The number of rules as which a rule counts: those of a prefix list are its weight, or the most entries that it can have. */
export function weightOf(scope: CfnElement, prefixListId: string | undefined): number {
  if (prefixListId === undefined) return 1;
  const list = targetOf(scope, prefixListId);
  if (list instanceof CfnPrefixList) return list.maxEntries ?? 1;
  return weights.of(scope.node.root).get(prefixListId) ?? 1;
}
