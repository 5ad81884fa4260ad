import { App, Duration, Stack } from 'aws-cdk-lib';
import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compute,
  MeshService,
  MeshServiceProps,
  PortProtocol,
  PrivateDnsOptions,
  ScheduledJob,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceDiscovery,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf, WEB } from '../helpers';

/** A mesh, and a service that is in its DNS namespace. */
function inDns(
  props: Partial<MeshServiceProps> = {},
  options: PrivateDnsOptions = {},
  mesh = newMesh(),
): { mesh: ServiceConnectMesh; api: MeshService } {
  const names = mesh.addDnsNamespace('Names', 'svc.shop.local');
  const networking = { discovery: ServiceDiscovery.privateDns(names, options), ...props.networking };
  return { mesh, api: newService(mesh, 'Api', { ...props, networking }) };
}

/** A service on hosts in bridge mode. */
const onHosts = (mesh: ServiceConnectMesh, options: PrivateDnsOptions = {}, props: Partial<MeshServiceProps> = {}) =>
  inDns({ compute: Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE }), ...props }, options, mesh).api;

function newJob(mesh: ServiceConnectMesh): ScheduledJob {
  const schedule = ScheduleExpression.rate(Duration.days(1));
  return new ScheduledJob(Stack.of(mesh), 'Job', { mesh, containers: [{ image: WEB.image }], schedule });
}

/** Variables of the only container of a task, by its logical id. */
function variables(mesh: ServiceConnectMesh, prefix: string): Record<string, string> {
  const [container] = only(templateOf(mesh), 'AWS::ECS::TaskDefinition', prefix).Properties.ContainerDefinitions;
  return Object.fromEntries((container.Environment ?? []).map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value]));
}

describe('PLAT-3: Cloud Map DNS service discovery', () => {
  test('a private DNS namespace in the network, and A records of healthy tasks for ten seconds', () => {
    const template = templateOf(inDns().mesh);
    expect(only(template, 'AWS::ServiceDiscovery::PrivateDnsNamespace').Properties).toMatchObject({ Name: 'svc.shop.local' });
    expect(only(template, 'AWS::ServiceDiscovery::Service').Properties).toMatchObject({
      Name: 'api',
      DnsConfig: { DnsRecords: [{ TTL: 10, Type: 'A' }], RoutingPolicy: 'MULTIVALUE' },
    });
  });

  test('a job, which has no proxy, is given the name and the way', () => {
    const { mesh, api } = inDns();
    newJob(mesh).connectTo(api.port('http'));
    expect(variables(mesh, 'Job')).toEqual({
      API_HOST: 'api.svc.shop.local',
      API_PORT: '8080',
      API_URL: 'http://api.svc.shop.local:8080',
    });
    expect(openPaths(templateOf(mesh))).toEqual(['Job -> Api 8080']);
  });

  test('clients with a proxy go on to use the alias', () => {
    const { mesh, api } = inDns();
    newService(mesh, 'Web').connectTo(api.port('http'));
    expect(variables(mesh, 'Web').API_HOST).toBe('api.shop-mesh');
  });

  test('a service that is no Service Connect server is called by its name', () => {
    const { mesh, api } = inDns({ networking: { serviceConnect: ServiceConnect.none() } });
    newService(mesh, 'Web').connectTo(api.port('http'), { as: 'BACK' });
    expect(variables(mesh, 'Web').BACK_URL).toBe('http://api.svc.shop.local:8080');
  });

  test('a TCP port has no URL', () => {
    const containers = [{ image: WEB.image, ports: [{ name: 'redis', containerPort: 6379, protocol: PortProtocol.TCP }] }];
    const { mesh, api } = inDns({ containers });
    newJob(mesh).connectTo(api.port('redis'));
    expect(variables(mesh, 'Job')).toEqual({ API_HOST: 'api.svc.shop.local', API_PORT: '6379' });
  });

  test('names in DNS need no order: two services may call each other', () => {
    const mesh = newMesh();
    const props = {
      networking: {
        serviceConnect: ServiceConnect.none(),
        discovery: ServiceDiscovery.privateDns(mesh.addDnsNamespace('Names', 'svc.shop.local')),
      },
    };
    const [api, web] = [newService(mesh, 'Api', props), newService(mesh, 'Web', props)];
    web.connectTo(api.port('http'));
    api.connectTo(web.port('http'));
    expect([variables(mesh, 'Web').API_HOST, variables(mesh, 'Api').WEB_HOST]).toEqual([
      'api.svc.shop.local',
      'web.svc.shop.local',
    ]);
  });

  test('in bridge mode SRV records carry the port of each host', () => {
    const mesh = newMesh();
    newJob(mesh).connectTo(onHosts(mesh).port('http'));
    expect(only(templateOf(mesh), 'AWS::ServiceDiscovery::Service').Properties.DnsConfig.DnsRecords).toEqual([
      { TTL: 10, Type: 'SRV' },
    ]);
    expect(only(templateOf(mesh), 'AWS::ECS::Service').Properties.ServiceRegistries).toMatchObject([
      { ContainerName: 'api', ContainerPort: 8080 },
    ]);
    expect([variables(mesh, 'Job'), openPaths(templateOf(mesh))]).toEqual([
      { API_SRV: 'api.svc.shop.local' },
      ['Job -> MeshHosts 32768-65535'],
    ]);
  });

  test('AwsSolutions finds nothing', () => expect(findings(inDns().mesh)).toEqual([]));
});

