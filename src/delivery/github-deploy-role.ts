import { CfnOutput, Duration, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { GitHubProvider } from './github-provider';
import { GitHubSubject } from './github-subject';
import { ImageRepository } from './image-repository';
import { acknowledge } from '../core/private/acknowledge';
import { validationError } from '../core/private/errors';
import { requireResolved } from '../core/private/resolved';
import { createRole } from '../core/private/role';

/** Choices for a role that workflows of GitHub Actions take. */
export interface GitHubDeployRoleProps {
  /**
   * The repository as in the `sub` claim of its tokens: `owner/name`, or with ids, `owner@123456/name@456789`, which GitHub uses for
   * repositories made or renamed since 15 July 2026 and for those that have opted in. Ids are safer: a name that was given up can be taken by
   * somebody else.
   */
  readonly repository: string;

  /** Which runs may take the role; at least one. */
  readonly subjects: GitHubSubject[];

  /**
   * The identity provider of the account.
   *
   * @default GitHubProvider.create()
   */
  readonly provider?: GitHubProvider;

  /**
   * How long the credentials of one run last at most, 1 to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
}

/** Choices for releases of an image. */
export interface ImageReleaseOptions {
  /**
   * Types of the resources that depend on the tag. A release that would change another type fails.
   *
   * @default - task definitions and services of ECS
   */
  readonly resourceTypes?: string[];
}

const HOST = 'token.actions.githubusercontent.com';

/**
 * A role that workflows of one GitHub repository take without any stored key: their token says which repository, branch or environment they
 * run for, and the role trusts exactly what is listed.
 *
 * Creates the role, and with `GitHubProvider.create()` the account's identity provider. It may do nothing until one of the methods allows
 * it. Free of charge.
 *
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 *
 * @example
 * const images = new ImageRepository(this, 'ApiImages');
 * const deploy = new GitHubDeployRole(this, 'Deploy', {
 *   repository: 'acme/shop',
 *   subjects: [GitHubSubject.environment('production')],
 * });
 * deploy.allowPush(images);
 * deploy.allowImageRelease(this);
 */
export class GitHubDeployRole extends Construct {
  /** The role; its ARN is an output of the stack. */
  public readonly role: Role;

  public constructor(scope: Construct, id: string, props: GitHubDeployRoleProps) {
    super(scope, id);
    this.validate(props);
    const claims = props.subjects.map((subject) => subject._claim(this, props.repository));
    const provider = (props.provider ?? GitHubProvider.create())._arn(this);
    this.role = createRole(this, 'Resource', {
      description: `Workflows of ${props.repository}`,
      maxSessionDuration: props.maxSessionDuration ?? Duration.hours(1),
      assumedBy: new WebIdentityPrincipal(provider, {
        StringEquals: { [`${HOST}:aud`]: 'sts.amazonaws.com', [`${HOST}:sub`]: claims },
      }),
    });
    new CfnOutput(this, 'RoleArn', { value: this.role.roleArn, description: `Role for workflows of ${props.repository}` });
  }

  /**
   * Lets workflows push images to a repository, and see which there are: the actions that Amazon ECR lists for a push
   * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html), and `ecr:DescribeImages`.
   *
   * @param images the repository
   */
  public allowPush(images: ImageRepository): void {
    images.repository.grantPush(this.role);
    // Clients ask for the manifest before they send it, which CDK's grant leaves out.
    images.repository.grant(this.role, 'ecr:BatchGetImage', 'ecr:DescribeImages');
    acknowledge(
      this.role,
      'AwsSolutions-IAM5[Resource::*]',
      'Only ecr:GetAuthorizationToken is allowed on every resource; it has no resource level (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html).',
    );
  }

  /**
   * Lets workflows set the parameters of a stack, such as the tag of an image, and wait for the result. An update may only touch the listed
   * types of resources, so the workflow must name them as well (`--resource-types`).
   *
   * CloudFormation makes the changes with the role that the stack was deployed with, for which a stack of the CDK CLI has one from
   * `cdk bootstrap`; the workflow needs no permission on ECS and passes no role
   * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
   *
   * What is left to trust is more than an image. IAM cannot ask for the previous template, so a workflow could send another one, and
   * CloudFormation would apply it with the role of the stack: a task definition may name any image, take any role of the account that trusts
   * `ecs-tasks.amazonaws.com`, and resolve any secret or parameter that the role of the stack may read. So let the role trust an
   * environment with required reviewers or protected branches only, and bootstrap with `--cloudformation-execution-policies` that are
   * narrower than administrator.
   *
   * @param stack the stack, in the account and region where it is; not a nested one, which only its parent may update
   * @param options types of resources
   */
  public allowImageRelease(stack: Stack, options: ImageReleaseOptions = {}): void {
    if (stack.nested) throw nestedRelease(this, stack);
    const types = options.resourceTypes ?? ['AWS::ECS::TaskDefinition', 'AWS::ECS::Service'];
    const resources = [stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stack.stackName}/*` })];
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudformation:UpdateStack'],
        resources,
        conditions: {
          'ForAllValues:StringEquals': { 'cloudformation:ResourceTypes': types },
          // Without the list in the request, the condition above holds for everything.
          Null: { 'cloudformation:ResourceTypes': 'false' },
        },
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStacks'], resources }),
    );
    const { stackName } = stack;
    const partitionText = Token.isUnresolved(stack.partition) ? '<AWS::Partition>' : stack.partition;
    const regionText = Token.isUnresolved(stack.region) ? '<AWS::Region>' : stack.region;
    const accountText = Token.isUnresolved(stack.account) ? '<AWS::AccountId>' : stack.account;
    acknowledge(
      this.role,
      `AwsSolutions-IAM5[Resource::arn:${partitionText}:cloudformation:${regionText}:${accountText}:stack/${stackName}/*]`,
      'The star stands for the id that CloudFormation gives to this one stack when it is created.',
    );
  }

  /**
   * Lets workflows run `cdk deploy` for whatever the CDK may deploy in the account and region of a stack: they take the roles that
   * `cdk bootstrap` made. That is as good as administrator there, unless the bootstrap was given other policies.
   *
   * @param stack a stack whose account, region and bootstrap qualifier count
   */
  public allowCdkDeploy(stack: Stack): void {
    const qualifier = stack.synthesizer.bootstrapQualifier ?? 'hnb659fds';
    const roles = ['deploy-role', 'file-publishing-role', 'image-publishing-role', 'lookup-role'];
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: roles.map((role) =>
          stack.formatArn({
            service: 'iam',
            region: '',
            resource: 'role',
            resourceName: `cdk-${qualifier}-${role}-${stack.account}-${stack.region}`,
          }),
        ),
      }),
    );
  }

  private validate({ repository, subjects, maxSessionDuration }: GitHubDeployRoleProps): void {
    if (!/^[A-Za-z0-9-]+(@\d+)?\/[A-Za-z0-9._-]+(@\d+)?$/.test(repository) || (repository.match(/@/g) ?? []).length === 1) {
      throw validationError(this, 'GitHubRepository', {
        prop: 'repository',
        must: 'be owner/name, or owner@id/name@id with both ids',
        got: repository,
        fix: 'copy it from the `sub` claim, as in "acme/shop" or "acme@123456/shop@456789"',
      });
    }
    if (subjects.length === 0) {
      throw validationError(this, 'GitHubSubject', {
        prop: 'subjects',
        must: 'name at least one branch, tag or environment',
        got: subjects,
        fix: "add for example `GitHubSubject.environment('production')`",
      });
    }
    if (!maxSessionDuration) return;
    requireResolved(this, 'maxSessionDuration', maxSessionDuration);
    const seconds = maxSessionDuration.toSeconds({ integral: false });
    if (Number.isInteger(seconds) && seconds >= 3600 && seconds <= 43_200) return;
    throw validationError(this, 'GitHubSession', {
      prop: 'maxSessionDuration',
      must: 'be whole seconds from 1 to 12 hours, the range of an IAM role',
      got: `${seconds} seconds`,
      fix: 'choose a duration in that range',
    });
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html */
function nestedRelease(scope: IConstruct, stack: Stack): Error {
  return validationError(scope, 'NestedRelease', {
    prop: 'allowImageRelease',
    must: 'get a stack that is updated by its own name, and a nested one is updated by its parent only',
    got: stack.node.path,
    fix: 'put services whose images are released into a stack of their own',
  });
}
