import { Duration, Token } from 'aws-cdk-lib';
import { ApplicationProtocolVersion } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PortProtocol } from 'cdk-ecs-mesh';
import { arrange, at, RoutedService, route } from './fixtures';
import { RouteProps } from '../../src/gateway/gateway-route';

describe('refused', () => {
  const LIMITS = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';
  const seconds = (prop: string, min: number, max: number, got: number, id = 'RouteHealthCheck') =>
    `\`${prop}\` must be whole seconds from ${min} to ${max}, got "${got} seconds"; choose a duration in that range [${id} ${at()}`;
  const threshold = (prop: string, got: number) =>
    `\`healthCheck.${prop}\` must be a whole number from 2 to 10, got ${got}; choose a value in that range [RouteHealthCheck ${at()}`;
  const host = (must: string, got: string, fix: string) => `\`hosts[0]\` must ${must}, got "${got}"; ${fix} [RouteHost ${at()}`;
  const path = (must: string, got: string, fix: string) =>
    `\`paths[0]\` must ${must}, got ${JSON.stringify(got)}; ${fix} [RoutePath ${at()}`;
  const label = (got: string) =>
    '`recordName` must be a DNS name known at synthesis: labels of 1 to 63 letters, digits and inner hyphens, joined by dots, ' +
    `got "${got}"; give a name such as "api", or the name of the zone for the zone itself [RecordName ${at()}`;
  const priority = (got: number) =>
    `\`priority\` must be a whole number from 1 to 50000, got ${got}; choose a value in that range [RoutePriority ${at()}`;
  const HOST_CHARACTERS = 'consist of letters, digits, `.`, `-` and the wildcards `*` and `?`';
  const BARE = 'give the name alone, without scheme, port or path';
  const long = (length: number) => `${'a'.repeat(length - 4)}.com`;

  test.each<[string, Partial<RouteProps>, string]>([
    [
      'no host',
      { hosts: [] },
      `\`hosts\` must have a value, got []; leave \`hosts\` out to match all of them [RouteConditions ${at()}`,
    ],
    [
      'no path',
      { paths: [] },
      `\`paths\` must have a value, got []; leave \`paths\` out to match all of them [RouteConditions ${at()}`,
    ],
    ['a URL as host', { hosts: ['https://a.com'] }, host(HOST_CHARACTERS, 'https://a.com', BARE)],
    ['a host with port', { hosts: ['a.com:80'] }, host(HOST_CHARACTERS, 'a.com:80', BARE)],
    [
      'a host without dot',
      { hosts: ['api'] },
      host(
        'end with a dot and letters, as in `api.example.com`',
        'api',
        'write the full name; leave `hosts` out to match every name',
      ),
    ],
    ['a long host', { hosts: [long(129)] }, host('have at most 128 characters', long(129), 'use a shorter name or a wildcard')],
    ['a relative path', { paths: ['api/*'] }, path('start with `/` or `*`', 'api/*', 'write "/api/*"')],
    [
      'a long path',
      { paths: [`/${'a'.repeat(128)}`] },
      path('have at most 128 characters', `/${'a'.repeat(128)}`, 'use a shorter path or a wildcard'),
    ],
    [
      'a path with a space',
      { paths: ['/a b'] },
      path(
        'consist of letters, digits, `_-.$/~"\'@:+&` and the wildcards `*` and `?`',
        '/a b',
        'use a wildcard for any other character',
      ),
    ],
    [
      'six values',
      { hosts: ['a.example.com'], paths: ['/1', '/2', '/3', '/4', '/5'] },
      `\`hosts and paths\` must together have at most 5 values (${LIMITS}), got ["a.example.com","/1","/2","/3","/4","/5"]; ` +
        `combine patterns with a wildcard, or split them into two routes [RouteConditions ${at()}`,
    ],
    [
      'six wildcards',
      { paths: ['/*/*/*', '/?/?/?'] },
      `\`hosts and paths\` must together have at most 5 wildcards (${LIMITS}), got ["/*/*/*","/?/?/?"]; ` +
        `use fewer \`*\` and \`?\`, or split the patterns into two routes [RouteConditions ${at()}`,
    ],
    ['priority 0', { priority: 0 }, priority(0)],
    ['priority 50001', { priority: 50001 }, priority(50001)],
    ['half a priority', { priority: 1.5 }, priority(1.5)],
    [
      'a drain of more than an hour',
      { deregistrationDelay: Duration.seconds(3601) },
      seconds('deregistrationDelay', 0, 3600, 3601, 'DeregistrationDelay'),
    ],
    ['a short interval', { healthCheck: { interval: Duration.seconds(4) } }, seconds('healthCheck.interval', 5, 300, 4)],
    ['a long interval', { healthCheck: { interval: Duration.seconds(301) } }, seconds('healthCheck.interval', 5, 300, 301)],
    ['a short timeout', { healthCheck: { timeout: Duration.seconds(1) } }, seconds('healthCheck.timeout', 2, 120, 1)],
    [
      'a long timeout',
      { healthCheck: { timeout: Duration.seconds(121), interval: Duration.seconds(300) } },
      seconds('healthCheck.timeout', 2, 120, 121),
    ],
    [
      'a timeout of the whole interval',
      { healthCheck: { timeout: Duration.seconds(10) } },
      '`healthCheck.timeout` must be less than `healthCheck.interval` (10 seconds), got "10 seconds"; ' +
        `choose at most 9 seconds, or a longer interval [RouteHealthCheck ${at()}`,
    ],
    ['one good check', { healthCheck: { healthyThreshold: 1 } }, threshold('healthyThreshold', 1)],
    ['eleven good checks', { healthCheck: { healthyThreshold: 11 } }, threshold('healthyThreshold', 11)],
    ['one bad check', { healthCheck: { unhealthyThreshold: 1 } }, threshold('unhealthyThreshold', 1)],
    ['eleven bad checks', { healthCheck: { unhealthyThreshold: 11 } }, threshold('unhealthyThreshold', 11)],
    [
      'a relative health path',
      { healthCheck: { path: 'health' } },
      '`healthCheck.path` must start with `/` and have at most 1024 characters, got "health"; ' +
        `write the path alone, as in "/health" [RouteHealthCheck ${at()}`,
    ],
    [
      'health codes out of range',
      { healthCheck: { healthyHttpCodes: '500' } },
      '`healthCheck.healthyHttpCodes` must be codes from 200 to 499, or ranges of them in ascending order, joined by `,`, got "500"; ' +
        `write for example "200" or "200-299" [RouteHealthCheck ${at()}`,
    ],
    [
      'a record outside the zone',
      { recordName: 'api.example.com' },
      '`recordName` must end with nidhin.local, the name of `internal.zone`, once it has a dot, got "api.example.com"; ' +
        `write "api" for api.nidhin.local, or set \`internal.zone\` to the zone of that name [RecordOutsideZone ${at()}`,
    ],
    [
      'a complete name of one label',
      { recordName: 'api.' },
      '`recordName` must end with nidhin.local, the name of `internal.zone`, once it has a dot, got "api."; ' +
        `write "api" for api.nidhin.local, or set \`internal.zone\` to the zone of that name [RecordOutsideZone ${at()}`,
    ],
    ['a record with a wildcard', { recordName: '*' }, label('*')],
    ['a record with an empty label', { recordName: 'a..nidhin.local' }, label('a..nidhin.local')],
    ['a label of 64 characters', { recordName: 'a'.repeat(64) }, label('a'.repeat(64))],
    [
      'a record that no host matches',
      { recordName: 'api', hosts: ['web.nidhin.local'] },
      '`hosts` must match api.nidhin.local, the name of the record, or requests for it go elsewhere, got ["web.nidhin.local"]; ' +
        `add "api.nidhin.local", or leave \`hosts\` out [RecordNotInHosts ${at()}`,
    ],
  ])('%s', (_, props, text) => {
    expect(() => route(props)).toThrow(new Error(text));
  });

  test.each(['internal', 'external'] as const)('a record on the %s side without zone', (side) => {
    const { gateway, target } = arrange();
    const [prop, path_] = side === 'internal' ? ['internal.zone', 'Internal'] : ['external.zone', 'External'];
    expect(() => gateway[side].route('Api', { target, recordName: 'api' })).toThrow(
      new Error(
        `\`recordName\` must have a hosted zone, got "api"; set \`${prop}\` of the gateway, or create the record elsewhere ` +
          `and list its name in \`hosts\` [RecordWithoutZone at S/Gateway/${path_}/Routes/Api]`,
      ),
    );
  });

  test('a name that is only known at deployment', () => {
    const name = Token.asString({ Ref: 'Name' });
    expect(() => route({ recordName: name })).toThrow(
      /^`recordName` must be known at synthesis, got "a token"; .* \[KnownAtSynthesis at /,
    );
  });

  test('T38: the 101st route', () => {
    const { stack, gateway, vpc, target } = arrange();
    const targets = Array.from({ length: 20 }, (_, i) => new RoutedService(stack, `Web${i}`, { vpc }));
    for (let i = 1; i <= 100; i++) gateway.internal.route(`R${i}`, { target: targets[i % 20], paths: [`/${i}`], priority: i });
    expect(() => gateway.internal.route('R101', { target, paths: ['/101'] })).toThrow(
      new Error(
        "`route('R101')` must be one of at most 100 on a side, since a load balancer has at most 100 target groups " +
          `(${LIMITS}); add a second DualAlbGateway for further routes [RouteCount ${at('R101')}`,
      ),
    );
  });

  test.each([
    [PortProtocol.HTTP2, ApplicationProtocolVersion.HTTP2],
    [PortProtocol.GRPC, ApplicationProtocolVersion.GRPC],
  ])('%s behind an HTTP listener', (protocol, protocolVersion) => {
    const { stack, gateway, vpc } = arrange();
    const target = new RoutedService(stack, 'Other', { vpc, protocol });
    expect(() => gateway.internal.route('Api', { target })).toThrow(
      new Error(
        `\`target\` must speak HTTP/1.1 behind an HTTP listener, and S/Other does not, got "${protocolVersion}"; ` +
          `route it on a side with a certificate, or reach it through Service Connect [RouteNeedsHttps ${at()}`,
      ),
    );
    expect(() => gateway.external.route('Api', { target })).not.toThrow();
  });

  test.each<Partial<RouteProps>>([
    { hosts: [long(128)] },
    { paths: [`/${'a'.repeat(127)}`] },
    { paths: ['*.png'] },
    { hosts: ['a.com'], paths: ['/1', '/2', '/3', '/4'] },
    { paths: ['/*/*/*/?/?'] },
    { deregistrationDelay: Duration.seconds(0) },
    { deregistrationDelay: Duration.seconds(3600) },
    { healthCheck: { interval: Duration.seconds(300), timeout: Duration.seconds(120) } },
    { healthCheck: { interval: Duration.seconds(5), timeout: Duration.seconds(2) } },
    { healthCheck: { healthyThreshold: 2, unhealthyThreshold: 2, healthyHttpCodes: '200-499' } },
    { healthCheck: { healthyThreshold: 10, unhealthyThreshold: 10 } },
    { recordName: 'a'.repeat(63) },
    { hosts: [Token.asString({ Ref: 'Host' })], paths: [Token.asString({ Ref: 'Path' })], recordName: 'api' },
  ])('just inside the limits: %j', (props) => {
    expect(() => route(props)).not.toThrow();
  });
});
