import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { requireInteger } from '../../core/private/errors';

/** Throws unless a duration is absent or within the bounds, given and said in seconds. */
export function requireSeconds(
  scope: IConstruct,
  id: string,
  prop: string,
  value: Duration | undefined,
  min: number,
  max: number,
): void {
  requireInteger(scope, id, prop, value?.toSeconds({ integral: false }), min, max);
}
