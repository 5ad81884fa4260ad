import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { BaseService } from 'aws-cdk-lib/aws-ecs';
import { MetricRecord } from '../../core/metric-record';
import { ObservedMetric } from '../../core/observed-component';
import { MINUTE } from '../../core/private/alarms';
import { hasContainerInsights } from '../../core/private/container-insights';
import { ComponentKind } from '../../core/topology-record';
import { TaskOwner } from '../../tasks/private/task-resources';

/** Registers a service for alarms and dashboards of the mesh. */
export function observeService(owner: TaskOwner, service: BaseService): void {
  MetricRecord.of(owner)._observe(() => ({
    owner,
    home: owner.mesh,
    kind: ComponentKind.SERVICE,
    label: owner.discoveryName,
    service: owner,
    metrics: [...use(owner, service), ...(hasContainerInsights(owner.mesh) ? taskCounts(owner, service) : [])],
  }));
}

function use(owner: TaskOwner, service: BaseService): ObservedMetric[] {
  return [
    {
      id: 'Cpu',
      title: 'CPU (%)',
      metric: service.metricCpuUtilization({ period: MINUTE, statistic: 'Average' }),
      // Scaling out takes three minutes to decide and some more to start tasks; a new version starting up is over by then, too.
      alarm: {
        threshold: 90,
        evaluationPeriods: 10,
        description: `${owner.discoveryName}: CPU is used up, and scaling does not help`,
      },
    },
    {
      id: 'Memory',
      title: 'Memory (%)',
      // The fullest task: it is the one that is killed.
      metric: service.metricMemoryUtilization({ period: MINUTE, statistic: 'Maximum' }),
      alarm: { threshold: 90, description: `${owner.discoveryName}: a task is about to run out of memory, and is killed then` },
    },
  ];
}

/**
 * Returns the metrics of task counts. AWS counts restarts only of containers with a restart policy; a task that keeps stopping shows as a
 * missing one.
 */
function taskCounts(owner: TaskOwner, service: BaseService): ObservedMetric[] {
  const count = (metricName: string, label: string) =>
    new Metric({
      namespace: 'ECS/ContainerInsights',
      metricName,
      label,
      dimensionsMap: { ClusterName: owner.mesh.cluster.clusterName, ServiceName: service.serviceName },
      period: MINUTE,
      statistic: 'Average',
    });
  const running = count('RunningTaskCount', 'running');
  const desired = count('DesiredTaskCount', 'desired');
  return [
    { id: 'RunningTasks', title: 'Tasks', metric: running },
    { id: 'DesiredTasks', title: 'Tasks', metric: desired },
    {
      id: 'MissingTasks',
      title: 'Tasks',
      metric: new MathExpression({
        // No task, no data: FILL makes that a 0, and MAX over a list skips what is missing even so.
        expression: 'desired - MAX([desired * 0, FILL(running, 0)])',
        usingMetrics: { desired, running },
        label: 'missing',
        period: MINUTE,
      }),
      alarm: {
        threshold: 1,
        // A task that keeps stopping is there for a while in between; one that is replaced is back within minutes.
        evaluationPeriods: 15,
        datapointsToAlarm: 10,
        description: `${owner.discoveryName}: tasks keep stopping or cannot start; see the events of the service`,
      },
    },
  ];
}
