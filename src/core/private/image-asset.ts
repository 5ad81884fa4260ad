import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetStaging, Token } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { IConstruct } from 'constructs';
import { DockerfileFacts, readDockerfile } from './dockerfile';

/** Returns what the Dockerfile of an image built by this app declares; undefined for other images and for files that cannot be read. */
export function dockerfileOf(scope: IConstruct, isImage: (asset: DockerImageAsset) => boolean): DockerfileFacts | undefined {
  const asset = scope.node.root.node.findAll().find((node) => node instanceof DockerImageAsset && isImage(node));
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
  if (user === undefined || Token.isUnresolved(user)) return false;
  const [name] = user.split(':');
  return name !== '' && name !== 'root' && !/^0+$/.test(name);
}
