import { InjectionContext, PropertyInjectors } from 'aws-cdk-lib';

/** A class of constructs that injectors can name. */
export interface Injectable {
  readonly PROPERTY_INJECTION_ID: string;
}

/**
 * Returns props after the injector of a class, that of the closest scope which has one. The constructs of aws-cdk-lib do the same.
 * Why here and not by its decorator: docs/decisions/0024-property-injection.md.
 */
export function injected<P>({ PROPERTY_INJECTION_ID: uniqueId }: Injectable, props: P, context: InjectionContext): P {
  const injector = context.scope.node.scopes
    .reverse()
    .filter((scope) => PropertyInjectors.hasPropertyInjectors(scope))
    .map((scope) => PropertyInjectors.of(scope).for(uniqueId))
    .find((found) => found !== undefined);
  return injector ? (injector.inject(props, context) as P) : props;
}
