import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

/** The folder that an access point shows, and its owner when EFS makes it. */
export interface AccessPoint {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  /** As a number: 0o755. */
  readonly mode: number;
  /** Whether EFS makes the folder where it is missing. */
  readonly made?: boolean;
}

export interface VolumePlan {
  readonly name: string;
  /** Set for a file system, whose data outlive the task. */
  readonly fileSystem?: string;
  readonly accessPoint?: string;
  readonly rootDirectory: string;
}

export function readVolumes(definition: Reader): VolumePlan[] {
  return definition
    .get('Volumes')
    .items()
    .map((volume) => {
      const efs = volume.get('EFSVolumeConfiguration');
      return {
        name: volume.get('Name').string(),
        fileSystem: efs.get('FilesystemId').optional(),
        accessPoint: efs.get('AuthorizationConfig').get('AccessPointId').optional(),
        rootDirectory: efs.get('RootDirectory').string('/'),
      };
    });
}

/** The access points of the assembly by their ids. Without `CreationInfo`, EFS makes no folder, and a mount of one that is not there fails. */
export function readAccessPoints(resolver: Resolver): Map<string, AccessPoint> {
  return new Map(
    resolver.resources('AWS::EFS::AccessPoint').map((resource) => {
      const root = resolver.read(resource).get('RootDirectory');
      const owner = root.get('CreationInfo');
      const id = resolver.evaluate(resource.stack, { Ref: resource.logicalId }, resource.key) as string;
      return [
        id,
        {
          path: root.get('Path').string('/'),
          uid: owner.get('OwnerUid').number(0),
          gid: owner.get('OwnerGid').number(0),
          mode: Number.parseInt(owner.get('Permissions').string('0755'), 8),
          made: owner.exists || root.get('Path').string('/') === '/',
        },
      ];
    }),
  );
}
