import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from './errors';
import { inUnit } from './resolved';

/** Throws unless the duration is absent, a token in seconds or a whole number of seconds within the bounds. */
export function requireSeconds(
  scope: IConstruct,
  id: string,
  prop: string,
  value: Duration | undefined,
  min: number,
  max: number,
): void {
  if (!value) return;
  const seconds = inUnit(scope, prop, () => value.toSeconds({ integral: false }));
  if (value.isUnresolved()) return;
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return;
  throw validationError(scope, id, {
    prop,
    must: `be whole seconds from ${min} to ${max}`,
    got: `${seconds} seconds`,
    fix: 'choose a duration in that range',
  });
}
