import { Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** Indicates whether the name of an image is one of a private registry in Amazon ECR, by IPv4 or dual-stack, with or without FIPS. */
export function isInEcr(image: string): boolean {
  return /\.dkr[.-]ecr(?:-fips)?\./.test(image);
}

/** Lets a role that may sign in to ECR pull an image that is known by its name there. */
export function grantPullByName(scope: IConstruct, role: IRole, image: string): void {
  const [, account, region, repository] = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[^/]+\/([^:@]+)/.exec(image) ?? [];
  if (repository === undefined) return;
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      resources: [Stack.of(scope).formatArn({ service: 'ecr', account, region, resource: 'repository', resourceName: repository })],
    }),
  );
}
