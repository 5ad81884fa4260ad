import { Token } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { AssetImage, AssetImageProps, ContainerDefinition, ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { ResolvedContainer } from './resolved-container';
import { validationError, warn } from '../../core/private/errors';
import { builtImage, platformOf } from '../../core/private/image-asset';

/**
 * Returns the image of a directory so that it is built for the processor of the task, whatever machine builds it, and rejects one that the
 * user builds for another processor: its tasks would end with `exec format error`.
 */
export function builtFor(scope: IConstruct, prop: string, image: ContainerImage, architecture: CpuArchitecture): ContainerImage {
  if (!(image instanceof AssetImage)) return image;
  // CDK has no public names for them.
  const { directory, props } = image as unknown as { directory?: string; props?: AssetImageProps };
  if (directory === undefined) return image;
  const given = props?.platform?.platform;
  if (given === undefined) return new AssetImage(directory, { ...props, platform: platformFor(architecture) });
  const fix = 'leave `platform` of the image out, or choose the other `cpuArchitecture` of `compute`';
  requirePlatform(scope, prop, given, architecture, fix);
  return image;
}

/**
 * Rejects an image that a construct of the app builds for another processor than that of the task. Without a platform, the machine that
 * builds the image decides, which is a warning.
 */
export function requireBuiltFor(
  scope: IConstruct,
  { prop, image }: ResolvedContainer,
  { imageName }: ContainerDefinition,
  architecture: CpuArchitecture,
): void {
  if (image instanceof AssetImage || !Token.isUnresolved(imageName)) return;
  const asset = builtImage(scope, ({ imageUri }) => imageUri === imageName);
  const given = asset === undefined ? false : platformOf(asset);
  const wanted = platformFor(architecture).platform;
  const name = architecture === CpuArchitecture.ARM64 ? 'LINUX_ARM64' : 'LINUX_AMD64';
  if (given === undefined) {
    const text =
      `\`${prop}.image\`: ${asset!.node.path} is built for the processor of the machine that builds it, and the task has ${wanted}. On another ` +
      `machine, its containers end with \`exec format error\`: set \`platform: Platform.${name}\` there.`;
    warn(scope, 'ImagePlatformUnset', text);
  } else if (given) {
    const fix = `set \`platform: Platform.${name}\` of ${asset!.node.path}, or choose the other \`cpuArchitecture\` of \`compute\``;
    requirePlatform(scope, prop, given, architecture, fix);
  }
}

function requirePlatform(scope: IConstruct, prop: string, given: string, architecture: CpuArchitecture, fix: string): void {
  const wanted = platformFor(architecture).platform;
  if (Token.isUnresolved(given) || kindOf(given) === kindOf(wanted)) return;
  throw validationError(scope, 'ImagePlatform', {
    prop: `${prop}.image`,
    must: `be built for ${wanted}, the processor of the task`,
    got: given,
    fix,
  });
}

function platformFor(architecture: CpuArchitecture): Platform {
  return architecture === CpuArchitecture.ARM64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;
}

/** Returns the system and processor of a platform such as `linux/arm64/v8`. */
function kindOf(platform: string): string {
  const [system, processor] = platform.toLowerCase().split('/');
  return `${system}/${{ x86_64: 'amd64', aarch64: 'arm64' }[processor] ?? processor}`;
}
