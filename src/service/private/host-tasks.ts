import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { hasTwoVersions } from './rollout-plans';
import { ServiceSettings } from './service-settings';
import { countOnHosts } from '../../tasks/private/host-room';
import { gpusOf } from '../../tasks/private/task-limits';

/** Counts the tasks of a service on each group of its hosts, which must hold those of all services. */
export function countTasks(owner: IConstruct, settings: ServiceSettings, minHealthyPercent: number): void {
  const { compute, containers, rollout, scaling, size } = settings;
  const { least, most } = scaling._bounds;
  if (Token.isUnresolved(least) || Token.isUnresolved(most)) return;
  const ahead = hasTwoVersions(rollout._plan) ? least : aheadOf(least, minHealthyPercent);
  const atLeast = compute._tasksOn(least);
  compute._tasksOn(most).forEach(([group, count], i) => {
    countOnHosts(group, {
      ...size,
      owner,
      gpus: gpusOf(owner, containers),
      networkMode: compute.networkMode,
      most: count,
      least: atLeast[i][1],
      // Of several groups, ECS may start the first new task on another one.
      ahead: atLeast.length === 1 ? ahead : 0,
    });
  });
}

function aheadOf(tasks: number, minHealthyPercent: number): number {
  return tasks > 0 && Math.ceil((tasks * minHealthyPercent) / 100) >= tasks ? 1 : 0;
}
