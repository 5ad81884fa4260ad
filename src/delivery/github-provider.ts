import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { OidcProviderNative } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { guard } from '../core/private/guard';

const HOST = 'token.actions.githubusercontent.com';

/**
 * The identity provider through which an AWS account trusts GitHub Actions tokens. An account has one.
 *
 * @example
 * new GitHubDeployRole(this, 'Deploy', {
 *   repository: 'acme/shop',
 *   subjects: [GitHubSubject.environment('production')],
 *   provider: GitHubProvider.existing(),
 * });
 */
export class GitHubProvider {
  /**
   * Creates the identity provider in the stack of the role, once for all roles in it, and retains it when the stack is deleted, unless its
   * first deployment fails. Deployment fails if the account already has one; use `existing()` then.
   */
  public static create(): GitHubProvider {
    return new GitHubProvider((scope) => {
      const stack = Stack.of(scope);
      const known = stack.node.tryFindChild('GitHubProvider') as OidcProviderNative | undefined;
      // Roles share it, so it belongs to none of them.
      const provider =
        known ??
        new OidcProviderNative(stack, 'GitHubProvider', {
          url: `https://${HOST}`,
          clientIds: [GitHubProvider._audience(stack)],
          // Other stacks may rely on it by then. Left by a first deployment that failed, it would keep every other from making one.
          removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        });
      return provider.oidcProviderArn;
    });
  }

  /** Uses the identity provider that already exists in the account. */
  public static existing(): GitHubProvider {
    return new GitHubProvider((scope) =>
      Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: HOST }),
    );
  }

  /**
   * Returns the audience of the tokens, which is another one in the Regions of China.
   *
   * @see https://github.com/aws-actions/configure-aws-credentials#oidc
   * @internal
   */
  public static _audience(scope: IConstruct): string {
    const { region } = Stack.of(scope);
    return !Token.isUnresolved(region) && region.startsWith('cn-') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
  }

  private constructor(
    /** @internal */
    public readonly _arn: (scope: Construct) => string,
  ) {}
}

guard({ GitHubProvider });
