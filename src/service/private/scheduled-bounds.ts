import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError, requireInteger } from '../../core/private/errors';

/** The bounds of a scheduled change. */
interface Bounds {
  readonly minTasks?: number;
  readonly maxTasks?: number;
}

/** Rejects scheduled changes that Application Auto Scaling would reject. */
export function requireSchedules(scope: IConstruct, changes: { [name: string]: Bounds }): void {
  for (const [name, { minTasks, maxTasks }] of Object.entries(changes)) {
    const prop = `scaling.onSchedule.${name}`;
    requireInteger(scope, 'TaskCountOutOfRange', `${prop}.minTasks`, minTasks, 0, 5000);
    requireInteger(scope, 'TaskCountOutOfRange', `${prop}.maxTasks`, maxTasks, 0, 5000);
    if (minTasks === undefined && maxTasks === undefined) {
      throw validationError(scope, 'ScheduleWithoutBounds', {
        prop,
        must: 'change `minTasks`, `maxTasks` or both',
        got: {},
        fix: 'set one of them, or both',
      });
    }
    if (minTasks !== undefined && maxTasks !== undefined && maxTasks < minTasks) {
      throw validationError(scope, 'ScalingBoundsReversed', {
        prop: `${prop}.maxTasks`,
        must: `be \`minTasks\` (${minTasks}) or more`,
        got: maxTasks,
        fix: 'swap them, or use Scaling.fixed(count) for a constant number',
      });
    }
  }
}

/**
 * Rejects a change of one bound that passes every value the other one can have then, which Application Auto Scaling refuses when the time
 * comes.
 */
export function requireReachableBounds(
  scope: IConstruct,
  { minTasks, maxTasks }: Required<Bounds>,
  changes: { [name: string]: Bounds },
): void {
  const all = [{ minTasks, maxTasks }, ...Object.values(changes)];
  const highest = Math.max(...all.flatMap((each) => each.maxTasks ?? []));
  const lowest = Math.min(...all.flatMap((each) => each.minTasks ?? []));
  if ([highest, lowest].some((bound) => Token.isUnresolved(bound) || Number.isNaN(bound))) return;
  for (const [name, change] of Object.entries(changes)) {
    const prop = `scaling.onSchedule.${name}`;
    if (change.minTasks !== undefined && change.maxTasks === undefined && change.minTasks > highest) {
      throw validationError(scope, 'ScalingBoundsReversed', {
        prop: `${prop}.minTasks`,
        must: `be at most the maximum then, which is never above ${highest}`,
        got: change.minTasks,
        fix: `set \`maxTasks\` of ${name} too, or raise the maximum of \`scaling\``,
      });
    }
    if (change.maxTasks !== undefined && change.minTasks === undefined && change.maxTasks < lowest) {
      throw validationError(scope, 'ScalingBoundsReversed', {
        prop: `${prop}.maxTasks`,
        must: `be at least the minimum then, which is never below ${lowest}`,
        got: change.maxTasks,
        fix: `set \`minTasks\` of ${name} too, or lower the minimum of \`scaling\``,
      });
    }
  }
}
