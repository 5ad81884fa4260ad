import { Stack } from 'aws-cdk-lib';
import { CfnSecurityGroupEgress, CfnSecurityGroupIngress, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Dependable, IConstruct, IDependable } from 'constructs';

/**
 * Returns the rules of a task's security group in its stack, as they are at the end of synthesis: those of its connections, and your own. A
 * rule is a resource of its own, on which nothing depends that the group alone is enough for.
 */
export function rulesOf(task: IConstruct, { securityGroupId }: ISecurityGroup): IDependable {
  const rules: IDependable = {};
  const stack = Stack.of(task);
  const isOfTask = (node: IConstruct) =>
    (CfnSecurityGroupEgress.isCfnSecurityGroupEgress(node) &&
      [node.groupId, node.destinationSecurityGroupId].includes(securityGroupId)) ||
    (CfnSecurityGroupIngress.isCfnSecurityGroupIngress(node) &&
      [node.groupId, node.sourceSecurityGroupId].includes(securityGroupId));
  Dependable.implement(rules, {
    get dependencyRoots() {
      return stack.node.findAll().filter((node) => Stack.of(node) === stack && isOfTask(node));
    },
  });
  return rules;
}
