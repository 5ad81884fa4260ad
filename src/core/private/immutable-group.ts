import { Token } from 'aws-cdk-lib';
import { IConnectable, ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { warn } from './errors';

/** Says which rules of a path CDK does not add, because a security group of it was imported with `mutable: false`. */
export function sayMissingRules(client: IConnectable, server: IConnectable, port: Port): void {
  const [from, to] = [client, server].map(({ connections }) => connections.securityGroups);
  for (const group of to.filter(isImmutable)) {
    for (const peer of from) sayMissingRule(group, `inbound on ${textOf(port)} from ${nameOf(peer)}`);
  }
  for (const group of from.filter(isImmutable)) {
    const peers = to.length > 0 ? to.map(nameOf) : ['the addresses of the server'];
    for (const peer of peers) {
      sayMissingRule(group, `outbound on ${textOf(port)} to ${peer}, unless it allows all outbound traffic`);
    }
  }
}

/** Says that a rule of a security group is left to its owner. */
export function sayMissingRule(group: ISecurityGroup, rule: string): void {
  warn(
    group,
    'SecurityGroupRuleLeft',
    `Security group ${nameOf(group)} was imported with \`mutable: false\`, so its owner must add the rule: ${rule}`,
  );
}

/** Returns true if CDK adds no rules to a group: the import of one with `mutable: false` has methods that do nothing. */
export function isImmutable(group: ISecurityGroup): boolean {
  return !(group instanceof SecurityGroup) && Object.hasOwn(Object.getPrototypeOf(group) as object, 'addIngressRule');
}

function nameOf(group: ISecurityGroup): string {
  return /^sg-/.test(group.securityGroupId) ? group.securityGroupId : group.node.path;
}

function textOf(port: Port): string {
  const { fromPort, toPort, ipProtocol } = port.toRuleJson() as { fromPort?: number; toPort?: number; ipProtocol: string };
  if (fromPort === undefined || Token.isUnresolved(fromPort)) return 'its port';
  return `${ipProtocol.toUpperCase()} ${fromPort}${toPort === fromPort ? '' : `-${toPort}`}`;
}
