import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';

/**
 * The CPU units and the memory sizes of each: minimum, maximum and step in MiB.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const SIZES: Record<number, number[]> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
};

/** Throws if Fargate does not support the size, and suggests the smallest one that fits. */
export function requireFargateSize(scope: IConstruct, cpu: number, memoryMiB: number): void {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memoryMiB)) return;
  if (SIZES[cpu]?.includes(memoryMiB)) return;
  const nearest = smallestThatFits(cpu, memoryMiB);
  throw validationError(scope, 'FargateSizeUnknown', {
    prop: 'taskSize',
    must: 'be a size that Fargate supports',
    got: { cpu, memoryMiB },
    fix: nearest
      ? `the smallest that fits is { cpu: ${nearest.cpu}, memoryMiB: ${nearest.memoryMiB} }`
      : 'the largest is { cpu: 16384, memoryMiB: 122880 }; use Compute.ec2 for more',
  });
}

function smallestThatFits(cpu: number, memoryMiB: number): { cpu: number; memoryMiB: number } | undefined {
  for (const size of Object.keys(SIZES)
    .map(Number)
    .filter((units) => units >= cpu)) {
    const memory = SIZES[size].find((value) => value >= memoryMiB);
    if (memory !== undefined) return { cpu: size, memoryMiB: memory };
  }
  return undefined;
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}
