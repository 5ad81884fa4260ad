import { RemovalPolicy } from 'aws-cdk-lib';
import { BackupResource } from 'aws-cdk-lib/aws-backup';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AccessPoint, FileSystem, PerformanceMode, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { keptUnlessDisposable } from '../../core/private/removal';
import { openPath } from '../../core/private/security-path';
import { MeshService } from '../../service/mesh-service';

/** The owner of the files: the redis user of the official images, whatever user the server has. EFS acts as this user for all. */
const OWNER = { uid: '999', gid: '999' };

/** Creates and mounts a file system for the append-only file of one server, at /data in its container. */
export function mountRedisFileSystem(scope: Construct, service: MeshService): FileSystem {
  const fileSystem = createFileSystem(scope, service);
  const accessPoint = new AccessPoint(fileSystem, 'Data', {
    fileSystem,
    path: '/redis',
    posixUser: OWNER,
    createAcl: { ownerUid: OWNER.uid, ownerGid: OWNER.gid, permissions: '0700' },
  });
  service.taskRole.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      resources: [fileSystem.fileSystemArn],
      conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointArn } },
    }),
  );
  // A host mounts for its tasks, so there the path starts at the host.
  const { hosts } = service.compute;
  for (const client of hosts.length > 0 ? hosts : [service]) {
    openPath(client, fileSystem, Port.tcp(2049), `Data of ${service.discoveryName}`);
  }
  service.taskDefinition.addVolume({
    name: 'data',
    efsVolumeConfiguration: {
      fileSystemId: fileSystem.fileSystemId,
      transitEncryption: 'ENABLED',
      authorizationConfig: { accessPointId: accessPoint.accessPointId, iam: 'ENABLED' },
    },
  });
  service.containers[0].addMountPoints({ sourceVolume: 'data', containerPath: '/data', readOnly: false });
  // The access point does not wait for the mount targets, and neither would the task.
  service.service.node.defaultChild!.node.addDependency(fileSystem.mountTargetsAvailable);
  return fileSystem;
}

function createFileSystem(scope: Construct, { mesh, discoveryName }: MeshService): FileSystem {
  const kept = mesh.removalPolicy !== RemovalPolicy.DESTROY;
  const compliance = Compliance.of(scope);
  const fileSystem = new FileSystem(scope, 'FileSystem', {
    vpc: mesh.vpc,
    // In the zones of the task: a mount target serves its own zone.
    vpcSubnets: { ...mesh.taskSubnets, onePerAz: true },
    securityGroup: new SecurityGroup(scope, 'FileSystemSecurityGroup', {
      vpc: mesh.vpc,
      description: `Data of ${discoveryName}`,
      allowAllOutbound: false,
    }),
    encrypted: true,
    kmsKey: compliance.encryptionKey(scope),
    // Recovery points outlive the file system, so development mode makes none.
    enableAutomaticBackups: kept,
    performanceMode: PerformanceMode.GENERAL_PURPOSE,
    throughputMode: ThroughputMode.ELASTIC,
    // A policy without any "allow" leaves only those that IAM allows; CDK's own way to shut others out would let them write.
    allowAnonymousAccess: true,
    fileSystemPolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['*'],
          resources: ['*'],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ],
    }),
    removalPolicy: keptUnlessDisposable(mesh.removalPolicy),
  });
  compliance._backUp(fileSystem, BackupResource.fromEfsFileSystem(fileSystem));
  return fileSystem;
}
