import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  GeolocationCompute,
  GeolocationPage,
  GeolocationRedis,
  GeolocationReferenceApp,
  GeolocationReferenceAppProps,
  MeshNetwork,
  NatStrategy,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { findings, newStack, only, openPaths, resources, templateOf } from '../helpers';

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/c';

/** The reference app with what the published architecture names. */
function geolocation(props: GeolocationReferenceAppProps = {}): GeolocationReferenceApp {
  return new GeolocationReferenceApp(newStack('Geo'), 'App', props);
}

const zoneOf = (stack: Stack) => HostedZone.fromHostedZoneAttributes(stack, 'Zone', { zoneName: 'nidhin.com', hostedZoneId: 'Z1' });

function published(): GeolocationReferenceApp {
  const stack = newStack('Geo');
  return new GeolocationReferenceApp(stack, 'App', {
    privateDomain: 'nidhin.local',
    page: GeolocationPage.inZone(zoneOf(stack), {
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE),
    }),
    internalName: 'ipgeolocation-srv-discovery',
    upstream: { secret: new Secret(stack, 'ApiKey') },
  });
}

const environment = (template: Template, prefix: string): Record<string, unknown> =>
  Object.fromEntries(
    only(template, 'AWS::ECS::TaskDefinition', prefix).Properties.ContainerDefinitions[0].Environment.map(
      (v: { Name: string; Value: unknown }) => [v.Name, v.Value],
    ),
  );

