import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  Compute,
  ContainerRedis,
  DualAlbGateway,
  ExternalSide,
  InternalSide,
  PortProtocol,
  Rollout,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceConnectTimeouts,
} from 'cdk-ecs-mesh';
import { newMesh, newService, only, resources, templateOf, WEB } from '../helpers';

const HTTP = [PortProtocol.HTTP, PortProtocol.HTTP2, PortProtocol.GRPC];
const seconds = (count?: number) => (count === undefined ? undefined : Duration.seconds(count));

function serverOf(protocols: PortProtocol[], chosen: { idle?: number; request?: number } = {}, mesh = newMesh()) {
  const timeouts: ServiceConnectTimeouts = { idleTimeout: seconds(chosen.idle), requestTimeout: seconds(chosen.request) };
  const ports = protocols.map((protocol, i) => ({ name: `p${i}`, containerPort: 8080 + i, protocol }));
  const containers = [{ image: WEB.image, ports }];
  return newService(mesh, 'Api', { containers, networking: { serviceConnect: ServiceConnect.clientAndServer(timeouts) } });
}

/** The timeouts of each port of the service. */
function timeoutsOf(service: ReturnType<typeof serverOf>, id = 'Api') {
  const [{ Properties }] = Object.values(resources(templateOf(service), 'AWS::ECS::Service', id));
  return Properties.ServiceConnectConfiguration.Services.map(({ Timeout }: { Timeout: object }) => Timeout);
}

function gatewayOf(mesh: ServiceConnectMesh, idle?: number, id = 'Gateway') {
  return new DualAlbGateway(Stack.of(mesh), id, {
    network: mesh,
    external: ExternalSide.http(),
    internal: InternalSide.http(),
    idleTimeout: seconds(idle),
  });
}

/** A service behind one internal route to each port. */
function routed(chosen: { idle?: number; request?: number }, gatewayIdle?: number) {
  const mesh = newMesh();
  const service = serverOf([PortProtocol.TCP, PortProtocol.HTTP], chosen, mesh);
  gatewayOf(mesh, gatewayIdle).internal.route('Api', { target: service.port('p1') });
  return service;
}

const warningsOf = (service: ReturnType<typeof serverOf>, id: string) =>
  Annotations.fromStack(Stack.of(service))
    .findWarning('/Shop/Api', Match.stringLikeRegexp(`\\[ack: cdk-ecs-mesh:${id}\\]`))
    .map(({ entry }) => `${entry.data}`.replace(/ \[ack: .*/, ''));

describe('a connection outlasts the requests on it', () => {
  test.each(HTTP)('DT-21: %s: 5 minutes and a request of 60 s', (protocol) => {
    expect(timeoutsOf(serverOf([protocol]))).toEqual([{ IdleTimeoutSeconds: 300, PerRequestTimeoutSeconds: 60 }]);
  });

  test.each([
    [{ request: 239 }, 300],
    [{ request: 240 }, 300],
    [{ request: 241 }, 301],
    [{ request: 300 }, 360],
    [{ request: 2_147_483_647 }, 2_147_483_647],
    [{ request: 0 }, 0],
    [{ request: 300, idle: 400 }, 400],
    [{ request: 0, idle: 400 }, 400],
  ])('DT-21: %j: %i s for every protocol with requests', (chosen, idle) => {
    for (const timeout of timeoutsOf(serverOf(HTTP, chosen))) {
      expect(timeout).toEqual({ IdleTimeoutSeconds: idle, PerRequestTimeoutSeconds: chosen.request });
    }
  });

  test.each([
    [{}, 3600],
    [{ request: 7200 }, 3600],
    [{ idle: 0 }, 0],
  ])('DT-21: TCP with %j: %i s, and no request timeout', (chosen, idle) => {
    expect(timeoutsOf(serverOf([PortProtocol.TCP], chosen))).toEqual([{ IdleTimeoutSeconds: idle }]);
  });

  test('DT-21: ContainerRedis keeps the pools of its clients for an hour', () => {
    const mesh = newMesh();
    new ContainerRedis(Stack.of(mesh), 'Redis', { mesh });
    const { Services } = only(templateOf(mesh), 'AWS::ECS::Service').Properties.ServiceConnectConfiguration;
    expect(Services[0].Timeout).toEqual({ IdleTimeoutSeconds: 3600 });
  });

  test.each([
    ['Fargate', () => Compute.fargate()],
    ['EC2', (mesh: ServiceConnectMesh) => Compute.ec2(mesh.addEc2Capacity('Hosts'))],
    ['bridge mode', (mesh: ServiceConnectMesh) => Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE })],
    ['Managed Instances', (mesh: ServiceConnectMesh) => Compute.managedInstances(mesh.addManagedInstances('Managed'))],
  ])('DT-21: the same on %s', (_, compute) => {
    const mesh = newMesh();
    const service = newService(mesh, 'Api', {
      compute: compute(mesh),
      networking: { serviceConnect: ServiceConnect.clientAndServer() },
    });
    expect(timeoutsOf(service)).toEqual([{ IdleTimeoutSeconds: 300, PerRequestTimeoutSeconds: 60 }]);
  });
});

