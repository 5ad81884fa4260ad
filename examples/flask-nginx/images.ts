import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { GitHubDeployRole, GitHubProvider, GitHubSubject, ImageRepository } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { Profile } from './profile';

/**
 * Where the images come from: CDK builds them from their folders while it deploys; or, with a GitHub repository, its workflow builds and pushes
 * them to Amazon ECR, and releases them by setting a parameter of the stack.
 */
export class Images extends Construct {
  private readonly role?: GitHubDeployRole;

  constructor(
    scope: Construct,
    id: string,
    private readonly profile: Profile,
    repository?: string,
  ) {
    super(scope, id);
    if (!repository) return;
    // An account has one identity provider for GitHub, which the production stack makes.
    const provider = profile.name === 'production' ? GitHubProvider.create() : GitHubProvider.existing();
    this.role = new GitHubDeployRole(this, 'DeployRole', {
      repository,
      subjects: [GitHubSubject.environment(profile.name)],
      provider,
    });
    this.role.allowImageRelease(Stack.of(this));
  }

  public of(folder: 'flask' | 'nginx'): ecs.ContainerImage {
    if (!this.role) return ecs.ContainerImage.fromAsset(join(__dirname, folder), { platform: Platform.LINUX_ARM64 });
    const images = new ImageRepository(this, folder === 'flask' ? 'FlaskImages' : 'NginxImages', {
      repositoryName: `${this.profile.name}/${folder}`,
      removalPolicy: this.profile.choices.removalPolicy,
    });
    this.role.allowPush(images);
    return images.image();
  }
}
