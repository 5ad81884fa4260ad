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
