import { createHash } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import { IUserPool, IUserPoolClient, IUserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { ListenerAction, UnauthenticatedAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AuthenticateCognitoAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2-actions';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { requireSeconds } from '../core/private/require-seconds';
import { isUnknown } from '../core/private/unknown';
import { IRouteAuthentication } from '../core/routable';

/** Options for signing users in. */
export interface SignInOptions {
  /**
   * The requested OAuth scopes, separated by spaces. They must include `openid`.
   *
   * @default 'openid'
   */
  readonly scope?: string;

  /**
   * The session timeout, after which a user must sign in again, 1 second to 7 days.
   *
   * @default Duration.hours(12)
   */
  readonly sessionTimeout?: Duration;

  /**
   * The action for requests of users who are not signed in: redirect them to the provider, reject them with 401 (for scripts that cannot
   * follow a redirect), or forward them without claims.
   *
   * @default UnauthenticatedAction.AUTHENTICATE
   */
  readonly onUnauthenticated?: UnauthenticatedAction;
}

/** Options for an OpenID Connect provider with which a load balancer signs users in. */
export interface OidcOptions extends SignInOptions {
  /** The issuer of the provider, such as `https://idp.example.com`. */
  readonly issuer: string;

  /** The authorization endpoint of the provider, to which users are redirected. */
  readonly authorizationEndpoint: string;

  /** The token endpoint of the provider, which the load balancer calls. */
  readonly tokenEndpoint: string;

  /** The user info endpoint of the provider, which the load balancer calls. */
  readonly userInfoEndpoint: string;

  /** The client ID of the application at the provider. */
  readonly clientId: string;

  /**
   * The client secret. CloudFormation reads it when it creates or updates the rule; the template contains only a reference. If the secret
   * changes later, the next deployment that changes the rule reads it.
   */
  readonly clientSecret: ISecret;

  /**
   * The field of `clientSecret` that contains the value.
   *
   * @default - the whole secret
   */
  readonly clientSecretField?: string;
}

/** Options for an Amazon Cognito user pool with which a load balancer signs users in. */
export interface CognitoOptions extends SignInOptions {
  /** The user pool. */
  readonly userPool: IUserPool;

  /** The app client of the pool, with a client secret and the authorization code grant. */
  readonly userPoolClient: IUserPoolClient;

  /** The domain of the pool, where users sign in. */
  readonly userPoolDomain: IUserPoolDomain;
}

const MAX_SESSION = 604_800;

/**
 * The sign-in of users before a route forwards their requests. On its side, `Waf.managedRules` counts long cookies and query strings, which
 * the sign-in sends, and does not block them. The load balancer handles the redirect and the session cookie, and passes
 * the claims in the headers `x-amzn-oidc-identity`, `x-amzn-oidc-accesstoken` and `x-amzn-oidc-data`, a token that it signs and that the
 * service should verify.
 *
 * It requires an HTTPS side. The provider must redirect users to `https://<host of the route>/oauth2/idpresponse`. The load balancer calls
 * the provider, so its security group allows egress to the internet on port 443, IPv4.
 *
 * It is free of charge; Cognito bills by monthly active users.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 *
 * @example
 * declare const gateway: DualAlbGateway;
 * declare const admin: MeshService;
 * declare const clientSecret: secretsmanager.ISecret;
 *
 * gateway.external.route('Admin', {
 *   target: admin.port('http'),
 *   hosts: ['admin.example.com'],
 *   authentication: RouteAuthentication.oidc({
 *     issuer: 'https://idp.example.com',
 *     authorizationEndpoint: 'https://idp.example.com/authorize',
 *     tokenEndpoint: 'https://idp.example.com/token',
 *     userInfoEndpoint: 'https://idp.example.com/userinfo',
 *     clientId: 'admin',
 *     clientSecret,
 *   }),
 * });
 */
export class RouteAuthentication implements IRouteAuthentication {
  /**
   * An OpenID Connect provider whose endpoints have public names and certificates from a public authority.
   *
   * @param options endpoints, client and session
   */
  public static oidc(options: OidcOptions): RouteAuthentication {
    const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret } = options;
    const isKnown = !isUnknown([issuer, clientId]);
    const provider = isKnown ? `${issuer} ${clientId}` : clientSecret.node.addr;
    const before = (next: ListenerAction): ListenerAction =>
      ListenerAction.authenticateOidc({
        issuer,
        authorizationEndpoint,
        tokenEndpoint,
        userInfoEndpoint,
        clientId,
        clientSecret: options.clientSecretField
          ? clientSecret.secretValueFromJson(options.clientSecretField)
          : clientSecret.secretValue,
        ...settle(options, provider),
        next,
      });
    return new RouteAuthentication(before, options, { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint });
  }

  /**
   * An Amazon Cognito user pool, in the load balancer's own Region or another one.
   *
   * @param options pool, client, domain and session
   */
  public static cognito(options: CognitoOptions): RouteAuthentication {
    const { userPool, userPoolClient, userPoolDomain } = options;
    const before = (next: ListenerAction): ListenerAction =>
      new AuthenticateCognitoAction({
        userPool,
        userPoolClient,
        userPoolDomain,
        ...settle(options, userPoolClient.node.addr),
        next,
      });
    return new RouteAuthentication(before, options, {});
  }

  private constructor(
    private readonly before: (next: ListenerAction) => ListenerAction,
    private readonly options: SignInOptions,
    private readonly addresses: Record<string, string>,
  ) {}

  /**
   * Returns the sign-in, followed by the next action.
   *
   * @param next action for requests of users who are signed in
   */
  public beforeAction(next: ListenerAction): ListenerAction {
    return this.before(next);
  }

  /**
   * Throws for settings that the load balancer would reject.
   *
   * @internal
   */
  public _validate(scope: IConstruct): void {
    const { scope: asked, sessionTimeout } = this.options;
    if (sessionTimeout) {
      requireSeconds(scope, 'RouteSignIn', 'authentication.sessionTimeout', sessionTimeout, 1, MAX_SESSION);
    }
    if (asked !== undefined && !isUnknown(asked) && !asked.split(' ').includes('openid')) {
      throw validationError(scope, 'RouteSignIn', {
        prop: 'authentication.scope',
        must: 'contain the word openid, or the provider returns no identity',
        got: asked,
        fix: `write ${JSON.stringify(`openid ${asked}`.trim())}`,
      });
    }
    for (const [name, address] of Object.entries(this.addresses)) {
      if (isUnknown(address) || /^https:\/\/[^\s/]+/.test(address)) continue;
      throw validationError(scope, 'RouteSignIn', {
        prop: `authentication.${name}`,
        must: 'be a full address that starts with https://',
        got: address,
        fix: "copy it from the provider's /.well-known/openid-configuration",
      });
    }
  }
}

guard({ RouteAuthentication });

/**
 * The name of the cookie differs by provider and client: with one name, a load balancer would take the session of one provider for that of
 * another (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html). Routes with the same
 * provider share their session.
 */
function settle({ scope, sessionTimeout, onUnauthenticated }: SignInOptions, provider: string) {
  return {
    scope: scope ?? 'openid',
    sessionTimeout: sessionTimeout ?? Duration.hours(12),
    sessionCookieName: `AWSELBAuth${createHash('sha256').update(provider).digest('hex').slice(0, 8)}`,
    onUnauthenticatedRequest: onUnauthenticated ?? UnauthenticatedAction.AUTHENTICATE,
    // The gateway opens its own security group; a rule that does it would change the gateway from the stack of the service.
    allowHttpsOutbound: false,
  };
}
