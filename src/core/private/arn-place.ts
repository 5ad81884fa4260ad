import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from './errors';
import { isUnknown } from './unknown';

const PARTS = { account: [4, 'account'], region: [3, 'Region'] } as const;

/**
 * Rejects the ARN of a resource that a stack cannot use, because it is in another account or Region. What is known only at deployment is not
 * compared, and an ARN without the part is valid everywhere.
 *
 * @param parts parts in which the ARN must agree; a resource that AWS RAM can share is bound to its Region only
 */
export function requireArnPlace(scope: IConstruct, prop: string, arn: string, parts: (keyof typeof PARTS)[]): void {
  if (isUnknown(arn)) return;
  const stack = Stack.of(scope);
  for (const part of parts) {
    const [index, name] = PARTS[part];
    const [own, other] = [stack[part], arn.split(':')[index]];
    if (!other || isUnknown(own) || own === other) continue;
    throw validationError(scope, 'ArnOfOtherPlace', {
      prop,
      must: `be in the ${name} of the stack (${own})`,
      got: arn,
      fix: `use one of this ${name}, or create the stack in ${other}`,
    });
  }
}
