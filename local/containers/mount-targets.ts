import { ServicePlan } from '../ecs/service-plan';
import { isPermitted } from '../security-groups/network-interface';
import { NetworkInterfaces } from '../security-groups/network-interfaces';

const NFS = 2049;

/** Refuses a task whose security groups keep it from its file systems, as ECS does after the mount has timed out. */
export function requireMountable({ key, task }: ServicePlan, interfaces: NetworkInterfaces): void {
  for (const { name, fileSystem } of task.volumes) {
    const targets = fileSystem === undefined ? [] : interfaces.mountTargetsOf(fileSystem);
    if (targets.length === 0 || targets.some((target) => isPermitted(interfaces.of(key), target, NFS))) continue;
    throw new Error(
      `${key}: ResourceInitializationError: the volume ${name} cannot be mounted: security groups must let the task out to ${fileSystem} on port ${NFS}, and let it in there`,
    );
  }
}
