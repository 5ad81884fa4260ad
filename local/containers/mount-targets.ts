import { ServicePlan } from '../ecs/service-plan';
import { AccessPoint } from '../ecs/volumes';
import { isPermitted } from '../security-groups/network-interface';
import { NetworkInterfaces } from '../security-groups/network-interfaces';

const NFS = 2049;

/**
 * Refuses a task whose file systems cannot be mounted: its security groups keep it from them, which ECS tells after the mount has timed out,
 * or an access point shows a folder that nobody makes.
 */
export function requireMountable(
  { key, task }: ServicePlan,
  interfaces: NetworkInterfaces,
  accessPoints: ReadonlyMap<string, AccessPoint> = new Map(),
): void {
  for (const { name, fileSystem, accessPoint } of task.volumes) {
    const point = accessPoints.get(accessPoint ?? '');
    if (point?.made === false) {
      throw new Error(
        `${key}: ResourceInitializationError: the volume ${name} cannot be mounted: the access point ${accessPoint} shows ${point.path}, which EFS makes only with CreationInfo`,
      );
    }
    const targets = fileSystem === undefined ? [] : interfaces.mountTargetsOf(fileSystem);
    if (targets.length === 0 || targets.some((target) => isPermitted(interfaces.of(key), target, NFS))) continue;
    throw new Error(
      `${key}: ResourceInitializationError: the volume ${name} cannot be mounted: security groups must let the task out to ${fileSystem} on port ${NFS}, and let it in there`,
    );
  }
}
