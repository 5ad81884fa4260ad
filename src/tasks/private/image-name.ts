import { Stack } from 'aws-cdk-lib';
import { ContainerImage, RepositoryImage, RepositoryImageProps } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { flatten } from './task-dependencies';
import { isInEcr } from '../../core/private/ecr-image';
import { validationError, warn } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

/** A registry, a path in lower case, a tag and a digest: https://pkg.go.dev/github.com/distribution/reference. */
const REFERENCE =
  /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|__?|-+|\/)[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,})?$/;

/** Rejects the name of an image that no registry can have: ECS registers it, and its tasks never start. */
export function requireImageName(scope: IConstruct, prop: string, image: ContainerImage): void {
  if (!(image instanceof RepositoryImage)) return;
  // CDK has no public name for it. Other kinds of images get theirs from a registry or from an asset.
  const { imageName, props } = image as unknown as { imageName?: string; props?: RepositoryImageProps };
  if (imageName && !props?.credentials) warnOfEcr(scope, prop, flatten(Stack.of(scope).resolve(imageName)));
  if (isUnknown(imageName)) return;
  const fault = faultOf(imageName);
  if (!fault) return;
  throw validationError(scope, 'BadImage', {
    prop,
    must: fault,
    got: imageName ?? 'undefined',
    fix: 'write it like "public.ecr.aws/nginx/nginx:1.30"; for a variable of the environment, check that it is set',
  });
}

/** Warns of an image in ECR that is known by its name only: CDK grants nothing for it. */
function warnOfEcr(scope: IConstruct, prop: string, name: string): void {
  if (!isInEcr(name)) return;
  warn(
    scope,
    'EcrImageWithoutGrant',
    `\`${prop}\` of ${scope.node.path} has the image ${name} in Amazon ECR by its name only, so that the execution role gets no permission to pull it, ` +
      'and tasks do not start. Use `ContainerImage.fromEcrRepository(repository, tag)`, with `Repository.fromRepositoryName`, or ' +
      '`Repository.fromRepositoryArn` for one of another account or Region. Acknowledge this if you add the permissions to the role yourself.',
  );
}

function faultOf(name: string | undefined): string | undefined {
  if (!name) return 'have a name';
  if (/(^|[:/])(undefined|null|NaN)([@:/]|$)/.test(name)) return 'have no part that is the text of a missing value';
  return REFERENCE.test(name) ? undefined : 'be the name of an image, with a path in lower case';
}
