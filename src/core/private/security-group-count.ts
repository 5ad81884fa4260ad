import { CfnResource } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupEgress, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { Violation, warn } from './errors';
import { weightOf } from './prefix-list-weight';
import { QUOTAS } from './quotas';
import { targetOf } from './tally';

/** Warns of each security group with more rules in one direction than the default quota. */
export function countSecurityGroupRules(resources: CfnResource[]): Violation[] {
  for (const [group, { inbound, outbound }] of rulesIn(resources)) {
    warnOf(group, 'inbound', inbound);
    warnOf(group, 'outbound', outbound);
  }
  return [];
}

interface Rules {
  inbound: number;
  outbound: number;
}

/** The number of rules by group, wherever in the app the rules are declared. */
function rulesIn(resources: CfnResource[]): Map<IConstruct, Rules> {
  const groups = new Map<IConstruct, Rules>();
  const add = (group: IConstruct | undefined, direction: keyof Rules, count: number) => {
    if (!group) return;
    const rules = groups.get(group) ?? { inbound: 0, outbound: 0 };
    rules[direction] += count;
    groups.set(group, rules);
  };
  for (const node of resources) {
    if (node instanceof CfnSecurityGroupIngress) {
      add(targetOf(node, node.groupId), 'inbound', weightOf(node, node.sourcePrefixListId));
    }
    if (node instanceof CfnSecurityGroupEgress) {
      add(targetOf(node, node.groupId), 'outbound', weightOf(node, node.destinationPrefixListId));
    }
    if (!(node instanceof CfnSecurityGroup)) continue;
    add(node, 'inbound', weightOfAll(node, node.securityGroupIngress));
    add(node, 'outbound', weightOfAll(node, node.securityGroupEgress));
  }
  return groups;
}

interface InlineRule {
  readonly sourcePrefixListId?: string;
  readonly destinationPrefixListId?: string;
}

function weightOfAll(group: CfnSecurityGroup, rules: unknown): number {
  const list: unknown = group.stack.resolve(rules);
  if (!Array.isArray(list)) return 0;
  const ids = (list as InlineRule[]).map((rule) => rule.sourcePrefixListId ?? rule.destinationPrefixListId);
  return ids.reduce((sum, id) => sum + weightOf(group, id), 0);
}

function warnOf(group: IConstruct, direction: keyof Rules, count: number): void {
  const { limit, source } = QUOTAS.rulesOfSecurityGroup;
  if (count <= limit) return;
  warn(
    group,
    'SecurityGroupRules',
    `${group.node.path} has ${count} ${direction} rules; a security group has at most ${limit} in each direction unless the quota was ` +
      `raised (${source}). Raise it before you deploy, or let clients call a route of the internal load balancer.`,
  );
}
