import { InstanceType } from 'aws-cdk-lib/aws-ec2';

/**
 * The number of NVIDIA GPUs of each size with more than one.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html
 */
const FAMILIES: Record<string, Record<string, number>> = {
  g4dn: { '12xlarge': 4, metal: 8 },
  g5: { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  g5g: { '16xlarge': 2, metal: 2 },
  g6: { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  g6e: { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  gr6: {},
  p3: { '8xlarge': 4, '16xlarge': 8 },
  p3dn: { '24xlarge': 8 },
  p4d: { '24xlarge': 8 },
  p4de: { '24xlarge': 8 },
  p5: { '48xlarge': 8 },
  p5e: { '48xlarge': 8 },
  p5en: { '48xlarge': 8 },
};

/** Returns the number of GPUs of an instance type that ECS can assign to tasks; 0 if there are none. */
export function gpusOf(type: InstanceType): number {
  const [family, size] = type.toString().split('.');
  const sizes = FAMILIES[family];
  return sizes ? (sizes[size] ?? 1) : 0;
}
