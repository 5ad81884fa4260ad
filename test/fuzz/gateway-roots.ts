import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Peer, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as lib from 'cdk-ecs-mesh';
import * as fc from 'fast-check';
import { Root, removal, word, bucket, certificate, zone } from './common';
import { goodsOf } from './plants';
import { storedSecret } from './service-props';
import { also, call, duration, either, list, made, map, number, oneOf, opt, plain, sample, struct, text } from './values';

const addresses = list(text('192.0.2.0/24', '198.51.100.1/32'), 1, 1);
const groupArn = (name: string) => `arn:aws:wafv2:eu-west-1:111111111111:regional/rulegroup/${name}/0a1b`;
const groupOptions = struct('WafOtherRuleGroupOptions', { countedRules: opt(list(text('NoTenant', 'OldClients'), 1, 1)) });
const otherGroup = either(
  call('WafOtherRuleGroup.fromArn', lib.WafOtherRuleGroup.fromArn, text(groupArn('a'), groupArn('b')), groupOptions),
  call(
    'WafOtherRuleGroup.marketplace',
    lib.WafOtherRuleGroup.marketplace,
    text('Vendor', 'Other'),
    text('Rules', 'More'),
    groupOptions,
  ),
);
const waf = either(
  call(
    'Waf.managedRules',
    lib.Waf.managedRules,
    struct('ManagedRulesOptions', {
      rateLimit: opt(number(10, 2_000_000_000)),
      countedRules: opt(list(text('SizeRestrictions_BODY', 'CrossSiteScripting_BODY'), 1, 1)),
      exemptPaths: opt(
        list(
          struct('WafExemptPaths', {
            rule: text('GenericRFI_BODY', 'GenericLFI_BODY'),
            paths: list(text('/uploads/*', '/hooks/github'), 1, 1),
          }),
          1,
          1,
        ),
      ),
      otherRuleGroups: opt(list(otherGroup, 1, 1)),
      internalCountedRules: opt(list(text('NoUserAgent_HEADER', 'SizeRestrictions_QUERYSTRING'), 1, 1)),
      logRetention: opt(oneOf(RetentionDays.ONE_WEEK)),
      ruleGroups: opt(list(oneOf(lib.WafRuleGroup.LINUX, lib.WafRuleGroup.PHP), 1, 1)),
      mode: opt(oneOf(...Object.values(lib.WafMode))),
      countries: opt(
        either(
          call('WafCountries.only', lib.WafCountries.only, list(text('DE', 'FR'), 1, 1)),
          call('WafCountries.except', lib.WafCountries.except, list(text('KP', 'IR'), 1, 1)),
        ),
      ),
      clientAddress: opt(
        either(
          call('WafClientAddress.connection', lib.WafClientAddress.connection),
          call('WafClientAddress.forwarded', lib.WafClientAddress.forwarded, text('X-Forwarded-For', 'X-Real-IP')),
        ),
      ),
      trustedAddresses: opt(addresses),
      blockedAddresses: opt(addresses),
    }),
  ),
  call(
    'Waf.fromArn',
    lib.Waf.fromArn,
    text('arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b', 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/c'),
  ),
  call('Waf.none', lib.Waf.none),
);
const peers = opt(
  list(
    made(
      sample('a range', () => Peer.ipv4('203.0.113.0/24')),
      sample('a prefix list', () => Peer.prefixList('pl-1')),
      sample('a group', () => Peer.securityGroupId('sg-12345678')),
      sample('CloudFront', () => lib.CloudFrontPrefixList.fromPrefixListId('pl-4fa04526')),
    ),
    1,
    2,
  ),
);
const httpOptions = {
  peers,
  subnets: opt(oneOf({ subnetType: SubnetType.PUBLIC }, { subnetType: SubnetType.PRIVATE_WITH_EGRESS })),
  loadBalancerName: opt(word()),
  zone: opt(zone),
  waf: opt(waf),
  shield: opt(either(call('Shield.standard', lib.Shield.standard), call('Shield.advanced', lib.Shield.advanced))),
  responseHeaders: opt(
    call(
      'ResponseHeaders.secure',
      lib.ResponseHeaders.secure,
      struct('SecureHeadersOptions', {
        maxAge: opt(duration(0, 63_072_000)),
        includeSubDomains: opt(oneOf(true)),
        frameOptions: opt(oneOf(...Object.values(lib.FrameOptions))),
        contentSecurityPolicy: opt(text("default-src 'self'")),
      }),
    ),
  ),
};
const [, second] = goodsOf(certificate);
const additional = also(
  opt({ good: fc.constant(sample('[]', () => [])), hostile: list(certificate).hostile }),
  sample('one', (s) => [second.make(s)]),
);
const sideCertificate = either(
  call('SideCertificate.given', lib.SideCertificate.given, certificate, struct('GivenCertificateOptions', { additional })),
  call(
    'SideCertificate.requested',
    lib.SideCertificate.requested,
    struct('RequestedCertificateOptions', { names: list(text('a.example.com', '*.example.com'), 1, 1), zone, additional }),
  ),
);
const mutualTls = either(
  call(
    'MutualTls.verify',
    lib.MutualTls.verify,
    struct('CaBundleOptions', { bucket, key: text('ca.pem', 'other.pem'), version: opt(text('v1')) }),
  ),
  call('MutualTls.passthrough', lib.MutualTls.passthrough),
  call('MutualTls.off', lib.MutualTls.off),
);
const external = either(
  call(
    'ExternalSide.https',
    lib.ExternalSide.https,
    struct('ExternalHttpsOptions', { ...httpOptions, certificate: sideCertificate, mutualTls: opt(mutualTls) }),
  ),
  call('ExternalSide.http', lib.ExternalSide.http, struct('ExternalHttpOptions', httpOptions)),
);
const internalOptions = {
  peers,
  subnets: opt(oneOf({ subnetType: SubnetType.PRIVATE_ISOLATED })),
  loadBalancerName: opt(word()),
  zone: opt(zone),
  waf: opt(waf),
};
const internal = either(
  call('InternalSide.http', lib.InternalSide.http, struct('InternalHttpOptions', internalOptions)),
  call(
    'InternalSide.https',
    lib.InternalSide.https,
    struct('InternalHttpsOptions', { ...internalOptions, certificate: sideCertificate }),
  ),
);
export const gateway: Root = {
  props: struct('DualAlbGatewayProps', {
    external: opt(external),
    internal,
    accessLogs: opt(
      either(
        call(
          'AccessLogs.managedBucket',
          lib.AccessLogs.managedBucket,
          struct('ManagedLogBucketOptions', { expiration: opt(duration(86400, 864000, 86400)) }),
        ),
        call('AccessLogs.bucket', lib.AccessLogs.bucket, bucket, text('logs', 'other')),
        call('AccessLogs.none', lib.AccessLogs.none),
      ),
    ),
    idleTimeout: opt(duration(1, 4000)),
    removalPolicy: opt(removal),
  }),
  build: (s, props: Omit<lib.DualAlbGatewayProps, 'network'>) => {
    const built = new lib.DualAlbGateway(s.stack, 'Root', { network: s.network, ...props });
    if (props.external) built.external.route('Out', { target: s.service.port('http') });
    return built.internal.route('In', { target: s.service.port('http') });
  },
  wire: (s, props: Omit<lib.DualAlbGatewayProps, 'network'>) => {
    const built = new lib.DualAlbGateway(s.stack, 'Root', { network: s.network, ...props });
    const target = s.service.port('http');
    const nameIn = (side: object) => ('zone' in side && side.zone ? 'web' : undefined);
    if (props.external) built.external.route('Out', { target, recordName: nameIn(props.external._choices) });
    if (props.internal) built.internal.route('In', { target, recordName: nameIn(props.internal._choices) });
  },
};

export const origin: Root = {
  props: struct('GatewayOriginOptions', {
    domainName: opt(text('www.example.com', 'origin.example.com')),
    readTimeout: opt(duration(1, 60)),
    keepaliveTimeout: opt(duration(1, 59)),
    customHeaders: opt(map(text('X-Origin-Verify', 'X-Edge'), text('a', 'b'), 1)),
  }),
  build: (s, options: lib.GatewayOriginOptions) => {
    const side = lib.InternalSide.http({ peers: [lib.CloudFrontPrefixList.fromPrefixListId('pl-4fa04526')] });
    const built = new lib.DualAlbGateway(s.stack, 'Gateway', { network: s.network, internal: side });
    built.internal.route('In', { target: s.service.port('http') });
    return new Distribution(s.stack, 'Root', { defaultBehavior: { origin: built.internal.cloudFrontOrigin(options) } });
  },
};

const check = struct('RouteHealthCheck', {
  path: opt(text('/health', '/')),
  interval: opt(duration(60, 300)),
  timeout: opt(duration(2, 59)),
  healthyThreshold: opt(number(2, 10)),
  unhealthyThreshold: opt(number(2, 10)),
  healthyHttpCodes: opt(text('200', '200-299', '200,204')),
});
const condition = either(
  call('RouteCondition.header', lib.RouteCondition.header, text('X-Tenant', 'X-Other'), list(text('a*', 'b'), 1, 1)),
  call('RouteCondition.query', lib.RouteCondition.query, text('version', 'v'), list(text('1', '2'), 1, 1)),
  call('RouteCondition.methods', lib.RouteCondition.methods, list(text('GET', 'POST'), 1, 1)),
  call('RouteCondition.sourceIps', lib.RouteCondition.sourceIps, addresses),
);
const signIn = {
  scope: opt(text('openid', 'openid email')),
  sessionTimeout: opt(duration(1, 604800)),
  onUnauthenticated: opt(oneOf('authenticate', 'deny')),
};
const oidc = call(
  'RouteAuthentication.oidc',
  lib.RouteAuthentication.oidc,
  struct('OidcOptions', {
    ...signIn,
    issuer: text('https://id.example.com', 'https://id.example.org'),
    authorizationEndpoint: text('https://id.example.com/authorize', 'https://id.example.com/other'),
    tokenEndpoint: text('https://id.example.com/token', 'https://id.example.com/other'),
    userInfoEndpoint: text('https://id.example.com/userinfo', 'https://id.example.com/other'),
    clientId: text('client', 'other'),
    clientSecret: storedSecret,
    clientSecretField: opt(text('clientSecret')),
  }),
);
export const route: Root = {
  props: struct('RouteProps', {
    hosts: opt(list(text('api.example.com', '*.example.com'), 1, 1)),
    paths: opt(list(text('/api/*', '/v1'), 1, 1)),
    when: opt(list(condition, 1, 1)),
    authentication: opt(oidc),
    recordName: also(opt({ good: fc.constant(sample('undefined', () => undefined)), hostile: word().hostile }), plain('web')),
    priority: opt(number(1, 50_000)),
    healthCheck: opt(check),
    deregistrationDelay: opt(duration(0, 3600)),
  }),
  build: (s, props: object) => {
    const [cert] = fc.sample(certificate.good, 1);
    const [hosted] = fc.sample(zone.good, 1);
    const built = new lib.DualAlbGateway(s.stack, 'Gateway', {
      network: s.network,
      external: lib.ExternalSide.https({
        certificate: lib.SideCertificate.given(cert.make(s) as never),
        zone: hosted.make(s) as never,
        waf: lib.Waf.none(),
      }),
    } as never);
    return built.external.route('Root', { target: s.service.port('http'), ...props });
  },
};
