import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { EndpointAcknowledgement } from '../endpoint';

/** The packs that share their rules, and often one reason for all three. */
const PACKS = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/**
 * Acknowledges a cdk-nag finding that is inherent to the design, at the narrowest construct, with its reason. Every call is listed
 * in docs/acknowledgements.md; a test compares both.
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  Validations.of(scope).acknowledge({ id, reason });
}

/** Acknowledges a finding of a rule that the NIST, HIPAA and PCI DSS packs share: `rule` is its name without that of the pack. */
export function acknowledgeInPacks(scope: IConstruct, rule: string, reason: string): void {
  for (const pack of PACKS) acknowledge(scope, `${pack}-${rule}`, reason);
}

/**
 * Returns an acknowledgement of a finding that a connection causes on the role of its client, as data. It is listed like a call of
 * `acknowledge`.
 */
export function acknowledgement(id: string, reason: string): EndpointAcknowledgement {
  return { id, reason };
}

/** Acknowledges the findings that an endpoint declares. */
export function acknowledgeEach(scope: IConstruct, acknowledgements: EndpointAcknowledgement[]): void {
  for (const { id, reason } of acknowledgements) acknowledge(scope, id, reason);
}
