import { ServiceSettings } from './service-settings';
import { ComponentKind, TopologyRecord } from '../../core/topology-record';
import { TaskOwner } from '../../tasks/private/task-resources';

/** Records a service in the topology. */
export function recordService(owner: TaskOwner, { compute, scaling: { minTasks, maxTasks } }: ServiceSettings): void {
  const plural = maxTasks === 1 ? 'task' : 'tasks';
  const count = minTasks === maxTasks ? `${minTasks} ${plural}` : `${minTasks}-${maxTasks} ${plural}`;
  TopologyRecord.of(owner).addComponent({
    id: owner.node.path,
    kind: ComponentKind.SERVICE,
    label: owner.discoveryName,
    details: [compute._label, count],
  });
}
