import { CfnResource, Stack, STACK_RESOURCE_LIMIT_CONTEXT } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validateAtSynth } from './errors';

const SERVICES = Symbol.for('cdk-ecs-mesh.servicesInStack');

/** Full stacks cannot grow any more, so the advice leaves a fifth free. */
const ADVISED_SHARE = 0.8;

/** Says how many stacks the services of a stack need, before CDK says only that there are too many resources in it. */
export function countTowardsStack(service: IConstruct): void {
  const stack: Stack & { [SERVICES]?: Set<IConstruct> } = Stack.of(service);
  if (!stack[SERVICES]) {
    const services = new Set<IConstruct>();
    Object.defineProperty(stack, SERVICES, { value: services });
    validateAtSynth(stack, 'StackTooLarge', () => {
      const limit = limitOf(stack);
      const resources = resourcesIn(stack);
      if (limit === 0 || resources <= limit) return [];
      const inOne = Math.max(1, Math.floor((limit * ADVISED_SHARE * services.size) / resources));
      return [
        {
          prop: 'stack',
          must: `have at most ${limit} resources, which is CloudFormation's limit`,
          got: { resources, services: services.size },
          fix: `leave the mesh here and create services in further stacks of the app, at most ${inOne} in each; callers in the same stack as what they call or in a later one (docs/scale.md)`,
        },
      ];
    });
  }
  stack[SERVICES]!.add(service);
}

/** 0 turns CDK's own check off, and this one with it. */
function limitOf(stack: Stack): number {
  return Number(stack.node.tryGetContext(STACK_RESOURCE_LIMIT_CONTEXT) ?? 500);
}

function resourcesIn(stack: Stack): number {
  return stack.node.findAll().filter((node) => CfnResource.isCfnResource(node) && Stack.of(node) === stack && isWritten(node))
    .length;
}

/** Policies without statements are in the tree, not in the template; what says so is open to subclasses only. */
function isWritten(resource: CfnResource): boolean {
  return (resource as unknown as { shouldSynthesize(): boolean }).shouldSynthesize();
}
