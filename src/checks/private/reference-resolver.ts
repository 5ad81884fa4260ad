import {
  CfnElement,
  DefaultTokenResolver,
  IFragmentConcatenator,
  IPostProcessor,
  IResolvable,
  IResolveContext,
  Reference,
} from 'aws-cdk-lib';

/** The key under which a resolved property says which construct it refers to: CDK's validators take it for an intrinsic function. */
export const RESOURCE = 'Fn::Resource';

/** The key of a string that is put together of literals and references. */
export const CONCAT = 'Fn::Concat';

/** Resolves tokens like CDK, but keeps the construct behind each reference, so that references lead across stacks too. */
export class ReferenceResolver extends DefaultTokenResolver {
  public constructor() {
    super(new PartsConcatenator());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token) && CfnElement.isCfnElement(token.target)) {
      return { [RESOURCE]: [token.target.node.path, token.displayName] };
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
