import { IConstruct } from 'constructs';
import { warn } from '../../core/private/errors';

/** Warns of scaling that can end at no task for ever. */
export function warnOfZero(scope: IConstruct, { _staysAtZero: staysAtZero }: { readonly _staysAtZero: boolean }): void {
  if (!staysAtZero) return;
  warn(
    scope,
    'ScalesToZero',
    `\`scaling\` of ${scope.node.path} can go to 0 tasks, and its targets cannot start the first one again, because CPU, memory and requests per ` +
      'task have no values without tasks. Set the minimum to 1, add an entry to `onSchedule` with `minTasks`, use a QueueWorkerService for work from ' +
      'a queue, or acknowledge this if something else starts tasks.',
  );
}
