import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Acknowledges a cdk-nag finding that is inherent to the design, at the narrowest construct, with its reason. Every call is listed
 * in docs/acknowledgements.md; a test compares both.
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}
