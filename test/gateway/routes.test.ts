import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { IConnectable, IPeer } from 'aws-cdk-lib/aws-ec2';
import { arrangeZones, at, newStack, route, routes } from './fixtures';
import { EndpointBinding } from '../../src/core/endpoint';
import { RouteProps } from '../../src/gateway/gateway-route';

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const RECORD = 'AWS::Route53::RecordSet';

describe('rules', () => {
  test('T14: a route is a rule, and the default action stays 404', () => {
    const { stack } = route({ paths: ['/api/*'] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties(RULE, {
      ListenerArn: { Ref: 'GatewayInternalLoadBalancerPort80C2486B24' },
      Actions: [{ Type: 'forward', TargetGroupArn: { Ref: Match.stringLikeRegexp('^WebRoutesGatewayInternalApiTargetGroup') } }],
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: { Ref: 'GatewayInternalLoadBalancer0CAA257F' },
      DefaultActions: [Match.objectLike({ Type: 'fixed-response' })],
    });
  });

  test.each<[string, Partial<RouteProps>, unknown[]]>([
    ['everything', {}, [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }]],
    ['a host', { hosts: ['API.example.com'] }, [{ Field: 'host-header', HostHeaderConfig: { Values: ['api.example.com'] } }]],
    [
      'the name of the record',
      { recordName: 'api' },
      [{ Field: 'host-header', HostHeaderConfig: { Values: ['api.nidhin.local'] } }],
    ],
    [
      'host and path',
      { hosts: ['a.example.com', 'b.example.com'], paths: ['/v1/*', '/v2'] },
      [
        { Field: 'host-header', HostHeaderConfig: { Values: ['a.example.com', 'b.example.com'] } },
        { Field: 'path-pattern', PathPatternConfig: { Values: ['/v1/*', '/v2'] } },
      ],
    ],
    [
      'a record beside other hosts',
      { recordName: 'api', hosts: ['*.nidhin.local'] },
      [{ Field: 'host-header', HostHeaderConfig: { Values: ['*.nidhin.local'] } }],
    ],
  ])('conditions for %s', (_, props, conditions) => {
    Template.fromStack(route(props).stack).hasResourceProperties(RULE, { Conditions: conditions });
  });

  test('T13: short drain and quick health checks by default', () => {
    Template.fromStack(route({}).stack).hasResourceProperties(TARGET_GROUP, {
      HealthCheckPath: '/',
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 3,
      Matcher: { HttpCode: '200-299' },
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }]),
    });
  });

  test('VOTE-7: health check and drain of one route', () => {
    const { target } = route({
      deregistrationDelay: Duration.minutes(2),
      healthCheck: {
        path: '/nginx-health',
        interval: Duration.seconds(30),
        timeout: Duration.seconds(20),
        healthyThreshold: 4,
        unhealthyThreshold: 5,
        healthyHttpCodes: '200,302',
      },
    });
    expect(target.requests[0]).toMatchObject({
      deregistrationDelay: Duration.minutes(2),
      healthCheck: { path: '/nginx-health', healthyThreshold: 4, unhealthyThreshold: 5, healthyHttpCodes: '200,302' },
    });
    Template.fromStack(Stack.of(target)).hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: '/nginx-health',
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 20,
      HealthyThresholdCount: 4,
      UnhealthyThresholdCount: 5,
      Matcher: { HttpCode: '200,302' },
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '120' }]),
    });
  });

  test('a check every 5 seconds shortens the default timeout', () => {
    const { target } = route({ healthCheck: { interval: Duration.seconds(5) } });
    expect(target.requests[0].healthCheck.timeout?.toSeconds()).toBe(4);
  });

  test('the target is told where it is', () => {
    expect(route({}).target.requests[0].scopeIds).toEqual(['Gateway', 'Internal', 'Api']);
  });

  test('what was decided is readable', () => {
    const { route: api, stack } = route({ recordName: 'api', paths: ['/v1/*'] });
    expect(api).toMatchObject({
      url: 'http://api.nidhin.local',
      host: 'api.nidhin.local',
      hosts: ['api.nidhin.local'],
      paths: ['/v1/*'],
    });
    expect(stack.resolve(api.dnsName)).toEqual({ 'Fn::GetAtt': ['GatewayInternalLoadBalancer0CAA257F', 'DNSName'] });
    expect(api.record?.domainName).toBeDefined();
    expect(api.targetGroup.targetGroupArn).toBeDefined();
  });
});

