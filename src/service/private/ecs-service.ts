import { BaseService, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import { warnWithoutSpareHost } from './host-ports';
import { countTasks } from './host-tasks';
import { requireMovement } from './rollout-limits';
import { renderServiceConnect } from './service-connect-config';
import { ServiceSettings } from './service-settings';
import { clusterDependencies } from '../../core/private/cluster-capacity';
import { ContainerLogging } from '../../tasks/container-logging';
import { Task } from '../../tasks/private/task';
import { TaskOwner } from '../../tasks/private/task-resources';

/** Creates the ECS service, after everything that its tasks need at their start. */
export function createEcsService(owner: TaskOwner, settings: ServiceSettings, task: Task): BaseService {
  const { compute, ports, rollout, scaling, serviceConnect } = settings;
  const { mesh } = owner;
  const deployment = rollout._plan.render(owner);
  requireMovement(owner, deployment, scaling);
  warnWithoutSpareHost(owner, compute, ports, scaling, deployment.minHealthyPercent);
  countTasks(owner, settings, deployment.minHealthyPercent);
  const proxyLogs = ContainerLogging.nonBlocking()._driver(owner, 'serviceConnect', 'service-connect', task.logGroup);
  const service = compute._createService(owner, {
    mesh,
    taskDefinition: task.taskDefinition,
    securityGroup: task.securityGroup,
    service: {
      ...deployment,
      desiredCount: scaling._desiredCount,
      deploymentController: { type: rollout._plan.controller },
      serviceConnectConfiguration: renderServiceConnect(mesh, serviceConnect, proxyLogs),
      enableExecuteCommand: settings.enableExecuteCommand,
      healthCheckGracePeriod: settings.healthCheckGracePeriod,
      enableECSManagedTags: true,
      propagateTags: PropagatedTagSource.SERVICE,
    },
  });
  const { node } = service.node.defaultChild!;
  // Policies are resources of their own: tasks that start before them fail to pull, or to call.
  node.addDependency(task.taskRole, task.executionRole);
  // Capacity providers leave the cluster after the services do, or the stack cannot be deleted.
  node.addDependency(...clusterDependencies(mesh.cluster));
  // Without its route out a task cannot pull its image, and the circuit breaker would count that.
  node.addDependency(mesh.vpc.selectSubnets(mesh.taskSubnets).internetConnectivityEstablished);
  return service;
}
