import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IConstruct } from 'constructs';
import { validationError } from './errors';

/** A value that an import needs and may lack. */
interface Needed {
  readonly prop: string;
  /** The value, as it reads after "be imported with". */
  readonly needs: string;
  /** The resource that was imported. */
  readonly got: IConstruct;
  /** The remedy. */
  readonly fix: string;
}

/**
 * Reads a value of a resource. For an import that lacks it, CDK throws an error that names no prop, or has none: a variable of the environment
 * that is not set.
 */
export function ofImport<T>(scope: IConstruct | undefined, read: () => T, { prop, needs, got, fix }: Needed): T {
  const value = attempt(read);
  if (value !== undefined) return value;
  throw validationError(scope, 'ImportIncomplete', { prop, must: `be imported with ${needs}`, got: got.node.path, fix });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Returns the name of a hosted zone. */
export function zoneNameOf(scope: IConstruct | undefined, prop: string, zone: IHostedZone): string {
  return ofImport(scope, () => zone.zoneName, {
    prop,
    needs: 'its name',
    got: zone,
    fix: 'use `fromHostedZoneAttributes` with `hostedZoneId` and `zoneName`, or a look-up',
  });
}
