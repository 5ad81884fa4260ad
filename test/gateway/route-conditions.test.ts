import { Match, Template } from 'aws-cdk-lib/assertions';
import { at, route, routes } from './fixtures';
import { RouteProps } from '../../src/gateway/gateway-route';
import { RouteCondition } from '../../src/gateway/route-condition';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const beta = RouteCondition.header('X-Channel', ['beta']);

test('each kind in the terms of the load balancer, without a path that every request has', () => {
  const when = [
    RouteCondition.header('X-Channel', ['beta', 'canary-*']),
    RouteCondition.query('v', ['2']),
    RouteCondition.methods(['POST']),
    RouteCondition.sourceIps(['203.0.113.0/24']),
  ];
  Template.fromStack(route({ when }).stack).hasResourceProperties(RULE, {
    Conditions: [
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Channel', Values: ['beta', 'canary-*'] } },
      { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '2' }] } },
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST'] } },
      { Field: 'source-ip', SourceIpConfig: { Values: ['203.0.113.0/24'] } },
    ],
  });
});

describe('priority', () => {
  test('a route with conditions comes before all without, and moves none of them', () => {
    const [full, any] = routes(['Full', { hosts: ['a.com'], paths: ['/x'] }], ['Any', {}]);
    const [again, anyAgain, conditional] = routes(
      ['Full', { hosts: ['a.com'], paths: ['/x'] }],
      ['Any', {}],
      ['Beta', { when: [beta] }],
    );
    expect([again.priority, anyAgain.priority]).toEqual([full.priority, any.priority]);
    expect(conditional.priority).toBeLessThan(full.priority);
  });

  test.each<[Partial<RouteProps>, number]>([
    [{ hosts: ['a.com'], paths: ['/x'] }, 102],
    [{ hosts: ['a.com'], paths: ['/x/*'] }, 602],
    [{ hosts: ['a.com'] }, 1102],
    [{ hosts: ['*.a.com'], paths: ['/x'] }, 1602],
    [{ hosts: ['*.a.com'] }, 2602],
    [{ paths: ['/x'] }, 3102],
    [{ paths: ['/x/*'] }, 3602],
    [{}, 4102],
  ])('with conditions, %j is in the five hundred from %d', (props, first) => {
    const { priority } = route({ ...props, when: [beta] }).route;
    expect(Math.floor((priority - 102) / 500) * 500 + 102).toBe(first);
  });
});

describe('coverage', () => {
  test.each<[string, RouteCondition[], RouteCondition[]]>([
    ['no condition', [], [beta]],
    ['the same header in another case', [RouteCondition.header('x-channel', ['BETA', 'x'])], [beta]],
    ['a wider pattern', [RouteCondition.header('X-Channel', ['b*'])], [beta, RouteCondition.methods(['GET'])]],
    ['more methods', [RouteCondition.methods(['GET', 'POST'])], [RouteCondition.methods(['POST'])]],
    ['a wider range', [RouteCondition.sourceIps(['10.0.0.0/8'])], [RouteCondition.sourceIps(['10.1.0.0/16'])]],
    ['any address', [RouteCondition.sourceIps(['0.0.0.0/0'])], [RouteCondition.sourceIps(['10.1.0.0/16'])]],
    ['the same IPv6 range', [RouteCondition.sourceIps(['2001:db8::/32'])], [RouteCondition.sourceIps(['2001:db8::/32']), beta]],
  ])('%s takes all: the second route is refused', (_, wide, narrow) => {
    const both = () => routes(['Wide', { when: wide, priority: 1 }], ['Narrow', { when: narrow, priority: 2 }]);
    expect(both).toThrow(/RouteShadowed at S\/Gateway\/Internal\/Routes\/Narrow/);
  });

  test.each<[string, RouteCondition[], RouteCondition[]]>([
    ['another header', [RouteCondition.header('X-Other', ['beta'])], [beta]],
    ['another kind', [RouteCondition.query('X-Channel', ['beta'])], [beta]],
    ['a narrower pattern', [RouteCondition.header('X-Channel', ['beta-*'])], [beta]],
    ['a further condition', [beta, RouteCondition.methods(['GET'])], [beta]],
    ['a range beside it', [RouteCondition.sourceIps(['10.2.0.0/16'])], [RouteCondition.sourceIps(['10.1.0.0/16'])]],
    ['a narrower range', [RouteCondition.sourceIps(['10.1.0.0/16'])], [RouteCondition.sourceIps(['10.0.0.0/8'])]],
  ])('%s leaves requests over', (_, first, second) => {
    expect(() => routes(['First', { when: first, priority: 1 }], ['Second', { when: second, priority: 2 }])).not.toThrow();
  });

  test('the same conditions twice', () => {
    expect(() => routes(['One', { when: [beta] }], ['Two', { when: [RouteCondition.header('x-channel', ['Beta'])] }])).toThrow(
      new Error(
        "`route('Two')` must differ in `hosts`, `paths` or `when` from S/Gateway/Internal/Routes/One, which takes the same " +
          'requests, got {"when":["header(x-channel: Beta)"]}; narrow one of the two, or remove one ' +
          `[RouteDuplicate ${at('Two')}`,
      ),
    );
  });
});

