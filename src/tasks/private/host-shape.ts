import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { IEc2Capacity } from '../../core/ec2-capacity';
import { interfacesOf, memoryOf, vcpusOf } from '../../core/private/instance-type';

const UNITS_PER_VCPU = 1024;

/** The resources that a host of a type has for tasks; undefined if they are not known. */
export interface HostShape {
  readonly type: string;
  readonly cpu?: number;
  readonly memoryMiB?: number;
  readonly tasksWithInterface?: number;
}

/** Returns the shapes of the hosts that a group starts: one, or one for each type of its mixed instances policy. */
export function shapesOf({ instanceType, autoScalingGroup }: IEc2Capacity): HostShape[] {
  const group = autoScalingGroup.node.defaultChild as CfnAutoScalingGroup;
  const policy = autoScalingGroup.stack.resolve(group.mixedInstancesPolicy) as MixedInstances | undefined;
  const types = policy?.launchTemplate?.overrides?.flatMap((each) => each.instanceType ?? []) ?? [];
  return types.length > 0 ? types.map((type) => shapeOf(new InstanceType(type))) : [shapeOf(instanceType)];
}

interface MixedInstances {
  readonly launchTemplate?: { readonly overrides?: { readonly instanceType?: string }[] };
}

function shapeOf(instanceType: InstanceType): HostShape {
  const vcpus = vcpusOf(instanceType);
  const interfaces = interfacesOf(instanceType);
  return {
    type: instanceType.toString(),
    cpu: vcpus && vcpus * UNITS_PER_VCPU,
    memoryMiB: memoryOf(instanceType),
    // The host itself uses one.
    tasksWithInterface: interfaces && interfaces - 1,
  };
}

/** Returns the least that hosts of either shape have. */
export function lesser(one: HostShape, other: HostShape): HostShape {
  return {
    type: `${one.type}, ${other.type}`,
    cpu: least(one.cpu, other.cpu),
    memoryMiB: least(one.memoryMiB, other.memoryMiB),
    tasksWithInterface: least(one.tasksWithInterface, other.tasksWithInterface),
  };
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
