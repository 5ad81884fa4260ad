import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { GitHubProvider } from './github-provider';
import { GitHubSubject } from './github-subject';
import { ImageRepository } from './image-repository';
import { resolvedParameters } from './private/resolved-parameters';
import { acknowledge, inFinding } from '../core/private/acknowledge';
import { validationError } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { countQuotas } from '../core/private/quota-count';
import { requireResolved } from '../core/private/resolved';
import { createRole } from '../core/private/role';

/** Properties for a role that GitHub Actions workflows assume. */
export interface GitHubDeployRoleProps {
  /**
   * The repository as in the `sub` claim of its tokens: `owner/name`, or with IDs, `owner@123456/name@456789`, the format that GitHub uses
   * for repositories created or renamed since July 15, 2026, and for those that have opted in. IDs are safer, because someone else can take
   * over a name that is no longer in use.
   */
  readonly repository: string;

  /** The workflow runs that can assume the role; at least one. */
  readonly subjects: GitHubSubject[];

  /**
   * The GitHub identity provider of the account.
   *
   * @default GitHubProvider.create()
   */
  readonly provider?: GitHubProvider;

  /**
   * The maximum session duration of a workflow run's credentials, 1 to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
}

/** Options for the release of an image. */
export interface ImageReleaseOptions {
  /**
   * The types of the resources that depend on the tag. A release that would change another type fails.
   *
   * @default - ECS task definitions and services
   */
  readonly resourceTypes?: string[];
}

const HOST = 'token.actions.githubusercontent.com';

/**
 * A role that the workflows of one GitHub repository assume without a stored key. Their token contains the repository, branch or
 * environment that they run for, and the role trusts exactly those that you list.
 *
 * Creates the role, and with `GitHubProvider.create()` the account's identity provider. The role has no permissions until you call one of
 * its methods. It is free of charge.
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
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.delivery.GitHubDeployRole';

  /** The role. Its ARN is an output of the stack. */
  public readonly role: Role;

  constructor(scope: Construct, id: string, props: GitHubDeployRoleProps) {
    props = acceptProps({ GitHubDeployRole }, new.target, scope, id, props);
    super(scope, id);
    countQuotas(this);
    this.validate(props);
    const claims = props.subjects.map((subject) => subject._claim(this, props.repository));
    const provider = (props.provider ?? GitHubProvider.create())._arn(this);
    this.role = createRole(this, 'Resource', {
      description: `Workflows of ${props.repository}`,
      maxSessionDuration: props.maxSessionDuration ?? Duration.hours(1),
      assumedBy: new WebIdentityPrincipal(provider, {
        StringEquals: { [`${HOST}:aud`]: GitHubProvider._audience(this), [`${HOST}:sub`]: claims },
      }),
    });
    new CfnOutput(this, 'RoleArn', { value: this.role.roleArn, description: `Role for workflows of ${props.repository}` });
  }

  /**
   * Allows workflows to push images to a repository, and to list its images: the actions that Amazon ECR requires for a push
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
      'Only ecr:GetAuthorizationToken is allowed on all resources; it does not support resource-level permissions (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html).',
    );
  }

  /**
   * Allows workflows to set the parameters of a stack, such as the tag of an image, and to wait for the result. An update can change only
   * the listed resource types, so the workflow must specify them as well (`--resource-types`).
   *
   * CloudFormation makes the changes with the role that the stack was deployed with (for a stack of the CDK CLI, one from `cdk bootstrap`);
   * the workflow needs no ECS permissions and passes no role
   * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html). It reads the SSM parameters that
   * parameters of the stack refer to, such as the version of the bootstrap, because CloudFormation resolves them in each update with the
   * permissions of the caller. A stack to which you pass another SSM parameter when you deploy it needs a permission of its own.
   *
   * This grants more than the choice of an image. IAM cannot require the previous template, so a workflow could submit another one, and
   * CloudFormation would apply it with the role of the stack: a task definition can name any image, use any role in the account that trusts
   * `ecs-tasks.amazonaws.com`, and resolve any secret or parameter that the role of the stack can read. A template at a URL is rejected;
   * one in the request has at most 51,200 bytes
   * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html). Therefore, trust only an
   * environment with required reviewers or protected branches, and bootstrap with `--cloudformation-execution-policies` that are narrower
   * than administrator access.
   *
   * @param stack stack that is updated; not a nested stack, which only its parent can update
   * @param options types of resources
   */
  public allowImageRelease(stack: Stack, options: ImageReleaseOptions = {}): void {
    if (stack.nested) throw nestedRelease(this, stack);
    const types = options.resourceTypes ?? ['AWS::ECS::TaskDefinition', 'AWS::ECS::Service'];
    const update = stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stack.stackName}/*` });
    const resources = [update];
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudformation:UpdateStack'],
        resources,
        conditions: {
          'ForAllValues:StringEquals': { 'cloudformation:ResourceTypes': types },
          // Without the list in the request, the condition above holds for everything. A release has no need of a template.
          Null: { 'cloudformation:ResourceTypes': 'false', 'cloudformation:TemplateUrl': 'true' },
        },
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStacks'], resources }),
    );
    this.role.addToPolicy(new PolicyStatement({ actions: ['ssm:GetParameters'], resources: resolvedParameters(stack) }));
    acknowledge(
      this.role,
      `AwsSolutions-IAM5[Resource::${inFinding(this, update)}]`,
      'The wildcard covers the ID that CloudFormation generates for this one stack.',
    );
  }

  /**
   * Allows workflows to run `cdk deploy` for everything that the CDK can deploy in the account and Region of a stack: they assume the roles
   * that `cdk bootstrap` created. This is equivalent to administrator access, unless you bootstrapped with other policies.
   *
   * @param stack stack whose account, Region and bootstrap qualifier are used
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

guard({ GitHubDeployRole });

/** Covers nested stacks: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html */
function nestedRelease(scope: IConstruct, stack: Stack): Error {
  return validationError(scope, 'NestedRelease', {
    prop: 'allowImageRelease',
    must: 'be a stack that can be updated by its own name; only its parent can update a nested stack',
    got: stack.node.path,
    fix: 'create services whose images are released in a separate stack',
  });
}
