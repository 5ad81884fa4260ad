import { Duration, Token } from 'aws-cdk-lib';
import { IUserPool, IUserPoolClient, IUserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { ListenerAction, UnauthenticatedAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AuthenticateCognitoAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2-actions';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { validationError } from '../core/private/errors';
import { requireSeconds } from '../core/private/require-seconds';
import { IRouteAuthentication } from '../core/routable';

/** Choices for a sign-in, whoever provides it. */
export interface SignInOptions {
  /**
   * What is asked of the provider, words separated by spaces. `openid` must be among them.
   *
   * @default 'openid'
   */
  readonly scope?: string;

  /**
   * Time after which a user must sign in again, 1 second to 7 days.
   *
   * @default Duration.hours(12)
   */
  readonly sessionTimeout?: Duration;

  /**
   * What happens to requests of users who are not signed in: they are sent to the provider, refused with 401 (for scripts that cannot
   * follow a redirect), or let through without claims.
   *
   * @default UnauthenticatedAction.AUTHENTICATE
   */
  readonly onUnauthenticated?: UnauthenticatedAction;
}

/** Where and as whom a load balancer signs users in with an OpenID Connect provider. */
export interface OidcOptions extends SignInOptions {
  /** Issuer of the provider, such as `https://idp.example.com`. */
  readonly issuer: string;

  /** Authorization endpoint of the provider, where users are sent. */
  readonly authorizationEndpoint: string;

  /** Token endpoint of the provider, which the load balancer calls. */
  readonly tokenEndpoint: string;

  /** User info endpoint of the provider, which the load balancer calls. */
  readonly userInfoEndpoint: string;

  /** Id of the client that the provider knows this application by. */
  readonly clientId: string;

  /**
   * Secret of that client. CloudFormation reads it when it makes or changes the rule; the template only refers to it. A secret that is
   * changed later is read by the next deployment that changes the rule.
   */
  readonly clientSecret: ISecret;

  /**
   * Field of `clientSecret` that holds the value.
   *
   * @default - the whole secret is the value
   */
  readonly clientSecretField?: string;
}

/** A Cognito user pool that signs users in. */
export interface CognitoOptions extends SignInOptions {
  /** The user pool. */
  readonly userPool: IUserPool;

  /** App client of the pool, with a client secret and the code grant. */
  readonly userPoolClient: IUserPoolClient;

  /** Domain of the pool, where users sign in. */
  readonly userPoolDomain: IUserPoolDomain;
}

const MAX_SESSION = 604_800;

/**
 * Who signs users in before a route forwards their requests. The load balancer does it all: redirect, session cookie, and the claims as
 * headers `x-amzn-oidc-identity`, `x-amzn-oidc-accesstoken` and `x-amzn-oidc-data`, a token that it has signed and that the service should
 * verify.
 *
 * Works on an HTTPS side only. The provider must send users back to `https://<host of the route>/oauth2/idpresponse`. The load balancer
 * calls the provider, so its security group is opened towards the internet on port 443, IPv4.
 *
 * No charge of its own; Cognito bills by monthly active users.
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
   * An OpenID Connect provider whose endpoints are public names with certificates of a public authority.
   *
   * @param options endpoints, client and session
   */
  public static oidc(options: OidcOptions): RouteAuthentication {
    const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId } = options;
    const before = (next: ListenerAction): ListenerAction =>
      ListenerAction.authenticateOidc({
        issuer,
        authorizationEndpoint,
        tokenEndpoint,
        userInfoEndpoint,
        clientId,
        clientSecret: options.clientSecretField
          ? options.clientSecret.secretValueFromJson(options.clientSecretField)
          : options.clientSecret.secretValue,
        ...settle(options),
        next,
      });
    return new RouteAuthentication(before, options, { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint });
  }

  /**
   * A Cognito user pool, of the load balancer's own region or another one.
   *
   * @param options pool, client, domain and session
   */
  public static cognito(options: CognitoOptions): RouteAuthentication {
    const { userPool, userPoolClient, userPoolDomain } = options;
    const before = (next: ListenerAction): ListenerAction =>
      new AuthenticateCognitoAction({ userPool, userPoolClient, userPoolDomain, ...settle(options), next });
    return new RouteAuthentication(before, options, {});
  }

  private constructor(
    private readonly before: (next: ListenerAction) => ListenerAction,
    private readonly options: SignInOptions,
    private readonly addresses: Record<string, string>,
  ) {}

  /**
   * The sign-in, followed by the action.
   *
   * @param next what happens to requests of users who are signed in
   */
  public beforeAction(next: ListenerAction): ListenerAction {
    return this.before(next);
  }

  /**
   * Throws for what the load balancer would refuse.
   *
   * @internal
   */
  public _validate(scope: IConstruct): void {
    const { scope: asked, sessionTimeout } = this.options;
    if (sessionTimeout) {
      requireSeconds(scope, 'RouteSignIn', 'authentication.sessionTimeout', sessionTimeout, 1, MAX_SESSION);
    }
    if (asked !== undefined && !Token.isUnresolved(asked) && !asked.split(' ').includes('openid')) {
      throw validationError(scope, 'RouteSignIn', {
        prop: 'authentication.scope',
        must: 'contain the word openid, or the provider returns no identity',
        got: asked,
        fix: `write ${JSON.stringify(`openid ${asked}`.trim())}`,
      });
    }
    for (const [name, address] of Object.entries(this.addresses)) {
      if (Token.isUnresolved(address) || /^https:\/\/[^\s/]+/.test(address)) continue;
      throw validationError(scope, 'RouteSignIn', {
        prop: `authentication.${name}`,
        must: 'be a full address that starts with https://',
        got: address,
        fix: "copy it from the provider's /.well-known/openid-configuration",
      });
    }
  }
}

function settle({ scope, sessionTimeout, onUnauthenticated }: SignInOptions) {
  return {
    scope: scope ?? 'openid',
    sessionTimeout: sessionTimeout ?? Duration.hours(12),
    sessionCookieName: 'AWSELBAuthSessionCookie',
    onUnauthenticatedRequest: onUnauthenticated ?? UnauthenticatedAction.AUTHENTICATE,
    // The gateway opens its own security group; a rule that does it would change the gateway from the stack of the service.
    allowHttpsOutbound: false,
  };
}
