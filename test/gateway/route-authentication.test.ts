import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool, UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { UnauthenticatedAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { DualAlbGateway, ExternalSide, SideCertificate, Waf } from 'cdk-ecs-mesh';
import { arrange, newCertificate, newStack } from './fixtures';
import { OidcOptions, RouteAuthentication } from '../../src/gateway/route-authentication';
import { newMesh, newService, newStack as newShop, oidc, only, templateOf } from '../helpers';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const AT = 'at S/Gateway/External/Routes/Admin]';

/** A gateway whose external route signs users in; its template. */
function signIn(authentication: (stack: ReturnType<typeof newStack>) => RouteAuthentication) {
  const stack = newStack();
  const { gateway, target } = arrange({}, stack);
  const route = gateway.external.route('Admin', { target, authentication: authentication(stack) });
  return { stack, gateway, target, route };
}

describe('DT-72: the sign-in and the web ACL, which sees its cookie and its query string first', () => {
  const SIGN_IN = ['SizeRestrictions_Cookie_HEADER', 'SizeRestrictions_QUERYSTRING'];
  const counted = (waf: Waf | undefined, authentication?: RouteAuthentication) => {
    const stack = newStack();
    const { gateway, target } = arrange({ external: { waf } }, stack);
    for (const id of ['Admin', 'Other']) gateway.external.route(id, { target, hosts: [`${id}.example.com`], authentication });
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::WAFv2::WebACL')).flatMap(
      ({ Properties }) => Properties.Rules,
    );
    return rules.flatMap(({ Statement }) => Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? []).map(({ Name }) => Name);
  };

  test('DT-72: counts long cookies and queries, besides what the user counts', () => {
    const authentication = oidc({}, newStack());
    expect(counted(undefined, authentication)).toEqual(SIGN_IN);
    expect(counted(Waf.managedRules({ countedRules: ['SizeRestrictions_BODY'] }), authentication)).toEqual([
      'SizeRestrictions_BODY',
      ...SIGN_IN,
    ]);
  });

  test('DT-72: blocks them without a sign-in', () => expect(counted(undefined)).toEqual([]));

  test.each([Waf.none(), Waf.fromArn('arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b')])(
    'DT-72: another web ACL stays as it is: %#',
    (waf) => expect(counted(waf, oidc({}, newStack()))).toEqual([]),
  );
});

test('OIDC: the rule signs in, then forwards; the client secret is a reference', () => {
  const { stack } = signIn((scope) => oidc({}, scope));
  Template.fromStack(stack).hasResourceProperties(RULE, {
    Actions: [
      {
        Order: 1,
        Type: 'authenticate-oidc',
        AuthenticateOidcConfig: {
          Issuer: 'https://idp.example.com',
          AuthorizationEndpoint: 'https://idp.example.com/authorize',
          TokenEndpoint: 'https://idp.example.com/token',
          UserInfoEndpoint: 'https://idp.example.com/userinfo',
          ClientId: 'admin',
          ClientSecret: {
            'Fn::Join': [
              '',
              ['{{resolve:secretsmanager:arn:', { Ref: 'AWS::Partition' }, Match.stringLikeRegexp('idp/admin:SecretString:::}}$')],
            ],
          },
          Scope: 'openid',
          SessionTimeout: 43200,
          SessionCookieName: Match.stringLikeRegexp('^AWSELBAuth[0-9a-f]{8}$'),
          OnUnauthenticatedRequest: 'authenticate',
        },
      },
      Match.objectLike({ Order: 2, Type: 'forward' }),
    ],
  });
});

test('each choice of a sign-in', () => {
  const { stack } = signIn((scope) =>
    oidc(
      {
        clientSecretField: 'secret',
        scope: 'openid email',
        sessionTimeout: Duration.hours(1),
        onUnauthenticated: UnauthenticatedAction.DENY,
      },
      scope,
    ),
  );
  const rules = Object.values(Template.fromStack(stack).findResources(RULE));
  const { AuthenticateOidcConfig: config } = rules[0].Properties.Actions[0];
  expect(config).toMatchObject({ Scope: 'openid email', SessionTimeout: 3600, OnUnauthenticatedRequest: 'deny' });
  expect(JSON.stringify(config.ClientSecret)).toContain('SecretString:secret::}}');
});

test('Cognito: pool, client and domain', () => {
  const { stack } = signIn((scope) => {
    const userPool = new UserPool(scope, 'Pool');
    const userPoolClient = new UserPoolClient(scope, 'Client', { userPool, generateSecret: true });
    const userPoolDomain = new UserPoolDomain(scope, 'Domain', { userPool, cognitoDomain: { domainPrefix: 'shop' } });
    return RouteAuthentication.cognito({ userPool, userPoolClient, userPoolDomain });
  });
  Template.fromStack(stack).hasResourceProperties(RULE, {
    Actions: [
      {
        Type: 'authenticate-cognito',
        AuthenticateCognitoConfig: Match.objectLike({
          Scope: 'openid',
          SessionTimeout: 43200,
          OnUnauthenticatedRequest: 'authenticate',
        }),
      },
      Match.objectLike({ Type: 'forward' }),
    ],
  });
});

