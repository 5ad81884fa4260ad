import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { requireMountTargets } from './mount-targets';
import { TaskContainer } from './resolved-container';
import { IEndpointClient } from '../../core/endpoint';
import { IMesh } from '../../core/mesh';
import { NFS_PORT, openFileSystem } from '../../core/private/file-system-access';
import { requireSameEnvironment } from '../../core/private/same-environment';
import { ComponentKind, TopologyRecord } from '../../core/topology-record';

/** The tasks of a service or a job. */
interface MountingTasks {
  readonly containers: TaskContainer[];
  /** The ECS service, or what starts the task. */
  readonly resource: IConstruct;
  readonly hosts: IConnectable[];
}

/** Connects tasks to the file systems that their containers mount: each access point once. */
export function connectFileSystems(
  client: IEndpointClient & { readonly mesh: IMesh },
  { containers, resource, hosts }: MountingTasks,
): void {
  for (const { prop, writablePaths } of containers) {
    writablePaths.forEach(({ _accessPoint: point }, i) => {
      if (!point) return;
      requireSameEnvironment(client, point.fileSystem);
      requireMountTargets(client, `${prop}.storage.writablePaths[${i}]`, point.fileSystem);
    });
  }
  const mounted = containers.flatMap(({ writablePaths }) => writablePaths.flatMap(({ _accessPoint }) => _accessPoint ?? []));
  for (const accessPoint of new Set(mounted)) {
    const { fileSystem } = accessPoint;
    openFileSystem(accessPoint, { client, resource, hosts, purpose: `${client.discoveryName} to its files` });
    const server = fileSystem.node.path;
    const record = TopologyRecord.of(client);
    record.addComponent({ id: server, kind: ComponentKind.AWS_API, label: 'EFS', details: [fileSystem.node.id] });
    record.addConnection({ client: client.node.path, server, protocol: 'nfs', port: NFS_PORT });
  }
}
