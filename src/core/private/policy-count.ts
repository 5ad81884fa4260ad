import { CfnResource } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { Violation, warn } from './errors';
import { QUOTAS } from './quotas';
import { lengthOf, Tally, targetsIn } from './tally';

/** The characters that a value counts which only a deployment knows, such as the ID of a resource. */
const UNKNOWN = 20;

/** Counts the policies of each role and their characters, of which IAM does not count white space. */
export function countPolicies(resources: CfnResource[]): Violation[] {
  const managed = new Tally<IConstruct>();
  const inline = new Tally<IConstruct>();
  const findings: Violation[] = [];
  for (const node of resources) {
    if (node instanceof CfnRole) {
      managed.add(node, lengthOf(node, node.managedPolicyArns));
      warnOfTrust(node);
      const policies: unknown = node.stack.resolve(node.policies ?? []);
      if (Array.isArray(policies)) {
        inline.add(
          node,
          policies.reduce<number>((sum, each) => sum + sizeOf(each), 0),
        );
      }
    }
    if (node instanceof CfnPolicy) {
      for (const role of targetsIn(node, node.roles)) inline.add(role, sizeIn(node, node.policyDocument));
    }
    if (node instanceof CfnManagedPolicy) {
      for (const role of targetsIn(node, node.roles)) managed.add(role);
      const size = sizeIn(node, node.policyDocument);
      if (size > QUOTAS.managedPolicySize.limit) findings.push(tooLarge(node, size, QUOTAS.managedPolicySize));
    }
  }
  const { limit, source } = QUOTAS.managedPoliciesOfRole;
  for (const [role, count] of managed.above(limit)) {
    warn(
      role,
      'ManagedPolicies',
      `${role.node.path} has ${count} managed policies; a role has at most ${limit} unless the quota was raised (${source}). Raise it ` +
        'before you deploy, or combine the policies.',
    );
  }
  for (const [role, size] of inline.above(QUOTAS.inlinePoliciesOfRole.limit)) {
    findings.push(tooLarge(role, size, QUOTAS.inlinePoliciesOfRole));
  }
  return findings;
}

function warnOfTrust(role: CfnRole): void {
  const size = sizeIn(role, role.assumeRolePolicyDocument);
  const { limit, source } = QUOTAS.trustPolicyOfRole;
  if (size <= limit) return;
  warn(
    role,
    'TrustPolicySize',
    `The trust policy of ${role.node.path} has about ${size} characters; one has at most ${limit} unless the quota was raised, and then ` +
      `4096 (${source}). Raise it before you deploy, name fewer subjects, or create a second role.`,
  );
}

function tooLarge(
  { node }: IConstruct,
  size: number,
  { limit, of, source }: { limit: number; of: string; source: string },
): Violation {
  return {
    prop: `policies of ${node.path}`,
    must: `have at most ${limit} characters (${of}: ${source})`,
    got: size,
    fix: 'grant a path or a prefix instead of single resources, or split the service',
  };
}

function sizeIn(resource: CfnResource, document: unknown): number {
  return sizeOf(resource.stack.resolve(document));
}

/** The characters of a document as JSON. */
function sizeOf(value: unknown): number {
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? '').length;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each) + 1, 2);
  const entries = Object.entries(value);
  const [[key, parts] = []] = entries;
  if (key === 'Fn::Join') return (parts as [string, unknown[]])[1].reduce<number>((sum, each) => sum + textOf(each), 2);
  if (key === 'Ref' || key?.startsWith('Fn::')) return UNKNOWN;
  return entries.reduce((sum, [name, each]) => sum + name.length + 4 + sizeOf(each), 2);
}

function textOf(part: unknown): number {
  return typeof part === 'string' ? part.length : UNKNOWN;
}