describe('records', () => {
  test.each([
    ['api', 'api.nidhin.local.'],
    ['API', 'api.nidhin.local.'],
    ['api.nidhin.local', 'api.nidhin.local.'],
    ['api.nidhin.local.', 'api.nidhin.local.'],
    ['v1.api.nidhin.local', 'v1.api.nidhin.local.'],
    ['nidhin.local', 'nidhin.local.'],
  ])('%s in the private zone', (recordName, name) => {
    const template = Template.fromStack(route({ recordName }).stack);
    template.hasResourceProperties(RECORD, {
      Name: name,
      Type: 'A',
      HostedZoneId: { Ref: 'Private29085795' },
      AliasTarget: {
        DNSName: Match.objectLike({}),
        HostedZoneId: { 'Fn::GetAtt': ['GatewayInternalLoadBalancer0CAA257F', 'CanonicalHostedZoneID'] },
      },
    });
    template.resourceCountIs(RECORD, 1); // no AAAA: the load balancer has no IPv6 address
  });

  test('GEO-11: an external route has its record in the public zone', () => {
    const { stack, gateway, target } = arrangeZones();
    const web = gateway.external.route('Web', { target, recordName: 'frontend' });
    expect(web.url).toBe('https://frontend.example.com');
    Template.fromStack(stack).hasResourceProperties(RECORD, {
      Name: 'frontend.example.com.',
      HostedZoneId: { Ref: Match.stringLikeRegexp('^Public') },
    });
  });

  test('routes of one name share its record', () => {
    const [web, api] = routes(['Web', { recordName: 'shop' }], ['Api', { recordName: 'shop.nidhin.local', paths: ['/api/*'] }]);
    expect(api.record === web.record).toBe(true);
    Template.fromStack(Stack.of(web)).resourceCountIs(RECORD, 1);
  });

  test('a zone whose name is only known at deployment', () => {
    const stack = newStack();
    const zoneName = new CfnParameter(stack, 'ZoneName').valueAsString;
    const { gateway, target } = arrangeZones({ publicZone: 'example.com', privateZone: zoneName }, stack);
    const [api, apex, full] = [
      gateway.internal.route('Api', { target, recordName: 'api' }),
      gateway.internal.route('Apex', { target, recordName: zoneName, paths: ['/apex'] }),
      gateway.internal.route('Full', { target, recordName: 'full.nidhin.local' }),
    ];
    expect([api, apex, full].map((each) => stack.resolve(each.host))).toEqual([
      { 'Fn::Join': ['', ['api.', { Ref: 'ZoneName' }]] },
      { Ref: 'ZoneName' },
      'full.nidhin.local',
    ]);
    expect([api, apex, full].map((each) => each.record?.node.id)).toEqual(['api', 'Apex', 'full.nidhin.local']);
  });
});

/** Ports of the paths, and whether they lead to `server`; a matcher on constructs themselves would print the whole tree. */
function reaches(binding: EndpointBinding, server: IConnectable): string[] {
  return binding.reaches!.map((reach) => `${reach.port} ${reach.server === server}`);
}

describe('as an endpoint', () => {
  test('an internal route: variables, path to the load balancer, order', () => {
    const { route: api, target, gateway } = route({ recordName: 'api' });
    const binding = api.bindEndpoint(target.asClient(), { as: 'GEO' });
    expect(binding.environment).toEqual({ GEO_URL: 'http://api.nidhin.local', GEO_HOST: 'api.nidhin.local', GEO_PORT: '80' });
    expect(binding.facts).toEqual({ server: 'S/Gateway/Internal', protocol: 'http', dnsName: 'api.nidhin.local', port: 80 });
    expect(reaches(binding, gateway.internal.securityGroup)).toEqual(['80 true']);
    expect(binding.dependencies!.map(String)).toEqual([
      'S/Gateway/Internal/Records/api/Resource [AWS::Route53::RecordSet]',
      'S/Web/Routes/Gateway/Internal/Api/Rule',
      'S/Web/Service/Service [AWS::ECS::Service]',
    ]);
  });

  test('the prefix is the id of the route by default', () => {
    const { route: api, target } = route({ recordName: 'api' }, 'LookupApi');
    expect(Object.keys(api.bindEndpoint(target.asClient(), {}).environment!)).toEqual([
      'LOOKUP_API_URL',
      'LOOKUP_API_HOST',
      'LOOKUP_API_PORT',
    ]);
  });

  test('an external route is reached through the internet', () => {
    const { gateway, target } = arrangeZones();
    const web = gateway.external.route('Web', { target, recordName: 'www' });
    const binding = web.bindEndpoint(target.asClient(), {});
    expect(binding.environment).toEqual({ WEB_URL: 'https://www.example.com', WEB_HOST: 'www.example.com', WEB_PORT: '443' });
    expect(binding.reaches!.map(({ server, port }) => [(server as IPeer).uniqueId, port.toString()])).toEqual([
      ['0.0.0.0/0', '443'],
    ]);
  });

  test.each<[string, Partial<RouteProps>, unknown]>([
    ['the first name among the hosts', { hosts: ['*.example.com', 'a.example.com', 'b.example.com'] }, 'a.example.com'],
    ['the load balancer, where any host will do', {}, { 'Fn::GetAtt': ['GatewayInternalLoadBalancer0CAA257F', 'DNSName'] }],
  ])('without record the host is %s', (_, props, host) => {
    const { route: api, stack, target } = route(props);
    const binding = api.bindEndpoint(target.asClient(), {});
    expect(stack.resolve(binding.facts.dnsName)).toEqual(host);
    expect(binding.dependencies).toHaveLength(2);
  });

  test('patterns alone give no name to call', () => {
    const { route: api, target } = route({ hosts: ['*.example.com'] });
    expect(() => api.bindEndpoint(target.asClient(), {})).toThrow(
      new Error(
        '`hosts` must contain a name without a wildcard before a service can connect to the route, got ["*.example.com"]; ' +
          `add such a name, or set \`recordName\` [RouteHasNoName ${at()}`,
      ),
    );
  });
});