describe('the published architecture', () => {
  const app = published();
  const template = templateOf(app);
  const loadBalancer = (scheme: string) =>
    Object.entries(resources(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).find(
      ([, r]) => r.Properties.Scheme === scheme,
    )!;

  test("GEO-1: Redis on an EC2 host, in Docker's host network, memory and persistence set on purpose", () => {
    const userData = JSON.stringify(only(template, 'AWS::EC2::Instance', 'AppRedis').Properties.UserData);
    expect(userData).toMatch(/docker run[^"]*--network[= ]host/);
    for (const directive of ['maxmemory ', 'maxmemory-policy ', 'appendonly yes', 'appendfsync everysec']) {
      expect(userData).toContain(directive);
    }
  });

  test('GEO-2: private zone of the VPC; redis.nidhin.local is the private address of the host; tasks know only the name', () => {
    template.hasResourceProperties('AWS::Route53::HostedZone', {
      Name: 'nidhin.local.',
      VPCs: [{ VPCId: { Ref: Match.stringLikeRegexp('Vpc') } }],
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'redis.nidhin.local.',
      Type: 'A',
      ResourceRecords: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^AppRedisHost'), 'PrivateIp'] }],
    });
    expect(environment(template, 'AppApi')).toMatchObject({
      REDIS_HOST: 'redis.nidhin.local',
      REDIS_PORT: '6379',
      REDIS_TLS: 'false',
    });
  });

  test('GEO-3: EC2 launch type over two zones', () => {
    expect(only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties.VPCZoneIdentifier).toHaveLength(2);
    const services = Object.values(resources(template, 'AWS::ECS::Service'));
    expect(services).toHaveLength(2);
    for (const service of services) {
      expect(service.Properties.CapacityProviderStrategy).toEqual([
        { CapacityProvider: { Ref: expect.stringMatching(/^AppMeshHosts/) }, Weight: 1 },
      ]);
    }
  });

  test('GEO-4: the task role of the API reads the one secret, and can do nothing else', () => {
    const policies = Object.values(resources(template, 'AWS::IAM::Policy', 'AppApiTaskRole')).flatMap(
      (p) => p.Properties.PolicyDocument.Statement,
    );
    expect(policies).toEqual([
      {
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Effect: 'Allow',
        Resource: { Ref: expect.stringMatching(/^ApiKey/) },
      },
    ]);
    expect(resources(template, 'AWS::IAM::Policy', 'AppFrontendTaskRole')).toEqual({});
  });

  test.each([
    [undefined, 'apiKey'],
    ['token', 'token'],
  ])('the field of the secret, with %s: %s', (secretField, field) => {
    const stack = newStack('Geo');
    const upstream = { secret: new Secret(stack, 'ApiKey'), secretField };
    const given = new GeolocationReferenceApp(stack, 'App', { upstream });
    expect(Object.values(environment(templateOf(given), 'AppApi'))).toContain(field);
  });

  test('a record of another name, and its certificate', () => {
    const stack = newStack('Geo');
    const named = templateOf(
      new GeolocationReferenceApp(stack, 'App', { page: GeolocationPage.inZone(zoneOf(stack), { recordName: 'where' }) }),
    );
    named.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: 'where.nidhin.com' });
    named.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'where.nidhin.com.' });
  });

  test.each(['AppApi', 'AppFrontend'])(
    'GEO-5, GEO-9: %s in bridge mode on a dynamic host port, two tasks spread over zones and hosts',
    (prefix) => {
      const task = only(template, 'AWS::ECS::TaskDefinition', prefix).Properties;
      expect(task.NetworkMode).toBe('bridge');
      expect(task.ContainerDefinitions[0].PortMappings).toMatchObject([{ ContainerPort: 8080, HostPort: 0 }]);
      expect(only(template, 'AWS::ApplicationAutoScaling::ScalableTarget', prefix).Properties.MinCapacity).toBe(2);
      expect(only(template, 'AWS::ECS::Service', prefix).Properties.PlacementStrategies).toHaveLength(2);
    },
  );

  test('GEO-6: the API key is fetched at run time; the template has its name only', () => {
    expect(environment(template, 'AppApi')).toMatchObject({
      API_KEY_FROM_SECRETSMANAGER: 'true',
      SECRET_NAME: { Ref: expect.stringMatching(/^ApiKey/) },
      SECRET_KEY: 'apiKey',
      PROVIDER: 'upstream',
    });
  });

  test('GEO-7: internal load balancer with a name, HTTP 80, over two zones', () => {
    const [id, { Properties }] = loadBalancer('internal');
    expect(Properties.Name).toBe('ipgeolocation-srv-discovery');
    expect(Properties.Subnets).toHaveLength(2);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: { Ref: id },
      Port: 80,
      Protocol: 'HTTP',
    });
  });

  test('GEO-8: api.nidhin.local is an alias of the internal load balancer', () => {
    const [id] = loadBalancer('internal');
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'api.nidhin.local.',
      Type: 'A',
      AliasTarget: { DNSName: { 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': [id, 'DNSName'] }]] } },
    });
  });

  test('GEO-9: the frontend calls the API by its name', () => {
    expect(environment(template, 'AppFrontend')).toMatchObject({
      API_URL: 'http://api.nidhin.local',
      API_HOST: 'api.nidhin.local',
      API_PORT: '80',
    });
  });

  test('GEO-10: HTTPS with the certificate; 80 redirects; targets are hosts on dynamic ports', () => {
    const [id] = loadBalancer('internet-facing');
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: { Ref: id },
      Port: 443,
      Certificates: [{ CertificateArn: CERTIFICATE }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      LoadBalancerArn: { Ref: id },
      Port: 80,
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Port: '443', Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
    });
    template.allResourcesProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'instance',
      HealthCheckPath: '/healthz',
      HealthCheckPort: 'traffic-port',
    });
  });

  test('GEO-11: frontend.nidhin.com is an alias of the external load balancer', () => {
    const [id] = loadBalancer('internet-facing');
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'frontend.nidhin.com.',
      HostedZoneId: 'Z1',
      AliasTarget: { DNSName: { 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': [id, 'DNSName'] }]] } },
    });
    expect(app.url).toBe('https://frontend.nidhin.com');
  });

  test('T6: the hosts admit their load balancers on dynamic ports only, and Redis admits the hosts only', () => {
    expect(openPaths(template)).toEqual([
      'AppGatewayExternal -> AppMeshHosts 32768-65535',
      'AppGatewayInternal -> AppMeshHosts 32768-65535',
      'AppMeshHosts -> AppGatewayInternal 80',
      'AppMeshHosts -> AppRedis 6379',
    ]);
  });

  test('outputs: the page, the API, the store', () => {
    const outputs = Object.values(template.toJSON().Outputs as Record<string, { Value: unknown }>).map((output) => output.Value);
    expect(outputs).toEqual(['https://frontend.nidhin.com', 'http://api.nidhin.local', 'redis.nidhin.local']);
  });

  test('the connections are the arrows of the architecture', () => {
    const label = new Map(TopologyRecord.of(app).components.map((c) => [c.id, c.label]));
    const arrows = TopologyRecord.of(app).connections.map((c) => `${label.get(c.client)} -> ${label.get(c.server)}`);
    expect([...new Set(arrows)].sort()).toEqual([
      'External ALB -> frontend',
      'Internal ALB -> api',
      'Users -> External ALB',
      'api -> Redis',
      'api -> Secrets Manager',
      'frontend -> Internal ALB',
    ]);
  });

  test('AwsSolutions finds nothing but the secret that the user made', () => {
    expect(findings(app)).toEqual(['AwsSolutions-SMG4 Geo/ApiKey/Resource']);
  });
});