test('T24: tasks leave the name, and names leave the namespace, before it is deleted', () => {
  const template = templateOf(inDns().mesh);
  const [namespace] = Object.keys(resources(template, 'AWS::ServiceDiscovery::PrivateDnsNamespace'));
  const [name] = Object.keys(resources(template, 'AWS::ServiceDiscovery::Service'));
  expect(only(template, 'AWS::ServiceDiscovery::Service').Properties.NamespaceId).toEqual({ 'Fn::GetAtt': [namespace, 'Id'] });
  expect(only(template, 'AWS::ECS::Service').Properties.ServiceRegistries).toEqual([
    { RegistryArn: { 'Fn::GetAtt': [name, 'Arn'] } },
  ]);
});

test.each([[0], [86_400]])('answers may be kept for %p seconds', (seconds) => {
  const { mesh } = inDns({}, { ttl: Duration.seconds(seconds) });
  expect(only(templateOf(mesh), 'AWS::ServiceDiscovery::Service').Properties.DnsConfig.DnsRecords).toEqual([
    { TTL: seconds, Type: 'A' },
  ]);
});

describe('refused', () => {
  test('a time to live above a day', () => {
    expect(() => inDns({}, { ttl: Duration.seconds(86_401) })).toThrow(
      '`networking.discovery.ttl` must be a whole number from 0 to 86400, got 86401; choose a value in that range [DnsTtlOutOfRange at Shop/Api]',
    );
  });

  test('SRV records without a port, or with one that is not there', () => {
    expect(() => onHosts(newMesh(), {}, { containers: [{ image: ContainerImage.fromRegistry('my/api') }] })).toThrow(
      '`networking.discovery.port` must name a port of the service (it has none), since SRV records carry one; add it to `containers[].ports` [NoDnsPort at Shop/Api]',
    );
    expect(() => onHosts(newMesh(), { port: 'htp' })).toThrow(
      '`networking.discovery.port` must name a port of the service (http), since SRV records carry one, got "htp"; did you mean "http"? [NoDnsPort at Shop/Api]',
    );
  });

  test('a DNS name that a service of another mesh has in the same namespace', () => {
    const app = new App();
    const [one, other] = ['One', 'Other'].map((id) => newMesh(newStack(id, app), { meshName: id }));
    const names = one.addDnsNamespace('Names', 'svc.shop.local');
    const addTo = (mesh: ServiceConnectMesh) =>
      newService(mesh, 'Api', { networking: { discovery: ServiceDiscovery.privateDns(names) } });
    addTo(one);
    expect(() => addTo(other)).toThrow(
      '`networking.discoveryName` must be a DNS name that nobody else uses, and One/Api uses it already, got "api.svc.shop.local"; set `networking.discoveryName` to another name on one of the two [NameTaken at Other/Api]',
    );
  });

  test('a namespace of the name of the private zone', () => {
    const mesh = newMesh(newStack(), { privateDomain: 'shop.local' });
    expect(() => mesh.addDnsNamespace('Names', 'shop.local')).toThrow(
      '`domain` must differ from `privateDomain`, because a network has one hosted zone for a name, got "shop.local"; choose one below it, such as "svc.shop.local" [DnsNamespaceTaken at Shop/Mesh]',
    );
    expect(() => mesh.addDnsNamespace('Names', 'local')).toThrow(
      '`domain` must be a domain name of two labels or more, got "local"; write it like "nidhin.local" [BadPrivateDomain at Shop/Mesh]',
    );
  });
});
