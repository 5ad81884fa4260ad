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

/** Stands for a reference: path of the stack, logical id, attribute. CDK's validators take it for a function of CloudFormation. */
export const RESOURCE = 'Fn::Resource';

/** Resolves tokens like CDK, but keeps what each reference is to, so that references lead across stacks too. */
export class ReferenceResolver extends DefaultTokenResolver {
  public constructor() {
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

/** Keeps the parts of a string apart, so that they can be read one by one. */
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