describe('choices', () => {
  test('without a domain: plain HTTP at the name of the load balancer, and it says what is missing', () => {
    const app = geolocation();
    const [url] = Object.values(templateOf(app).toJSON().Outputs as Record<string, { Value: unknown }>);
    expect(url.Value).toEqual({
      'Fn::Join': ['', ['http://', { 'Fn::GetAtt': [expect.stringMatching(/^AppGatewayExternal/), 'DNSName'] }]],
    });
    const warnings = Annotations.fromStack(Stack.of(app)).findWarning('*', Match.stringLikeRegexp('PlainHttp'));
    expect(warnings).toHaveLength(1);
  });

  test('with a certificate and DNS elsewhere: HTTPS, and no record', () => {
    const stack = newStack('Geo');
    const certificate = Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE);
    const template = templateOf(new GeolocationReferenceApp(stack, 'App', { page: GeolocationPage.withCertificate(certificate) }));
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Certificates: [{ CertificateArn: CERTIFICATE }] });
    expect(resources(template, 'AWS::Route53::RecordSet', 'AppGatewayFrontend')).toEqual({});
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
  });

  test('with a zone and no certificate: one is made, and validated by the zone', () => {
    const stack = newStack('Geo');
    const app = new GeolocationReferenceApp(stack, 'App', { page: GeolocationPage.inZone(zoneOf(stack), { recordName: 'geo' }) });
    templateOf(app).hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'geo.nidhin.com',
      ValidationMethod: 'DNS',
    });
    expect(app.url).toBe('https://geo.nidhin.com');
  });

  test('Fargate: no hosts, tasks with groups of their own', () => {
    const app = geolocation({ compute: GeolocationCompute.FARGATE, redis: GeolocationRedis.ELASTICACHE });
    const template = templateOf(app);
    template.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 0);
    template.resourceCountIs('AWS::EC2::Instance', 0);
    template.allResourcesProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip' });
    expect(openPaths(template)).toEqual([
      'AppApi -> AppRedis 6379',
      'AppFrontend -> AppGatewayInternal 80',
      'AppGatewayExternal -> AppFrontend 8080',
      'AppGatewayInternal -> AppApi 8080',
    ]);
    expect(findings(app)).toEqual([]);
  });

  test.each(Object.values(GeolocationCompute))(
    'DT-5: on %s no proxy takes the CPU of a task, since everything is called by name',
    (compute) => {
      const template = templateOf(geolocation({ compute }));
      const services = Object.values(resources(template, 'AWS::ECS::Service'));
      expect(services.map(({ Properties }) => Properties.ServiceConnectConfiguration)).toEqual([undefined, undefined]);
    },
  );

  test('GEO-13: another store is one line, and nothing but the store and its client changes', () => {
    const ids = (redis?: GeolocationRedis) =>
      Object.keys(templateOf(geolocation({ redis })).toJSON().Resources)
        .filter((id) => !/Redis/.test(id))
        // The policy that reads the password of the store is the only other thing that hangs on the store.
        .map((id) => id.replace(/(TaskDefinition)[0-9A-F]{8}$/, '$1'));
    expect(ids(GeolocationRedis.ELASTICACHE).sort()).toEqual(ids().sort());
  });

  test('no upstream key: the API answers from its own data', () => {
    expect(environment(templateOf(geolocation()), 'AppApi')).toMatchObject({
      PROVIDER: 'embedded',
      API_KEY_FROM_SECRETSMANAGER: 'false',
    });
  });

  test('T24: in development mode nothing is retained and nothing is protected', () => {
    const template = templateOf(
      geolocation({ removalPolicy: RemovalPolicy.DESTROY, network: MeshNetwork.threeTier({ nat: NatStrategy.single() }) }),
    );
    const kept = Object.entries(template.toJSON().Resources as Record<string, { DeletionPolicy?: string }>).filter(([, r]) =>
      /^Retain/.test(r.DeletionPolicy ?? ''),
    );
    expect(kept.map(([id]) => id)).toEqual([]);
    for (const { Properties } of Object.values(resources(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer'))) {
      expect(Properties.LoadBalancerAttributes).toContainEqual({ Key: 'deletion_protection.enabled', Value: 'false' });
    }
    expect(only(template, 'AWS::EC2::Instance', 'AppRedis').Properties.DisableApiTermination).toBe(false);
  });

  test('image assets exist and are built for x86_64', () => {
    const assets = new App();
    const stack = new Stack(assets, 'Geo', { env: { region: 'eu-west-1' } });
    new GeolocationReferenceApp(stack, 'App');
    const assembly = assets.synth();
    const images = assembly.artifacts.flatMap((artifact) =>
      'contents' in artifact ? Object.values((artifact.contents as { dockerImages?: object }).dockerImages ?? {}) : [],
    );
    expect(images).toEqual([
      expect.objectContaining({ source: expect.objectContaining({ platform: 'linux/amd64' }) }),
      expect.objectContaining({ source: expect.objectContaining({ platform: 'linux/amd64' }) }),
    ]);
  });
});
