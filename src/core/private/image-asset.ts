import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetStaging, Stack } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { IConstruct } from 'constructs';
import { DockerfileFacts, readDockerfile } from './dockerfile';
import { isUnknown } from './unknown';

/** Returns an image that this app builds; undefined for other images. */
export function builtImage(scope: IConstruct, isImage: (asset: DockerImageAsset) => boolean): DockerImageAsset | undefined {
  const nodes = scope.node.root.node.findAll();
  return nodes.find((node): node is DockerImageAsset => node instanceof DockerImageAsset && isImage(node));
}

/**
 * Returns the platform that an image is built for, such as `linux/arm64`: undefined if it is that of the machine that builds it, false if it
 * is not known. CDK has it in the manifest only, for which it has no public name.
 */
export function platformOf(asset: DockerImageAsset): string | undefined | false {
  const { assetManifest } = Stack.of(asset).synthesizer as unknown as {
    assetManifest?: { dockerImages?: Record<string, { source?: { platform?: string } } | undefined> };
  };
  const image = assetManifest?.dockerImages?.[asset.assetHash];
  return image?.source !== undefined && image.source.platform;
}

/** Returns what the Dockerfile of an image built by this app declares; undefined for other images and for files that cannot be read. */
export function dockerfileOf(scope: IConstruct, isImage: (asset: DockerImageAsset) => boolean): DockerfileFacts | undefined {
  const asset = builtImage(scope, isImage);
  const staging = asset?.node.tryFindChild('Staging');
  if (!asset || !(staging instanceof AssetStaging)) return undefined;
  // CDK keeps the two for its command line, and has no public names for them.
  const { dockerfilePath = 'Dockerfile', dockerBuildTarget } = asset as unknown as {
    dockerfilePath?: string;
    dockerBuildTarget?: string;
  };
  try {
    return readDockerfile(readFileSync(join(staging.sourcePath, dockerfilePath), 'utf8'), dockerBuildTarget);
  } catch {
    return undefined;
  }
}

/** Returns true if a user, such as `1000:1000`, is known not to be root. */
export function isKnownNotRoot(user: string | undefined): boolean {
  if (user === undefined || isUnknown(user)) return false;
  const [name] = user.split(':');
  return name !== '' && name !== 'root' && !/^0+$/.test(name);
}
