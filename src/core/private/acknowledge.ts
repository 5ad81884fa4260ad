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

/** The same for a rule that the packs of NIST, HIPAA and PCI DSS share: `rule` is its name without that of the pack. */
export function acknowledgeInPacks(scope: IConstruct, rule: string, reason: string): void {
  for (const pack of PACKS) acknowledge(scope, `${pack}-${rule}`, reason);
}

/** A finding that a connection raises on the role of its client, as data; listed like a call of `acknowledge`. */
export function acknowledgement(id: string, reason: string): EndpointAcknowledgement {
  return { id, reason };
}

/** Acknowledges what an endpoint asked for. */
export function acknowledgeEach(scope: IConstruct, acknowledgements: EndpointAcknowledgement[]): void {
  for (const { id, reason } of acknowledgements) acknowledge(scope, id, reason);
}