describe('refused', () => {
  const condition = (must: string, got: string, fix: string) =>
    `\`when[0]\` must ${must}, got ${JSON.stringify(got)}; ${fix} [RouteCondition ${at()}`;
  const TEXT = 'have values of 1 to 128 printable ASCII characters';
  const SHORTER = 'use a shorter value, or a wildcard for the characters in question';
  const METHODS = 'have methods of 1 to 40 capitals, `-` and `_`';
  const CAPITALS = 'write them as in "POST"; leave the condition out to match all of them';
  const RANGES = 'have IPv4 or IPv6 ranges';
  const CIDR = 'write them as in "203.0.113.0/24", a single address as in "203.0.113.7/32"';
  const HEADER =
    'name a header of 1 to 40 letters, digits and hyphens; the load balancer drops others before it looks at conditions';
  const QUOTAS = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';

  test.each(['_', '.', '!', '~', '*'])('DT-71: a header with %s, which the load balancer drops', (sign) => {
    const when = [RouteCondition.header(`X${sign}A`, ['b'])];
    expect(() => route({ when })).toThrow(condition(HEADER, `X${sign}A`, 'write it as in "X-Channel"'));
  });

  test.each<[RouteCondition, string]>([
    [RouteCondition.header('X-A', []), condition('have a value', 'header(X-A: )', 'give one, or leave the condition out')],
    [RouteCondition.header('X A', ['b']), condition(HEADER, 'X A', 'write it as in "X-Channel"')],
    [RouteCondition.header('a'.repeat(41), ['b']), condition(HEADER, 'a'.repeat(41), 'write it as in "X-Channel"')],
    [RouteCondition.header('HOST', ['b']), condition('not be on the Host header', 'HOST', 'use `hosts` of the route')],
    [
      RouteCondition.query('', ['b']),
      condition('name a parameter of 1 to 128 characters without spaces', '', 'write it as in "version"'),
    ],
    [RouteCondition.header('X-A', ['']), condition(TEXT, '', SHORTER)],
    [RouteCondition.query('v', ['a'.repeat(129)]), condition(TEXT, 'a'.repeat(129), SHORTER)],
    [RouteCondition.methods(['get']), condition(METHODS, 'get', CAPITALS)],
    [RouteCondition.methods(['A'.repeat(41)]), condition(METHODS, 'A'.repeat(41), CAPITALS)],
    [RouteCondition.sourceIps(['10.0.0.1']), condition(RANGES, '10.0.0.1', CIDR)],
    [RouteCondition.sourceIps(['10.0.0.256/32']), condition(RANGES, '10.0.0.256/32', CIDR)],
    [RouteCondition.sourceIps(['10.0.0.0/33']), condition(RANGES, '10.0.0.0/33', CIDR)],
    [RouteCondition.sourceIps(['::/129']), condition(RANGES, '::/129', CIDR)],
  ])('%#', (when, message) => {
    expect(() => route({ when: [when] })).toThrow(new Error(message));
  });

  test('two conditions of a kind that a rule has once', () => {
    expect(() => route({ when: [RouteCondition.methods(['GET']), RouteCondition.methods(['PUT'])] })).toThrow(
      new Error(
        '`when` must have at most one condition of the kind methods, got ["methods(GET)","methods(PUT)"]; ' +
          `give all values to one condition, of which any may match [RouteConditions ${at()}`,
      ),
    );
  });

  test.each<[Partial<RouteProps>, string]>([
    [
      { paths: ['/a', '/b'], when: [RouteCondition.header('X-A', ['1', '2', '3', '4'])] },
      `together have at most 5 values (${QUOTAS}), got ["/a","/b","1","2","3","4"]; combine patterns with a wildcard, or split them into two routes`,
    ],
    [
      { paths: ['/*/*'], when: [RouteCondition.query('v', ['*a*', '?b?'])] },
      `together have at most 5 wildcards (${QUOTAS}), got ["/*/*","*a*","?b?"]; use fewer \`*\` and \`?\`, or split the patterns into two routes`,
    ],
  ])('values and wildcards count together: %#', (props, message) => {
    expect(() => route(props)).toThrow(new Error(`\`hosts, paths and when\` must ${message} [RouteConditions ${at()}`));
  });

  test.each<Partial<RouteProps>>([
    { when: [RouteCondition.header('a'.repeat(40), ['a'.repeat(128)])] },
    { paths: ['/a'], when: [RouteCondition.header('X-A', ['1', '2', '3', '4'])] },
    { paths: ['/*'], when: [RouteCondition.query('v', ['*a*', '?b?'])] },
    { when: [RouteCondition.sourceIps(['0.0.0.0/0', '::/0', '::1/128', '10.0.0.0/32'])] },
    { when: [RouteCondition.methods(['A'.repeat(40)])] },
    { when: [RouteCondition.header('X-A', ['1']), RouteCondition.header('X-B', ['1'])] },
  ])('just inside the limits: %#', (props) => {
    expect(() => route(props)).not.toThrow();
  });
});

test('the rule of a route without conditions is as before', () => {
  const template = Template.fromStack(route({}).stack);
  template.hasResourceProperties(RULE, {
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [Match.objectLike({ Type: 'forward' })],
  });
});
