import { IConstruct } from 'constructs';
import { ResolvedContainer } from './resolved-container';
import { validationError, requireInteger } from '../../core/private/errors';
import { requireResolved } from '../../core/private/resolved';
import { TaskSize } from '../task-size';

/** The least memory that Docker takes for a container. */
const LEAST_MEMORY_MIB = 6;

/**
 * Requires shares that fit into the task.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function requireContainerShares(scope: IConstruct, containers: ResolvedContainer[], { cpu, memoryMiB }: TaskSize): void {
  for (const container of containers) {
    const shares = `${container.prop}.resources`;
    for (const name of ['cpu', 'memoryLimitMiB', 'memoryReservationMiB'] as const) {
      requireResolved(scope, `${shares}.${name}`, container[name]);
    }
    const { memoryLimitMiB: limit, memoryReservationMiB: reservation } = container;
    requireInteger(scope, 'ContainerShare', `${shares}.cpu`, container.cpu, 1, cpu);
    requireInteger(scope, 'ContainerShare', `${shares}.memoryLimitMiB`, limit, LEAST_MEMORY_MIB, memoryMiB);
    const most = limit === undefined ? memoryMiB : limit - 1;
    requireInteger(scope, 'ContainerShare', `${shares}.memoryReservationMiB`, reservation, LEAST_MEMORY_MIB, most);
  }
  requireSum(scope, 'cpu', sum(containers.map((container) => container.cpu)), cpu);
  // Without a reservation the limit is what ECS reserves.
  const reserved = containers.map((container) => container.memoryReservationMiB ?? container.memoryLimitMiB);
  requireSum(scope, 'memoryReservationMiB', sum(reserved), memoryMiB);
}

function sum(values: (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

function requireSum(scope: IConstruct, name: string, total: number, most: number): void {
  if (total <= most) return;
  throw validationError(scope, 'ContainerShare', {
    prop: `containers[].resources.${name}`,
    must: `add up to ${most} at most, the size of the task`,
    got: total,
    fix: 'lower the shares, or raise `taskSize`',
  });
}
