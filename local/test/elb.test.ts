import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { ask } from '../check/http-client';
import { until } from '../check/visitor';
import { selfSigned } from '../elb/certificate';
import { Firewall } from '../elb/firewall';
import { LoadBalancer } from '../elb/load-balancer';
import { Condition, ListenerPlan, LoadBalancerPlan, RulePlan, TargetGroupPlan } from '../elb/plan';
import { like, redirectLocation, RequestFacts, selectRule, WeightedChoice } from '../elb/rules';
import { matches, Target, TargetGroup } from '../elb/target-group';
import { Ports } from '../net/ports';

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

describe('a load balancer in front of processes', () => {
  const closers: (() => void)[] = [];
  afterEach(() => closers.splice(0).forEach((close) => close()));

  const check = { path: '/healthz', intervalMs: 40, timeoutMs: 5000, healthyThreshold: 2, unhealthyThreshold: 2, matcher: '200' };
  const groupPlan: TargetGroupPlan = { arn: 'group', label: 'group', deregistrationDelayMs: 30_000, check };

  async function backend(name: string, state = { healthy: true }): Promise<Target> {
    const server = http.createServer((incoming, response) => {
      if (incoming.url === '/healthz') return response.writeHead(state.healthy ? 200 : 500).end();
      const answer = () => response.end(JSON.stringify({ name, headers: incoming.headers }));
      if (incoming.url === '/echo') return incoming.pipe(response);
      return incoming.url === '/slow' ? setTimeout(answer, 250) : answer();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () => server.close(),
      () => server.closeAllConnections(),
    );
    return new Target(name, '127.0.0.1', (server.address() as AddressInfo).port);
  }

  async function balancer(
    group: TargetGroup,
    https = false,
    idleTimeoutMs = 5000,
    more: Partial<ListenerPlan> = {},
    firewall?: Firewall,
  ) {
    const rules: RulePlan[] = [
      {
        arn: 'rule-1',
        priority: 1,
        conditions: [{ field: 'host-header', values: ['geo.example'] }],
        action: { kind: 'forward', targets: [{ arn: 'group', weight: 1 }] },
      },
      {
        arn: 'listener',
        priority: Infinity,
        conditions: [],
        action: { kind: 'fixed', status: 404, contentType: 'text/plain', body: 'no route' },
      },
    ];
    const listener: ListenerPlan = { port: https ? 443 : 80, https, responseHeaders: {}, serverHeader: true, rules, ...more };
    const plan: LoadBalancerPlan = {
      ...{ key: 'k', arn: 'lb', label: 'external ALB', dnsName: 'lb.local', external: true, type: 'application' },
      ...{ idleTimeoutMs, listeners: [listener], firewall },
    };
    const port = await new Ports().dynamic('127.0.0.1');
    const certificate = await selfSigned(['geo.example'], ['127.0.0.1']);
    const bound = { plan: listener, address: '127.0.0.1', port };
    const subject = new LoadBalancer(plan, [bound], new Map([['group', group]]), async () => certificate);
    await subject.start();
    closers.push(
      () => subject.stop(),
      () => group.close(),
    );
    const scheme = https ? 'https' : 'http';
    const get = (path: string, host = 'geo.example', headers = {}) =>
      ask({ url: `${scheme}://${host}${path}`, address: '127.0.0.1', port, ca: certificate.cert, headers });
    return { subject, get, port };
  }

  const settle = async (holds: () => boolean) => until('the group settles', 60_000, holds);

  test('spreads requests, adds its headers, and lets others fall to the default action', async () => {
    const group = new TargetGroup(groupPlan);
    const { get } = await balancer(group);
    expect((await get('/')).status).toBe(503);
    group.register(await backend('one'));
    group.register(await backend('two'));
    await settle(() => group.targets.every(({ state }) => state === 'healthy'));
    const answers = [await get('/', 'geo.example', { 'x-forwarded-for': '9.9.9.9', 'x-forwarded-proto': 'ftp' }), await get('/')];
    expect(answers.map(({ body }) => JSON.parse(body).name).sort()).toEqual(['one', 'two']);
    expect(JSON.parse(answers[0].body).headers).toMatchObject({
      host: 'geo.example',
      'x-forwarded-for': '9.9.9.9, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '80',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
    expect((await get('/', 'other.example')).body).toBe('no route');
  });

  test('adds the headers of its listener to its own answers and to those of targets, and can hide what it is', async () => {
    const group = new TargetGroup(groupPlan);
    const plain = await balancer(group);
    const own = { responseHeaders: { 'x-content-type-options': 'nosniff', 'content-type': 'text/x' }, serverHeader: false };
    const { get } = await balancer(group, false, 5000, own);
    expect((await plain.get('/', 'other.example')).headers).toMatchObject({ server: 'awselb/2.0', 'content-type': 'text/plain' });
    const refused = await get('/', 'other.example');
    group.register(await backend('one'));
    for (const { headers } of [refused, await get('/')]) {
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
      expect(headers).not.toHaveProperty('server');
    }
    expect((await get('/')).headers['content-type']).toBe('text/x');
    expect((await plain.get('/')).headers).not.toHaveProperty('server');
  });

  test('terminates TLS with a certificate that a client can verify', async () => {
    const group = new TargetGroup(groupPlan);
    const { get } = await balancer(group, true);
    group.register(await backend('one'));
    const { headers } = JSON.parse((await get('/')).body);
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' });
  });

  test('its address stands for its public name, for rules alone', async () => {
    const group = new TargetGroup(groupPlan);
    const { subject, get } = await balancer(group);
    group.register(await backend('one'));
    expect((await get('/', '127.0.0.1')).status).toBe(404);
    subject.publicName = 'geo.example';
    expect(JSON.parse((await get('/', '127.0.0.1')).body).headers.host).toBe('127.0.0.1');
  });

  test('leaves an unhealthy target alone after its threshold, takes it back after the other, and fails open', async () => {
    const group = new TargetGroup(groupPlan);
    const [one, two] = [{ healthy: true }, { healthy: true }];
    group.register(await backend('one', one));
    group.register(await backend('two', two));
    await settle(() => group.targets.every(({ state }) => state === 'healthy'));
    one.healthy = false;
    await settle(() => group.targets[0].state === 'unhealthy');
    expect([group.pick()?.id, group.pick()?.id]).toEqual(['two', 'two']);
    two.healthy = false;
    await settle(() => group.targets[1].state === 'unhealthy');
    expect([group.pick()?.id, group.pick()?.id].sort()).toEqual(['one', 'two']);
    one.healthy = true;
    await settle(() => group.targets[0].state === 'healthy');
    group.close();
  });

  test('a deregistered target gets no new request and finishes those under way', async () => {
    const group = new TargetGroup(groupPlan);
    const { get } = await balancer(group);
    group.register(await backend('one'));
    const slow = get('/slow');
    await settle(() => group.targets[0].inFlight === 1);
    const gone = group.deregister('one');
    expect((await get('/')).status).toBe(503);
    expect((await slow).status).toBe(200);
    await gone;
    expect(group.targets).toEqual([]);
  });

  describe('behind a web ACL', () => {
    const ALL = [
      'NoUserAgent_HEADER',
      'SizeRestrictions_QUERYSTRING',
      'SizeRestrictions_Cookie_HEADER',
      'SizeRestrictions_URIPATH',
      'SizeRestrictions_BODY',
    ];
    const guarded = async (blocking: string[]) => {
      const group = new TargetGroup(groupPlan);
      group.register(await backend('one'));
      return balancer(group, false, 5000, {}, new Firewall(blocking));
    };

    test.each<[string, string, object, string, object]>([
      ['NoUserAgent_HEADER', '/', { 'user-agent': undefined }, '/', { 'user-agent': '' }],
      ['SizeRestrictions_QUERYSTRING', `/?${'q'.repeat(2049)}`, {}, `/?${'q'.repeat(2048)}`, {}],
      ['SizeRestrictions_Cookie_HEADER', '/', { cookie: 'c'.repeat(10_241) }, '/', { cookie: 'c'.repeat(10_240) }],
      ['SizeRestrictions_URIPATH', `/${'p'.repeat(1024)}`, {}, `/${'p'.repeat(1023)}`, {}],
    ])('DT-20: %s: 403 where it blocks, both sides of the limit', async (name, path, headers, within, fine) => {
      const { get } = await guarded([name]);
      const refused = await get(path, 'geo.example', headers);
      expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('403 Forbidden')]);
      expect((await get(within, 'geo.example', fine)).status).toBe(200);
      const counting = await guarded(ALL.filter((other) => other !== name));
      expect((await counting.get(path, 'geo.example', headers)).status).toBe(200);
    });

    test.each([true, false])(
      'DT-20: SizeRestrictions_BODY: 403 over 8192 bytes, the body passes up to them; length known: %p',
      async (known) => {
        const { port } = await guarded(['SizeRestrictions_BODY']);
        expect((await post(port, 8193, known)).status).toBe(403);
        expect(await post(port, 8192, known)).toEqual({ status: 200, length: 8192 });
        expect(await post((await guarded([])).port, 100_000, known)).toEqual({ status: 200, length: 100_000 });
      },
    );

    test('DT-20: the redirect and the default action come after it', async () => {
      const { get } = await guarded(['NoUserAgent_HEADER']);
      expect((await get('/', 'other.example', { 'user-agent': undefined })).status).toBe(403);
      expect((await get('/', 'other.example')).status).toBe(404);
    });

    /** Sends a body with or without `Content-Length`; what comes back is its echo. */
    const post = (port: number, size: number, known: boolean) =>
      new Promise<{ status?: number; length?: number }>((resolve, reject) => {
        const length = known ? { 'content-length': size } : {};
        const sending = http.request(
          { port, path: '/echo', method: 'POST', headers: { host: 'geo.example', ...length } },
          (answer) => {
            let received = 0;
            answer.on('data', (chunk: Buffer) => (received += chunk.length));
            answer.once('end', () => resolve({ status: answer.statusCode, length: received }));
          },
        );
        sending.once('error', reject);
        sending.write('x'.repeat(10));
        sending.end('x'.repeat(size - 10));
      });
  });

  test('502 for a target that refuses, 504 for one that is silent', async () => {
    const group = new TargetGroup(groupPlan);
    const { get } = await balancer(group, false, 150);
    const port = await new Ports().dynamic('127.0.0.1');
    const refusing = new Target('nobody', '127.0.0.1', port);
    group.targets.push(refusing);
    expect((await get('/')).status).toBe(502);
    group.targets.splice(0, 1, await backend('one'));
    expect((await get('/slow')).status).toBe(504);
  });
});
