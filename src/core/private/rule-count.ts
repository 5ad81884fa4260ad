import { Reference, Stage, Tokenization } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupEgress, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { warn } from './errors';
import { QUOTAS } from './quotas';

/** Warns at the end of synthesis of each security group of the app with more rules in one direction than the default quota. */
export function countSecurityGroupRules(scope: IConstruct): void {
  counted.of(Stage.of(scope) ?? scope.node.root);
}

const counted = new ConstructState('securityGroupRules', (stage) => {
  stage.node.addValidation({
    validate: () => {
      for (const [group, { inbound, outbound }] of rulesIn(stage)) {
        warnOf(group, 'inbound', inbound);
        warnOf(group, 'outbound', outbound);
      }
      return [];
    },
  });
  return true;
});

interface Rules {
  inbound: number;
  outbound: number;
}

/** The number of rules by group, wherever in the app the rules are declared. */
function rulesIn(stage: IConstruct): Map<IConstruct, Rules> {
  const groups = new Map<IConstruct, Rules>();
  const add = (group: IConstruct | undefined, direction: keyof Rules, count: number) => {
    if (!group) return;
    const rules = groups.get(group) ?? { inbound: 0, outbound: 0 };
    rules[direction] += count;
    groups.set(group, rules);
  };
  for (const node of stage.node.findAll()) {
    if (node instanceof CfnSecurityGroupIngress) add(groupOf(node.groupId), 'inbound', 1);
    if (node instanceof CfnSecurityGroupEgress) add(groupOf(node.groupId), 'outbound', 1);
    if (!(node instanceof CfnSecurityGroup)) continue;
    add(node, 'inbound', lengthOf(node, node.securityGroupIngress));
    add(node, 'outbound', lengthOf(node, node.securityGroupEgress));
  }
  return groups;
}

/** The group of this app that an ID refers to. */
function groupOf(id: string | undefined): IConstruct | undefined {
  const [token] = id === undefined ? [] : Tokenization.reverseString(id).tokens;
  return token && Reference.isReference(token) ? token.target : undefined;
}

function lengthOf(group: CfnSecurityGroup, rules: unknown): number {
  const list: unknown = group.stack.resolve(rules);
  return Array.isArray(list) ? list.length : 0;
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
