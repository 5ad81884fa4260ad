import { CfnResource, Stack, STACK_RESOURCE_LIMIT_CONTEXT } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { validateAtSynth, Violation } from './errors';
import { QUOTAS } from './quotas';

/** The share of a stack's resource limit that the advice uses, so that stacks have room to grow. */
const ADVISED_SHARE = 0.8;

/** Reports how many stacks the services of a stack need, before CDK reports only that the stack has too many resources. */
export function countTowardsStack(service: IConstruct): void {
  services.of(Stack.of(service)).add(service);
}

const services = new ConstructState('servicesInStack', (stack) => {
  const known = new Set<IConstruct>();
  validateAtSynth(stack, 'StackTooLarge', () => judge(Stack.of(stack), known.size));
  return known;
});

function judge(stack: Stack, count: number): Violation[] {
  const limit = limitOf(stack);
  const resources = resourcesIn(stack);
  if (limit === 0 || resources <= limit) return [];
  const inOne = Math.max(1, Math.floor((limit * ADVISED_SHARE * count) / resources));
  return [
    {
      prop: 'stack',
      must: `have at most ${limit} resources, which is CloudFormation's limit`,
      got: { resources, services: count },
      fix: `leave the mesh here and create services in additional stacks of the app, at most ${inOne} in each; put clients in the same stack as their servers or in a later one (https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/scale.md)`,
    },
  ];
}

/** Returns the limit. A limit of 0 disables CDK's check, and this one with it. */
function limitOf(stack: Stack): number {
  return Number(stack.node.tryGetContext(STACK_RESOURCE_LIMIT_CONTEXT) ?? QUOTAS.resourcesOfStack.limit);
}

function resourcesIn(stack: Stack): number {
  return stack.node.findAll().filter((node) => CfnResource.isCfnResource(node) && Stack.of(node) === stack && isWritten(node))
    .length;
}

/**
 * Returns true if a resource is rendered. Policies without statements are in the tree but not in the template, and only subclasses can read
 * that.
 */
function isWritten(resource: CfnResource): boolean {
  return (resource as unknown as { shouldSynthesize(): boolean }).shouldSynthesize();
}
