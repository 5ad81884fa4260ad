import { Json } from '../assembly/json';
import { Condition, readLoadBalancers, readTargetGroups, RulePlan } from '../elb/plan';
import { like, redirectLocation, RequestFacts, selectRule, WeightedChoice } from '../elb/rules';
import { matches } from '../elb/target-group';
import { resolverOf } from './fixture/resolver-of';

const fixed = (body: string) => ({ kind: 'fixed' as const, status: 200, contentType: 'text/plain', body });
const rule = (priority: number, conditions: Condition[], body: string): RulePlan => ({
  ...{ arn: `rule-${priority}`, priority, conditions },
  action: fixed(body),
});
const request = (facts: Partial<RequestFacts>): RequestFacts => ({
  method: 'GET',
  host: 'a.example',
  path: '/',
  query: '',
  headers: {},
  ...facts,
});

describe('listener rules', () => {
  const rules = [
    rule(
      1,
      [
        { field: 'host-header', values: ['api.*'] },
        { field: 'path-pattern', values: ['/v1/*'] },
      ],
      'api v1',
    ),
    rule(2, [{ field: 'host-header', values: ['api.*'] }], 'api'),
    rule(3, [{ field: 'http-header', header: 'x-colour', values: ['bl?e'] }], 'blue'),
    rule(4, [{ field: 'query-string', values: ['debug=1', '=yes'] }], 'query'),
    rule(5, [{ field: 'http-request-method', values: ['POST'] }], 'post'),
    rule(6, [{ field: 'path-pattern', values: [], regexes: ['^/v\\d+/'] }], 'version'),
    rule(7, [{ field: 'host-header', values: [], regexes: ['^www[.](.+)$'] }], 'www'),
    rule(Infinity, [], 'default'),
  ];

  test.each<[Partial<RequestFacts>, string]>([
    [{ host: 'api.nidhin.local', path: '/v1/lookup' }, 'api v1'],
    [{ host: 'API.nidhin.local', path: '/v2' }, 'api'],
    [{ headers: { 'x-colour': 'BLUE' } }, 'blue'],
    [{ headers: { 'x-colour': 'bluue' } }, 'default'],
    [{ query: 'a=b&debug=1' }, 'query'],
    [{ query: 'anything=yes' }, 'query'],
    [{ query: 'debug=2' }, 'default'],
    [{ method: 'POST' }, 'post'],
    [{ path: '/v12/x' }, 'version'],
    [{ path: '/V12/x' }, 'default'],
    [{ host: 'WWW.a.example' }, 'www'],
    [{}, 'default'],
  ])('%j goes to %s', (facts, body) => {
    expect(selectRule(rules, request(facts)).action).toEqual(fixed(body));
  });

  test('paths are matched with their case, dots are only dots', () => {
    expect(like('/IMG/*', '/img/x', false)).toBe(false);
    expect(like('a.b', 'axb', true)).toBe(false);
    expect(like('/a?c', '/abc', false)).toBe(true);
  });
});

describe('what a template says of load balancers', () => {
  const group = (properties: Record<string, Json>) => {
    const [plan] = readTargetGroups(
      resolverOf({ Group: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: properties } }),
    );
    const { tcp, https, timeoutMs, matcher } = plan.check;
    return [plan.https, tcp, https, timeoutMs, matcher];
  };

  test.each<[Record<string, Json>, ReturnType<typeof group>]>([
    [{ Protocol: 'HTTP' }, [false, false, false, 5000, '200']],
    [{ Protocol: 'HTTPS' }, [true, false, false, 5000, '200']],
    [{ Protocol: 'HTTPS', HealthCheckProtocol: 'HTTPS' }, [true, false, true, 5000, '200']],
    [{ Protocol: 'TCP' }, [false, true, false, 10_000, '200-399']],
    [{ Protocol: 'TLS' }, [false, true, false, 10_000, '200-399']],
    [{ Protocol: 'TCP', HealthCheckProtocol: 'HTTP' }, [false, false, false, 5000, '200-399']],
  ])('%j: targets and their health checks', (properties, expected) => {
    expect(group(properties)).toEqual(expected);
  });

  test('attributes for headers, regular expressions of conditions, and transforms', () => {
    const attribute = (Key: string, Value: string) => ({ Key, Value });
    const [plan] = readLoadBalancers(
      resolverOf({
        Balancer: {
          Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
          Properties: {
            LoadBalancerAttributes: [
              attribute('routing.http.drop_invalid_header_fields.enabled', 'true'),
              attribute('routing.http.xff_header_processing.mode', 'remove'),
            ],
          },
        },
        Listener: {
          Type: 'AWS::ElasticLoadBalancingV2::Listener',
          Properties: {
            ...{ LoadBalancerArn: { Ref: 'Balancer' }, Port: 80, Protocol: 'HTTP' },
            DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
          },
        },
        Rule: {
          Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
          Properties: {
            ...{ ListenerArn: { Ref: 'Listener' }, Priority: 1 },
            Conditions: [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/v1/'] } }],
            Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
            Transforms: [{ Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/v1/(.*)', Replace: '/$1' }] } }],
          },
        },
      }),
    );
    expect(plan.headers).toEqual({ dropInvalid: true, preserveHost: false, forwardedFor: 'remove', clientPort: false });
    expect(plan.listeners[0].rules[0]).toMatchObject({
      conditions: [{ field: 'path-pattern', values: [], regexes: ['^/v1/'] }],
      rewrites: { url: { regex: '^/v1/(.*)', replace: '/$1' } },
    });
  });
});

describe('redirects', () => {
  const redirect = {
    kind: 'redirect' as const,
    status: 301,
    protocol: 'HTTPS',
    port: '443',
    host: '#{host}',
    path: '/#{path}',
    query: '#{query}',
  };
  const origin = { protocol: 'http' as const, host: 'geo.example', port: 80, path: '/a/b', query: 'ip=1.1.1.1' };

  test('keep host, path and query', () => {
    expect(redirectLocation(redirect, origin, (port) => port)).toBe('https://geo.example:443/a/b?ip=1.1.1.1');
  });
  test('name the port that is really bound', () => {
    expect(redirectLocation(redirect, { ...origin, query: '' }, () => 8443)).toBe('https://geo.example:8443/a/b');
  });
  test('fill every placeholder', () => {
    const all = { ...redirect, protocol: '#{protocol}', port: '#{port}', path: '/moved/#{path}', query: 'was=#{host}&#{query}' };
    expect(redirectLocation(all, origin, (port) => port)).toBe('http://geo.example:80/moved/a/b?was=geo.example&ip=1.1.1.1');
  });
});

test('weights are kept, and a weight of zero gets nothing', () => {
  const choice = new WeightedChoice();
  const targets = [
    { arn: 'blue', weight: 3 },
    { arn: 'green', weight: 1 },
    { arn: 'off', weight: 0 },
  ];
  const picked = Array.from({ length: 8 }, () => choice.pick(targets)?.arn);
  expect(picked.filter((arn) => arn === 'blue')).toHaveLength(6);
  expect(picked.filter((arn) => arn === 'green')).toHaveLength(2);
});

test.each([
  ['200', 200, true],
  ['200,204', 204, true],
  ['200-299', 250, true],
  ['200-299', 301, false],
])('matcher %s on %i', (matcher, status, expected) => {
  expect(matches(matcher, status)).toBe(expected);
});
