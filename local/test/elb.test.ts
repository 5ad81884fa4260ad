import * as http from 'node:http';
import { createServer as createTlsServer, ServerOptions } from 'node:https';
import { AddressInfo } from 'node:net';
import { ask } from '../check/http-client';
import { until } from '../check/visitor';
import { selfSigned } from '../elb/certificate';
import { Firewall } from '../elb/firewall';
import { LoadBalancer } from '../elb/load-balancer';
import { ListenerPlan, LoadBalancerPlan, RulePlan, TargetGroupPlan } from '../elb/plan';
import { DEFAULT_HEADERS } from '../elb/request-headers';
import { Target, TargetGroup } from '../elb/target-group';
import { Ports } from '../net/ports';

describe('a load balancer in front of processes', () => {
  const closers: (() => void)[] = [];
  afterEach(() => closers.splice(0).forEach((close) => close()));

  const check = { path: '/healthz', intervalMs: 40, timeoutMs: 5000, healthyThreshold: 2, unhealthyThreshold: 2, matcher: '200' };
  const groupPlan: TargetGroupPlan = { arn: 'group', label: 'group', deregistrationDelayMs: 30_000, check };

  async function backend(name: string, state = { healthy: true }, tls?: ServerOptions): Promise<Target> {
    const handle: http.RequestListener = (incoming, response) => {
      if (incoming.url === '/healthz') return response.writeHead(state.healthy ? 200 : 500).end();
      const answer = () => response.end(JSON.stringify({ name, url: incoming.url, headers: incoming.headers }));
      if (incoming.url === '/echo') return incoming.pipe(response);
      return incoming.url === '/slow' ? setTimeout(answer, 250) : answer();
    };
    const server = tls ? createTlsServer(tls, handle) : http.createServer(handle);
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
    front: Partial<LoadBalancerPlan> & { rewrites?: RulePlan['rewrites'] } = {},
  ) {
    const { rewrites, ...attributes } = front;
    const rules: RulePlan[] = [
      {
        arn: 'rule-1',
        priority: 1,
        conditions: [{ field: 'host-header', values: ['geo.example'] }],
        action: { kind: 'forward', targets: [{ arn: 'group', weight: 1 }] },
        rewrites,
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
      ...{ idleTimeoutMs, listeners: [listener], firewall, ...attributes },
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

  const headersOf = async (
    front: Partial<LoadBalancerPlan>,
    more: Partial<ListenerPlan>,
    headers: object,
    host = 'geo.example',
  ) => {
    const group = new TargetGroup(groupPlan);
    const { get } = await balancer(group, false, 5000, more, undefined, front);
    group.register(await backend('one'));
    return JSON.parse((await get('/', host, headers)).body).headers as Record<string, string>;
  };
  const attributes = (headers: object) => ({ headers: { ...DEFAULT_HEADERS, ...headers } });

  test.each([
    [true, [undefined, 'b']],
    [false, ['a', 'b']],
  ])(
    'drops header names with other characters than letters, digits and hyphens if it is told to: %p',
    async (dropInvalid, seen) => {
      const headers = await headersOf(attributes({ dropInvalid }), {}, { x_tenant: 'a', 'x-tenant': 'b' });
      expect([headers.x_tenant, headers['x-tenant']]).toEqual(seen);
    },
  );

  test.each([
    [80, 'geo.example:80', {}, 'geo.example'],
    [80, 'geo.example:80', { preserveHost: true }, 'geo.example:80'],
    [8443, 'geo.example', {}, 'geo.example:8443'],
    [8443, 'geo.example:1', {}, 'geo.example:1'],
  ])('a listener of port %d that gets Host %s with %j sends %s', async (port, host, front, sent) => {
    expect((await headersOf(attributes(front), { port }, { host })).host).toBe(sent);
  });

  test.each([
    ['append', /^9\.9\.9\.9, 127\.0\.0\.1$/],
    ['preserve', /^9\.9\.9\.9$/],
    ['remove', /^undefined$/],
  ])('X-Forwarded-For: %s', async (forwardedFor, expected) => {
    const headers = await headersOf(attributes({ forwardedFor }), {}, { 'x-forwarded-for': '9.9.9.9' });
    expect(String(headers['x-forwarded-for'])).toMatch(expected);
  });

  test('sends what the transforms of a rule have made of path and host', async () => {
    const group = new TargetGroup(groupPlan);
    const rewrites = { url: { regex: '^/v1/(.*)$', replace: '/$1' }, host: { regex: '^geo[.]', replace: 'inner.' } };
    const { get } = await balancer(group, false, 5000, {}, undefined, { rewrites });
    group.register(await backend('one'));
    expect(JSON.parse((await get('/v1/a?b=c')).body)).toMatchObject({ url: '/a?b=c', headers: { host: 'inner.example' } });
  });

  test('speaks TLS with the targets of a group that has it, and does not verify them', async () => {
    const certificate = await selfSigned(['nobody'], []);
    const group = new TargetGroup({ ...groupPlan, https: true, check: { ...check, https: true } });
    const { get } = await balancer(group);
    group.register(await backend('one', undefined, certificate));
    await settle(() => group.targets[0].state === 'healthy');
    expect((await get('/')).status).toBe(200);
    Object.assign(group.targets[0], { port: (await backend('plain')).port });
    expect((await get('/')).status).toBe(502);
    await settle(() => group.targets[0].state === 'unhealthy');
  });

  test('looks at the port of the health check where it is here', async () => {
    const group = new TargetGroup({ ...groupPlan, check: { ...check, port: 9090 } });
    const { port } = await backend('one');
    const closed = await new Ports().dynamic('127.0.0.1');
    group.register(new Target('one', '127.0.0.1', closed, { ports: new Map([[9090, port]]) }));
    await settle(() => group.targets[0].state === 'healthy');
    group.close();
  });

  test.each([
    ['websocket', 'other.example', 404],
    ['websocket', 'geo.example', 503],
    ['h2c', 'geo.example', 200],
  ])('an upgrade to %s of %s that no target takes is answered as a request: %d', async (upgrade, host, status) => {
    const group = new TargetGroup(groupPlan);
    const { get } = await balancer(group);
    if (status === 200) group.register(await backend('one'));
    expect((await get('/', host, { connection: 'Upgrade', upgrade })).status).toBe(status);
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
