import { CfnElement, DefaultTokenResolver, IResolvable, IResolveContext, Reference, StringConcat, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Returns the resources of this app that a value refers to, such as a list of names or an ARN.
 *
 * @param property the property of the value in which the references are; any by default
 */
export function targetsIn(user: CfnElement, value: unknown, property?: string): IConstruct[] {
  const resolver = new TargetResolver(property);
  Tokenization.resolve(value, { scope: user, resolver, preparing: false });
  return resolver.targets;
}

/** Returns the resource of this app that an ID, a name or an ARN refers to. */
export function targetOf(user: CfnElement, value: unknown): IConstruct | undefined {
  return targetsIn(user, value)[0];
}

/** Returns the length of a list, which may be known only now. */
export function lengthOf(user: CfnElement, list: unknown): number {
  const resolved: unknown = user.stack.resolve(list);
  return Array.isArray(resolved) ? resolved.length : 0;
}

class TargetResolver extends DefaultTokenResolver {
  public readonly targets: IConstruct[] = [];

  constructor(private readonly property?: string) {
    super(new StringConcat());
  }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: never): unknown {
    if (!Reference.isReference(token)) return super.resolveToken(token, context, postProcessor);
    if (this.property === undefined || context.documentPath.at(-1) === this.property) this.targets.push(token.target);
    return 'reference';
  }
}

/** Counts by something that is a key. */
export class Tally<K> {
  private readonly counts = new Map<K, number>();

  public add(counted: K | undefined, count = 1): void {
    if (counted !== undefined) this.counts.set(counted, (this.counts.get(counted) ?? 0) + count);
  }

  /** Returns what was counted more often than the limit. */
  public above(limit: number): [K, number][] {
    return [...this.counts].filter(([, count]) => count > limit);
  }
}
