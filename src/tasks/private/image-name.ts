import { ContainerImage, RepositoryImage } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

/** A registry, a path in lower case, a tag and a digest: https://pkg.go.dev/github.com/distribution/reference. */
const REFERENCE =
  /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|__?|-+|\/)[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,})?$/;

/** Rejects the name of an image that no registry can have: ECS registers it, and its tasks never start. */
export function requireImageName(scope: IConstruct, prop: string, image: ContainerImage): void {
  if (!(image instanceof RepositoryImage)) return;
  // CDK has no public name for it. Other kinds of images get theirs from a registry or from an asset.
  const { imageName } = image as unknown as { imageName?: string };
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

function faultOf(name: string | undefined): string | undefined {
  if (!name) return 'have a name';
  if (/(^|[:/])(undefined|null|NaN)([@:/]|$)/.test(name)) return 'have no part that is the text of a missing value';
  return REFERENCE.test(name) ? undefined : 'be the name of an image, with a path in lower case';
}