test('routes with one provider and client share their session; another provider or client has a cookie of its own', () => {
  const { stack, gateway, target } = signIn((scope) => oidc({}, scope));
  const others: [string, Partial<OidcOptions>][] = [
    ['Same', {}],
    ['Client', { clientId: 'other' }],
    ['Issuer', { issuer: 'https://second.example.com' }],
  ];
  for (const [id, props] of others) {
    gateway.external.route(id, { target, paths: [`/${id}`], authentication: oidc(props, newStack(id)) });
  }
  const cookies = Object.values(Template.fromStack(stack).findResources(RULE)).map(
    ({ Properties }) => Properties.Actions[0].AuthenticateOidcConfig.SessionCookieName,
  );
  expect([cookies.length, new Set(cookies).size]).toEqual([4, 3]);
});

test('the load balancer may call the provider; without a sign-in it calls nobody but targets', () => {
  const way = Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' });
  const group = { GroupDescription: Match.stringLikeRegexp('ALB'), SecurityGroupEgress: Match.arrayWith([way]) };
  Template.fromStack(signIn((scope) => oidc({}, scope)).stack).hasResourceProperties('AWS::EC2::SecurityGroup', group);
  const { stack, gateway, target } = arrange();
  gateway.external.route('Open', { target });
  Template.fromStack(stack).resourcePropertiesCountIs('AWS::EC2::SecurityGroup', group, 0);
});

test('two routes with a sign-in open one way', () => {
  const { stack, gateway, target } = signIn((scope) => oidc({}, scope));
  gateway.external.route('Second', { target, paths: ['/second'], authentication: oidc({}, newStack('Other')) });
  const [group] = Object.values(
    Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup', {
      Properties: { GroupDescription: Match.stringLikeRegexp('ALB') },
    }),
  );
  expect(group.Properties.SecurityGroupEgress).toHaveLength(1);
});

test('a port of a service puts the sign-in before its forward action', () => {
  const shop = newShop();
  const mesh = newMesh(shop);
  const external = ExternalSide.https({ certificate: SideCertificate.given(newCertificate(shop)) });
  const gateway = new DualAlbGateway(shop, 'Gateway', { network: mesh, external });
  gateway.external.route('Admin', { target: newService(mesh, 'Admin').port('http'), authentication: oidc({}, shop) });
  const { Actions } = only(templateOf(shop), RULE).Properties;
  expect(Actions.map(({ Type }: { Type: string }) => Type)).toEqual(['authenticate-oidc', 'forward']);
});

describe('refused', () => {
  test.each<[string, Partial<OidcOptions>, string]>([
    [
      'plain endpoint',
      { tokenEndpoint: 'http://idp/token' },
      `\`authentication.tokenEndpoint\` must be a full address that starts with https://, got "http://idp/token"; copy it from the provider's /.well-known/openid-configuration`,
    ],
    [
      'no openid',
      { scope: 'email' },
      '`authentication.scope` must contain the word openid, or the provider returns no identity, got "email"; write "openid email"',
    ],
    [
      'no session',
      { sessionTimeout: Duration.seconds(0) },
      '`authentication.sessionTimeout` must be whole seconds from 1 to 604800, got "0 seconds"; choose a duration in that range',
    ],
    [
      'long session',
      { sessionTimeout: Duration.seconds(604801) },
      '`authentication.sessionTimeout` must be whole seconds from 1 to 604800, got "604801 seconds"; choose a duration in that range',
    ],
  ])('%s', (_, props, message) => {
    expect(() => signIn((scope) => oidc(props, scope))).toThrow(new Error(`${message} [RouteSignIn ${AT}`));
  });

  test.each([1, 604800])('a session of %d seconds is fine', (seconds) => {
    expect(() => signIn((scope) => oidc({ sessionTimeout: Duration.seconds(seconds) }, scope))).not.toThrow();
  });

  test.each(['internal', 'external'] as const)('an %s side that speaks plain HTTP', (side) => {
    const { gateway, target } = arrange({ http: {} });
    expect(() => gateway[side].route('Admin', { target, authentication: oidc() })).toThrow(
      new Error(
        '`authentication` must be left out on a side with plain HTTP, where load balancers do not support sign-in; put the route on a ' +
          `side with a certificate [RouteSignIn ${AT.replace('External', side === 'internal' ? 'Internal' : 'External')}`,
      ),
    );
  });

  test('a service that would call the route', () => {
    const { route, target } = signIn((scope) => oidc({}, scope));
    expect(() => route.bindEndpoint(target.asClient(), {})).toThrow(
      new Error(
        '`connectTo` must be a route without `authentication`, because a service cannot sign in like a user, got "Admin"; connect to the ' +
          'port of the service or to an internal route of it; for a link on a page set a variable from `url` of the route ' +
          `[RouteSignIn ${AT}`,
      ),
    );
  });
});
