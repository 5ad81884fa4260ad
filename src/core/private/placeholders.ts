import { CfnCondition, Fn, IResolvable, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';

const conditions = new ConstructState('placeholders', () => new Set<CfnCondition>());

/** Records that a container of a task runs a placeholder while the condition holds. */
export function recordPlaceholder(taskDefinition: IConstruct, isEmpty: CfnCondition): void {
  conditions.of(taskDefinition).add(isEmpty);
}

/** Returns one number while any container of the task runs a placeholder, and another otherwise. */
export function countWhilePlaceholder(taskDefinition: IConstruct, placeholder: number, otherwise: number): number {
  const empty = [...conditions.of(taskDefinition)];
  if (empty.length === 0) return otherwise;
  const nested = empty.reduce<number | IResolvable>(
    (rest, { logicalId }) => Fn.conditionIf(logicalId, placeholder, rest),
    otherwise,
  );
  return Token.asNumber(nested);
}

/** Returns one text while any container of the task runs a placeholder, and another otherwise; undefined if no container can. */
export function whilePlaceholder(taskDefinition: IConstruct, placeholder: string, otherwise: string): string | undefined {
  const empty = [...conditions.of(taskDefinition)];
  if (empty.length === 0) return undefined;
  return empty.reduce((rest, { logicalId }) => Fn.conditionIf(logicalId, placeholder, rest).toString(), otherwise);
}
