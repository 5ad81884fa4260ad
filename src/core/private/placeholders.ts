import { CfnCondition, Fn, IResolvable, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

const CONDITIONS = Symbol.for('cdk-ecs-mesh.placeholders');

interface Holder extends IConstruct {
  [CONDITIONS]?: Set<CfnCondition>;
}

/** Records that a container of a task runs a placeholder while the condition holds. */
export function recordPlaceholder(taskDefinition: IConstruct, isEmpty: CfnCondition): void {
  const holder = taskDefinition as Holder;
  if (!holder[CONDITIONS]) Object.defineProperty(holder, CONDITIONS, { value: new Set<CfnCondition>() });
  holder[CONDITIONS]!.add(isEmpty);
}

/** Returns one number while any container of the task runs a placeholder, and another otherwise. */
export function countWhilePlaceholder(taskDefinition: IConstruct, placeholder: number, otherwise: number): number {
  const conditions = [...((taskDefinition as Holder)[CONDITIONS] ?? [])];
  if (conditions.length === 0) return otherwise;
  const nested = conditions.reduce<number | IResolvable>(
    (rest, { logicalId }) => Fn.conditionIf(logicalId, placeholder, rest),
    otherwise,
  );
  return Token.asNumber(nested);
}

/** Returns one text while any container of the task runs a placeholder, and another otherwise; undefined if no container can. */
export function whilePlaceholder(taskDefinition: IConstruct, placeholder: string, otherwise: string): string | undefined {
  const conditions = [...((taskDefinition as Holder)[CONDITIONS] ?? [])];
  if (conditions.length === 0) return undefined;
  return conditions.reduce((rest, { logicalId }) => Fn.conditionIf(logicalId, placeholder, rest).toString(), otherwise);
}
