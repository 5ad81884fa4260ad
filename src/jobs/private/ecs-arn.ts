import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** An ARN of ECS in the scope's own region and account, as a policy has it and as cdk-nag writes it in its findings. */
export function ecsArn(scope: IConstruct, resource: string): { arn: string; inFinding: string } {
  const { partition, region, account } = Stack.of(scope);
  const text = (value: string, name: string) => (Token.isUnresolved(value) ? `<${name}>` : value);
  return {
    arn: `arn:${partition}:ecs:${region}:${account}:${resource}`,
    inFinding: `arn:${text(partition, 'AWS::Partition')}:ecs:${text(region, 'AWS::Region')}:${text(account, 'AWS::AccountId')}:${resource}`,
  };
}
