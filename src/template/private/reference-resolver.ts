import {
  CfnElement,
  DefaultTokenResolver,
  IFragmentConcatenator,
  IPostProcessor,
  IResolvable,
  IResolveContext,
  Reference,
  Stack,
} from 'aws-cdk-lib';
import { CONCAT } from './evaluate';

/** The placeholder for a reference: path of the stack, logical ID, attribute. CDK's validators treat it as an intrinsic function. */
export const RESOURCE = 'Fn::Resource';

/** Resolves tokens like CDK, but keeps the target of each reference, so that references can be followed across stacks. */
export class ReferenceResolver extends DefaultTokenResolver {
  constructor() {
    super(new PartsConcatenator());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token) && CfnElement.isCfnElement(token.target)) {
      const stack = Stack.of(token.target);
      return { [RESOURCE]: [stack.node.path, stack.resolve(token.target.logicalId), token.displayName] };
    }
    return super.resolveToken(token, context, postProcessor);
  }
}

/** Keeps the parts of a string separate, so that each can be read. */
class PartsConcatenator implements IFragmentConcatenator {
  public join(left: unknown, right: unknown): unknown {
    return { [CONCAT]: [...parts(left), ...parts(right)] };
  }
}

function parts(side: unknown): unknown[] {
  if (side === undefined) return [];
  const inner = typeof side === 'object' && side !== null ? (side as Record<string, unknown>)[CONCAT] : undefined;
  return Array.isArray(inner) ? inner : [side];
}
