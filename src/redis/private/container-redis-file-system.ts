import { RemovalPolicy } from 'aws-cdk-lib';
import { BackupResource } from 'aws-cdk-lib/aws-backup';
import { ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AccessPoint, FileSystem, PerformanceMode, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { openFileSystem, volumeOf } from '../../core/private/file-system-access';
import { keptUnlessDisposable } from '../../core/private/removal';
import { meshSubnets, requireSubnets } from '../../core/private/subnets';
import { MeshService } from '../../service/mesh-service';

/** The owner of the files: the redis user of the official images, whatever user the server has. EFS acts as this user for all. */
const OWNER = { uid: '999', gid: '999' };

/** Creates and mounts a file system for the append-only file of one server, at /data in its container. */
export function mountRedisFileSystem(scope: Construct, service: MeshService, existing?: ISecurityGroup): FileSystem {
  const fileSystem = createFileSystem(scope, service, existing);
  const accessPoint = new AccessPoint(fileSystem, 'Data', {
    fileSystem,
    path: '/redis',
    posixUser: OWNER,
    createAcl: { ownerUid: OWNER.uid, ownerGid: OWNER.gid, permissions: '0700' },
  });
  openFileSystem(accessPoint, {
    client: service,
    resource: service.service.node.defaultChild!,
    hosts: service.compute.hosts,
    purpose: `Data of ${service.discoveryName}`,
  });
  service.taskDefinition.addVolume({ name: 'data', efsVolumeConfiguration: volumeOf(accessPoint) });
  service.containers[0].addMountPoints({ sourceVolume: 'data', containerPath: '/data', readOnly: false });
  return fileSystem;
}

function createFileSystem(scope: Construct, { mesh, discoveryName }: MeshService, existing?: ISecurityGroup): FileSystem {
  const found = meshSubnets(scope, mesh.vpc, { ...mesh.taskSubnets, onePerAz: true }, 'task');
  requireSubnets(scope, found, 'since each gets a mount target of its own');
  const kept = mesh.removalPolicy !== RemovalPolicy.DESTROY;
  const compliance = Compliance.of(scope);
  const fileSystem = new FileSystem(scope, 'FileSystem', {
    vpc: mesh.vpc,
    // In the zones of the task: a mount target serves its own zone.
    vpcSubnets: { subnets: found.subnets },
    securityGroup:
      existing ??
      new SecurityGroup(scope, 'FileSystemSecurityGroup', {
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
