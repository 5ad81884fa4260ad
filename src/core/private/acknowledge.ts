import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { EndpointAcknowledgement } from '../endpoint';

/** The packs that share their rules, and often one reason for all three. */
const PACKS = ['NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'];

/**
 * Acknowledges cdk-nag findings that are inherent to the design, at the narrowest construct, with their reason. Every call is listed
 * in docs/acknowledgements.md; a test compares both.
 *
 * @param ids IDs of findings; `*-<rule>` is a rule that the NIST, HIPAA and PCI DSS packs share
 */
export function acknowledge(scope: IConstruct, ids: string | string[], reason: string): void {
  for (const id of [ids].flat().flatMap(inEachPack)) Validations.of(scope).acknowledge({ id, reason });
}

function inEachPack(id: string): string[] {
  return id.startsWith('*-') ? PACKS.map((pack) => `${pack}${id.slice(1)}`) : [id];
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

/** Renders a value as cdk-nag does in the IDs of its findings: `<Bucket123.Arn>/*`. */
export function inFinding(scope: IConstruct, value: string): string {
  return flattened(Stack.of(scope).resolve(value));
}

function flattened(value: unknown): string {
  if (typeof value === 'string') return value;
  const node = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (node.Ref) return `<${node.Ref}>`;
  if (node['Fn::GetAtt']) return `<${node['Fn::GetAtt'].join('.')}>`;
  if (node['Fn::Join']) return node['Fn::Join'][1].map(flattened).join(node['Fn::Join'][0]);
  return JSON.stringify(value);
}
