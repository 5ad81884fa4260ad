import { IConnectable, Port } from 'aws-cdk-lib/aws-ec2';
import { IAccessPoint } from 'aws-cdk-lib/aws-efs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { openPath } from './security-path';
import { IEndpointClient } from '../endpoint';

/** The port of NFS, which EFS uses. */
export const NFS_PORT = 2049;

/** Tasks that mount a file system. */
export interface FileSystemClient {
  readonly client: IEndpointClient;
  /** The ECS service, or what starts the task. */
  readonly resource: IConstruct;
  /** The container hosts, which mount for their tasks; none on Fargate. */
  readonly hosts: IConnectable[];
  /** The description of the security group rules. */
  readonly purpose: string;
}

/** Opens a file system to tasks: permission to mount and write through this access point only, the network path, and the order. */
export function openFileSystem(accessPoint: IAccessPoint, { client, resource, hosts, purpose }: FileSystemClient): void {
  const { fileSystem } = accessPoint;
  client.taskRole.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      resources: [fileSystem.fileSystemArn],
      conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn } },
    }),
  );
  // A host mounts for its tasks, so there the path starts at the host.
  for (const from of hosts.length > 0 ? hosts : [client]) openPath(from, fileSystem, Port.tcp(NFS_PORT), purpose);
  // The access point does not wait for the mount targets, and neither would the task.
  resource.node.addDependency(fileSystem.mountTargetsAvailable);
}

/** Returns the configuration of a volume that mounts an access point, encrypted and with the role of the task. */
export function volumeOf({ fileSystem, accessPointId }: IAccessPoint) {
  return {
    fileSystemId: fileSystem.fileSystemId,
    transitEncryption: 'ENABLED',
    authorizationConfig: { accessPointId, iam: 'ENABLED' },
  };
}
