import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Returns an ARN of Amazon ECS in the Region and account of the scope. */
export function ecsArn(scope: IConstruct, resource: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:ecs:${region}:${account}:${resource}`;
}
