import { Duration, Size, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { mustBeKnown, validationError } from './errors';

/** Throws if the value is a token and the library or CDK has to compute with it. */
export function requireResolved(scope: IConstruct, prop: string, value: unknown): void {
  const isOfUnit = value instanceof Duration || value instanceof Size;
  if (isOfUnit ? value.isUnresolved() : Token.isUnresolved(value)) throw unknown(scope, prop);
}

/** Converts a duration or a size. A token must already be in this unit, because an unresolved value cannot be multiplied. */
export function inUnit<T>(scope: IConstruct, prop: string, convert: () => T): T {
  try {
    return convert();
  } catch {
    throw unknown(scope, prop);
  }
}

function unknown(scope: IConstruct, prop: string): Error {
  return validationError(scope, 'KnownAtSynthesis', mustBeKnown(prop));
}
