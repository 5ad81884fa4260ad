import { Token } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { AssetImage, AssetImageProps, ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';

/**
 * Returns the image of a directory so that it is built for the processor of the task, whatever machine builds it, and rejects one that the
 * user builds for another processor: its tasks would end with `exec format error`.
 */
export function builtFor(scope: IConstruct, prop: string, image: ContainerImage, architecture: CpuArchitecture): ContainerImage {
  if (!(image instanceof AssetImage)) return image;
  // CDK has no public names for them.
  const { directory, props } = image as unknown as { directory?: string; props?: AssetImageProps };
  if (directory === undefined) return image;
  const wanted = architecture === CpuArchitecture.ARM64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;
  const given = props?.platform?.platform;
  if (given === undefined) return new AssetImage(directory, { ...props, platform: wanted });
  if (Token.isUnresolved(given) || kindOf(given) === kindOf(wanted.platform)) return image;
  throw validationError(scope, 'ImagePlatform', {
    prop: `${prop}.image`,
    must: `be built for ${wanted.platform}, the processor of the task`,
    got: given,
    fix: `leave \`platform\` of the image out, or choose the other \`cpuArchitecture\` of \`compute\``,
  });
}

/** Returns the system and processor of a platform such as `linux/arm64/v8`. */
function kindOf(platform: string): string {
  const [system, processor] = platform.toLowerCase().split('/');
  return `${system}/${{ x86_64: 'amd64', aarch64: 'arm64' }[processor] ?? processor}`;
}
