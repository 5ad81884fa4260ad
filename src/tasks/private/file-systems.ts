import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { TaskContainer } from './resolved-container';
import { IEndpointClient } from '../../core/endpoint';
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
export function connectFileSystems(client: IEndpointClient, { containers, resource, hosts }: MountingTasks): void {
  const mounted = containers.flatMap(({ writablePaths }) => writablePaths.flatMap(({ _accessPoint }) => _accessPoint ?? []));
  for (const accessPoint of new Set(mounted)) {
    const { fileSystem } = accessPoint;
    requireSameEnvironment(client, fileSystem);
    openFileSystem(accessPoint, { client, resource, hosts, purpose: `${client.discoveryName} to its files` });
    const server = fileSystem.node.path;
    const record = TopologyRecord.of(client);
    record.addComponent({ id: server, kind: ComponentKind.AWS_API, label: 'EFS', details: [fileSystem.node.id] });
    record.addConnection({ client: client.node.path, server, protocol: 'nfs', port: NFS_PORT });
  }
}