describe('a connection outlasts those of the gateway', () => {
  test.each([
    [undefined, 300],
    [240, 300],
    [241, 301],
    [4000, 4060],
  ])('DT-21: a gateway with %p: %i s, on the routed port alone', (gateway, idle) => {
    expect(timeoutsOf(routed({ request: 60 }, gateway))).toEqual([
      { IdleTimeoutSeconds: 3600 },
      { IdleTimeoutSeconds: idle, PerRequestTimeoutSeconds: 60 },
    ]);
  });

  test('DT-21: no limit stays none, and a chosen time stays', () => {
    expect(timeoutsOf(routed({ request: 0 }, 4000))[1]).toEqual({ IdleTimeoutSeconds: 0, PerRequestTimeoutSeconds: 0 });
    expect(timeoutsOf(routed({ idle: 90 }, 4000))[1].IdleTimeoutSeconds).toBe(90);
  });

  test('DT-21: the longest of several gateways counts, in any order', () => {
    for (const order of [
      [500, 900],
      [900, 500],
    ]) {
      const mesh = newMesh();
      const service = serverOf([PortProtocol.HTTP], {}, mesh);
      order.forEach((idle) => gatewayOf(mesh, idle, `G${idle}`).external.route('Api', { target: service.port('p0') }));
      expect(timeoutsOf(service)[0].IdleTimeoutSeconds).toBe(960);
    }
  });

  test('DT-21: in two stacks, with two versions', () => {
    const app = new App();
    const mesh = newMesh(new Stack(app, 'Base', { env: { region: 'eu-west-1' } }));
    const own = new Stack(app, 'Own', { env: { region: 'eu-west-1' } });
    const serviceConnect = ServiceConnect.clientAndServer();
    const service = newService(mesh, 'Api', { rollout: Rollout.blueGreen(), networking: { serviceConnect } }, own);
    gatewayOf(mesh, 900).internal.route('Api', { target: service.port('http') });
    expect(timeoutsOf(service)[0].IdleTimeoutSeconds).toBe(960);
  });

  test.each([
    ['before', (connect: () => void, route: () => void) => [connect(), route()]],
    ['after', (connect: () => void, route: () => void) => [route(), connect()]],
  ])('CARE-4, DT-21: a port that gets its first client %s its route', (_, inOrder) => {
    const mesh = newMesh();
    const serviceConnect = ServiceConnect.onDemand({ requestTimeout: Duration.seconds(90) });
    const service = newService(mesh, 'Api', { networking: { serviceConnect } });
    const connect = () => newService(mesh, 'Web').connectTo(service.port('http'));
    inOrder(connect, () => gatewayOf(mesh, 900).internal.route('Api', { target: service.port('http') }));
    expect(timeoutsOf(service)).toEqual([{ IdleTimeoutSeconds: 960, PerRequestTimeoutSeconds: 90 }]);
    expect(warningsOf(service, 'ProxyRequestTimeout')).toEqual([
      '`idleTimeout` of the gateway is 900 s, and the proxy of port http ends requests after 90 s; set `requestTimeout` of `networking.serviceConnect` to as much, 0 for no limit',
    ]);
  });

  test.each([ServiceConnect.client(), ServiceConnect.none(), ServiceConnect.onDemand({ idleTimeout: Duration.seconds(9) })])(
    'DT-21: a service that nobody calls by alias: %#',
    (serviceConnect) => {
      const mesh = newMesh();
      const service = newService(mesh, 'Api', { networking: { serviceConnect } });
      gatewayOf(mesh, 900).internal.route('Api', { target: service.port('http') });
      const { ServiceConnectConfiguration } = only(templateOf(service), 'AWS::ECS::Service').Properties;
      expect(ServiceConnectConfiguration?.Services).toBeUndefined();
      expect([...warningsOf(service, 'ProxyIdleTimeout'), ...warningsOf(service, 'ProxyRequestTimeout')]).toEqual([]);
    },
  );
});

describe('warnings', () => {
  test.each([
    [{ idle: 59 }, 59, 60],
    [{ idle: 299, request: 300 }, 299, 300],
  ])('DT-21: %j: the proxy ends requests', (chosen, idle, request) => {
    expect(warningsOf(serverOf([PortProtocol.HTTP], chosen), 'ProxyIdleTimeout')).toEqual([
      `\`networking.serviceConnect.idleTimeout\` is ${idle} s, below the ${request} s of \`requestTimeout\`, so the proxy ends requests after ${idle} s; raise it, or leave it out`,
    ]);
  });

  test.each([{}, { idle: 60 }, { idle: 0 }, { request: 0, idle: 1 }, { request: 3600 }])('DT-21: %j: no warning', (chosen) => {
    expect(warningsOf(serverOf(HTTP, chosen), 'ProxyIdleTimeout')).toEqual([]);
  });

  test('DT-21: TCP has no requests', () => {
    expect(warningsOf(serverOf([PortProtocol.TCP], { idle: 1 }), 'ProxyIdleTimeout')).toEqual([]);
  });

  test('DT-21: connections that the gateway keeps as long as the proxy', () => {
    expect(warningsOf(routed({ idle: 60 }), 'ProxyIdleTimeout')).toEqual([
      '`networking.serviceConnect.idleTimeout` is 60 s, not above the 60 s of `idleTimeout` of the gateway, which sends requests on connections that the proxy is closing and answers 502; raise it, or leave it out',
    ]);
    for (const chosen of [{ idle: 61 }, { idle: 0 }, {}]) expect(warningsOf(routed(chosen), 'ProxyIdleTimeout')).toEqual([]);
  });

  test('DT-21: a gateway that waits longer than the proxy', () => {
    expect(warningsOf(routed({}, 61), 'ProxyRequestTimeout')).toEqual([
      '`idleTimeout` of the gateway is 61 s, and the proxy of port p1 ends requests after 60 s; set `requestTimeout` of `networking.serviceConnect` to as much, 0 for no limit',
    ]);
    for (const chosen of [{ request: 61 }, { request: 0 }]) {
      expect(warningsOf(routed(chosen, 61), 'ProxyRequestTimeout')).toEqual([]);
    }
    expect(warningsOf(routed({}), 'ProxyRequestTimeout')).toEqual([]);
  });
});
