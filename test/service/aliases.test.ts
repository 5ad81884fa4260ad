import { App, Stack } from 'aws-cdk-lib';
import { CfnService, ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { CalledPort, EndpointBinding, IEndpoint, ServiceConnect, ServiceConnectMesh, ServiceDiscovery } from 'cdk-ecs-mesh';
import { Construct, IConstruct } from 'constructs';
import { newShop } from './shop';
import { WEB, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

const IMAGE = ContainerImage.fromRegistry('my/web');

/** Api calls Store. */
function callerAndServer() {
  const mesh = newMesh();
  const server = newService(mesh, 'Store');
  return { server, client: newService(mesh, 'Api') };
}

/** An endpoint of the user that stands for a port. */
class Custom implements IEndpoint {
  constructor(private readonly calledPort: CalledPort) {}

  public bindEndpoint(): EndpointBinding {
    return { facts: { server: 'custom', protocol: 'tcp' }, calledPort: this.calledPort };
  }
}

/** The aliases that a service offers. */
function aliasesOf(scope: Construct, id: string): string[] {
  const { Enabled, Services = [] } = only(templateOf(scope), 'AWS::ECS::Service', id).Properties.ServiceConnectConfiguration;
  expect(Enabled).toBe(true);
  return Services.flatMap(({ ClientAliases }: { ClientAliases: { DnsName: string; Port: number }[] }) =>
    ClientAliases.map(({ DnsName, Port: port }) => `${DnsName}:${port}`),
  );
}

describe('T4: two services with one alias', () => {
  test('equal service names are refused, both named', () => {
    const mesh = newMesh();
    newService(mesh, 'Api');
    const other = new Stack(mesh.node.root as App, 'Other', { env: { region: 'eu-west-1' } });
    expect(() => newService(mesh, 'Api', {}, other)).toThrow(
      '`networking.discoveryName` must be a service name that nobody else uses, and Shop/Api uses it already, got "api"; set `networking.discoveryName` to another name on one of the two [NameTaken at Other/Api]',
    );
  });

  const named = (mesh: ServiceConnectMesh, id: string, discoveryName: string, serviceConnect?: ServiceConnect) =>
    newService(mesh, id, {
      containers: [{ image: IMAGE, ports: [{ name: 'http', containerPort: 80, dnsName: 'cache', discoveryName }] }],
      networking: { serviceConnect },
    });

  test('equal aliases that are always offered are refused', () => {
    const mesh = newMesh();
    const both = ServiceConnect.clientAndServer();
    named(mesh, 'A', 'x', both);
    expect(() => named(mesh, 'B', 'y', both)).toThrow(
      /`containers\[\]\.ports\[\]\.dnsName` must be a Service Connect alias .* Shop\/A uses it already, got "cache:80"/,
    );
    expect(() => named(mesh, 'C', 'x', both)).toThrow(
      /`containers\[\]\.ports\[\]\.discoveryName` must be a discovery name .* got "x"/,
    );
  });

  test('equal aliases are refused as soon as somebody calls the second one', () => {
    const mesh = newMesh();
    const [a, b, c] = [named(mesh, 'A', 'x'), named(mesh, 'B', 'y'), named(mesh, 'C', 'x')];
    const client = newService(mesh, 'Api');
    client.connectTo(a.port('http'), { as: 'A' });
    expect(() => client.connectTo(b.port('http'), { as: 'B' })).toThrow(
      '`containers[].ports[].dnsName` must be a Service Connect alias that nobody else uses, and Shop/A uses it already, got "cache:80"; set `containers[].ports[].dnsName` to another name on one of the two [NameTaken at Shop/B]',
    );
    expect(() => client.connectTo(c.port('http'), { as: 'C' })).toThrow(
      /`containers\[\]\.ports\[\]\.discoveryName` must be a discovery name .* got "x"/,
    );
  });

  test('equal names of ports that nobody calls take nothing', () => {
    const mesh = newMesh();
    const called = named(mesh, 'A', 'x', ServiceConnect.clientAndServer());
    for (const id of ['B', 'C']) named(mesh, id, 'x');
    expect(aliasesOf(called, 'A')).toEqual(['cache:80']);
    expect([aliasesOf(called, 'B'), aliasesOf(called, 'C')]).toEqual([[], []]);
  });

  test('the same names in two meshes are fine', () => {
    const stack = newStack();
    const other = newStack('Other');
    expect([newService(newMesh(stack), 'Api').discoveryName, newService(newMesh(other), 'Api').discoveryName]).toEqual([
      'api',
      'api',
    ]);
  });
});

describe('CARE-4: a service is a server for the ports that somebody connects to', () => {
  const TWO_PORTS = { containers: [{ image: IMAGE, ports: [...WEB.ports, { name: 'admin', containerPort: 9000 }] }] };

  test('CARE-4, DT-5: what only a load balancer calls carries no proxy server for it', () => {
    const { api } = newShop();
    expect(aliasesOf(api, 'Api')).toEqual([]);
  });

  test('one alias for the port that is called, however often, and in the order of the ports', () => {
    const mesh = newMesh();
    const server = newService(mesh, 'Store', TWO_PORTS);
    const [one, other] = [newService(mesh, 'One'), newService(mesh, 'Other')];
    for (const client of [one, other]) client.connectTo(server.port('admin'));
    expect(aliasesOf(server, 'Store')).toEqual(['store-admin.shop-mesh:9000']);

    const whole = newService(newMesh(), 'Store', TWO_PORTS);
    const client = newService(whole.mesh as ServiceConnectMesh, 'One');
    for (const name of ['admin', 'http']) client.connectTo(whole.port(name));
    expect(aliasesOf(whole, 'Store')).toEqual(['store-http.shop-mesh:8080', 'store-admin.shop-mesh:9000']);
  });

  test('T1: a port that gains its first client changes its service alone, which the client waits for', () => {
    const before = callerAndServer();
    const after = callerAndServer();
    after.client.connectTo(after.server.port('http'));
    const [old, now] = [before, after].map(({ server }) => resources(templateOf(server), 'AWS::ECS::Service', 'Store'));
    const [id] = Object.keys(now);
    expect(now[id].Properties).not.toEqual(old[id].Properties);
    const { Services, ...asClient } = now[id].Properties.ServiceConnectConfiguration;
    expect(Services).toHaveLength(1);
    expect({ ...now[id].Properties, ServiceConnectConfiguration: asClient }).toEqual(old[id].Properties);
    expect(only(templateOf(after.client), 'AWS::ECS::Service', 'Api').DependsOn).toContain(id);
  });

  test('T21: a client in another stack, made later', () => {
    const app = new App();
    const mesh = newMesh(newStack('Net', app));
    const server = newService(mesh, 'Store', {}, newStack('StoreStack', app));
    newService(mesh, 'Api', {}, newStack('ApiStack', app)).connectTo(server.port('http'));
    expect(aliasesOf(server, 'Store')).toEqual(['store.net-mesh:8080']);
  });

  test('a client without a proxy makes no server', () => {
    const mesh = newMesh();
    const discovery = ServiceDiscovery.privateDns(mesh.addDnsNamespace('Names', 'svc.shop.local'));
    const server = newService(mesh, 'Store', { networking: { discovery } });
    newService(mesh, 'Api', { networking: { serviceConnect: ServiceConnect.none() } }).connectTo(server.port('http'));
    expect(aliasesOf(server, 'Store')).toEqual([]);
  });

  test('explicit choices stay: every port, none', () => {
    const mesh = newMesh();
    newService(mesh, 'Always', { ...TWO_PORTS, networking: { serviceConnect: ServiceConnect.clientAndServer() } });
    newService(mesh, 'Never', { ...TWO_PORTS, networking: { serviceConnect: ServiceConnect.client() } });
    expect(aliasesOf(mesh, 'Always')).toEqual(['always-http.shop-mesh:8080', 'always-admin.shop-mesh:9000']);
    expect(aliasesOf(mesh, 'Never')).toEqual([]);
  });

  test('properties of an alias can be overridden', () => {
    const { client, server } = callerAndServer();
    const resource = server.service.node.defaultChild as CfnService;
    resource.addPropertyOverride('ServiceConnectConfiguration.Services.0.IngressPortOverride', 15_000);
    client.connectTo(server.port('http'));
    const [alias] = only(templateOf(server), 'AWS::ECS::Service', 'Store').Properties.ServiceConnectConfiguration.Services;
    expect(alias).toMatchObject({ PortName: 'http', IngressPortOverride: 15_000 });
  });

  test("an endpoint of the user that stands for a service's port", () => {
    const { client, server } = callerAndServer();
    client.connectTo(new Custom({ service: server, name: 'http' }));
    expect(aliasesOf(server, 'Store')).toEqual(['store.shop-mesh:8080']);
  });

  test.each<[string, (mesh: ServiceConnectMesh) => IConstruct, string]>([
    ['no service', (mesh) => mesh, 'Shop/Mesh:http'],
    [
      'a service without aliases',
      (mesh) => newService(mesh, 'S', { networking: { serviceConnect: ServiceConnect.client() } }),
      'Shop/S:http',
    ],
    ['no port of it', (mesh) => newService(mesh, 'S', { containers: [{ image: IMAGE }] }), 'Shop/S:http'],
  ])('a called port of %s is refused', (_, create, got) => {
    const mesh = newMesh();
    const calledPort = { service: create(mesh), name: 'http' };
    expect(() => newService(mesh, 'Api').connectTo(new Custom(calledPort))).toThrow(
      `\`calledPort\` must name a port of a MeshService that can be called by alias, got "${got}"; leave \`calledPort\` out where the address resolves without a proxy, or return what \`service.port(name).bindEndpoint(...)\` gives [CalledPortUnknown at Shop/Api]`,
    );
  });
});
