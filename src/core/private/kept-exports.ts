import {
  CfnResource,
  DefaultTokenResolver,
  IPostProcessor,
  IResolvable,
  IResolveContext,
  Reference,
  Stack,
  StringConcat,
  Tokenization,
} from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Collects what values refer to, instead of rendering it. */
class References extends DefaultTokenResolver {
  public readonly found = new Set<Reference>();

  constructor() {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor) {
    if (!Reference.isReference(token)) return super.resolveToken(token, context, postProcessor);
    this.found.add(token);
    return '';
  }
}

/**
 * Keeps the exports of the values that a stack has imported from others, without an importer. CloudFormation refuses to remove an export in
 * the deployment in which its last importer goes, since the exporting stack is deployed first.
 *
 * @param scope construct in the importing stack; the app if it is not known
 */
export function keepExports(scope: IConstruct, values: unknown[]): void {
  const references = new References();
  Tokenization.resolve(values, { scope, resolver: references, preparing: false });
  for (const reference of references.found) {
    const stack = Stack.of(reference.target);
    if (CfnResource.isCfnResource(reference.target) && !scope.node.scopes.includes(stack)) stack.exportValue(reference);
  }
}
