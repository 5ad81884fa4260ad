import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { withoutSlash } from '../../../core/private/dockerfile';
import { dockerfileOf, isKnownNotRoot } from '../../../core/private/image-asset';
import { Resource, Value } from '../../../template/private/app-templates';
import { AGENT_PATHS } from '../exec-paths';
import { Rule, verdict } from '../rule';

interface Mount {
  readonly container: Value;
  readonly volume: string;
  readonly path: string;
}

export const volumeNotWritable: Rule = {
  id: 'VolumeNotWritable',
  trap: 'T27',
  level: NagMessageLevel.WARN,
  info: 'A container that does not run as root has an empty volume that belongs to root.',
  explanation:
    'On Fargate an empty volume is root:root with mode 0755, so no other user can write to it, unless the image declares VOLUME with exactly this path. For images that the app builds, the Dockerfile does not declare it or was not readable; for others, it is unknown. Use tmpfs (linuxParameters.addTmpfs) with mode=1777, or change the owner of the directory and declare VOLUME in the Dockerfile.',
  check: (resource) => {
    if (resource.type !== 'AWS::ECS::TaskDefinition' || !isOnFargate(resource)) return NagRuleCompliance.NOT_APPLICABLE;
    const mounts = mountsOf(resource);
    const volumes = emptyVolumes(resource).filter((name) => mounts.some(({ volume }) => volume === name));
    if (volumes.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(
      volumes.some((name) =>
        isLocked(
          mounts.filter(({ volume }) => volume === name),
          resource,
        ),
      ),
    );
  },
};

/** Returns true if the tasks run on Fargate. Docker on EC2 hosts gives a new volume the owner and mode of the directory in the image. */
function isOnFargate(task: Resource): boolean {
  const compatibilities = task.at('RequiresCompatibilities').items.map(({ text }) => text);
  if (compatibilities.length > 0) return compatibilities.some((name) => name === 'FARGATE' || name === 'MANAGED_INSTANCES');
  return task.app.referring(task, 'AWS::ECS::Service', 'TaskDefinition').some((service) => {
    const providers = service.at('CapacityProviderStrategy').items.map((item) => item.at('CapacityProvider').text);
    return service.at('LaunchType').text === 'FARGATE' || providers.some((name) => name?.startsWith('FARGATE'));
  });
}

/** Returns the volumes that specify nothing but a name, or no path on the host. */
function emptyVolumes(task: Resource): string[] {
  const kinds = [
    'EFSVolumeConfiguration',
    'FSxWindowsFileServerVolumeConfiguration',
    'DockerVolumeConfiguration',
    'ConfiguredAtLaunch',
  ];
  return task
    .at('Volumes')
    .items.filter((volume) => kinds.every((kind) => volume.at(kind).isAbsent || volume.at(kind).isFalse))
    .filter((volume) => volume.at('Host').isAbsent || (!volume.at('Host').isUnknown && volume.at('Host', 'SourcePath').isAbsent))
    .flatMap((volume) => volume.at('Name').text ?? []);
}

function mountsOf(task: Resource): Mount[] {
  return task.at('ContainerDefinitions').items.flatMap((container) =>
    container
      .at('MountPoints')
      .items.filter((mount) => !mount.at('ReadOnly').isTrue)
      .map((mount) => ({
        container,
        volume: mount.at('SourceVolume').text ?? '',
        path: withoutSlash(mount.at('ContainerPath').text ?? ''),
      })),
  );
}

/** Returns true if no container can write to the volume. A container that might run as root can open the volume for the others. */
function isLocked(mounts: Mount[], task: Resource): boolean {
  return mounts.every(({ container, path }) => !AGENT_PATHS.includes(path) && isLockedOut(container, path, task));
}

/** Returns true if the user is known not to be root and no Dockerfile in the app declares the path. */
function isLockedOut(container: Value, path: string, { construct }: Resource): boolean {
  const image = container.at('Image').literals.join('');
  const dockerfile = construct && dockerfileOf(construct, ({ imageTag }) => image.includes(imageTag));
  const user = container.at('User').isAbsent ? dockerfile?.user : container.at('User').text;
  return isKnownNotRoot(user) && !dockerfile?.volumes.includes(path);
}
