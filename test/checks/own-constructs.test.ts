import { App, Stack } from 'aws-cdk-lib';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  Compute,
  DualAlbGateway,
  EcsMeshChecks,
  ExternalSide,
  MeshNetwork,
  NatStrategy,
  QueueWorkerService,
  Rollout,
  Scaling,
  ServiceConnect,
  ServiceConnectMesh,
  TestTraffic,
} from 'cdk-ecs-mesh';
import { found } from './found';
import { loadExample } from '../example-apps';
import { newService, WEB } from '../helpers';
import { COMBINATIONS, shop } from '../shop';

const findingsOf = (name: string, more: Record<string, string>) => found(loadExample(name, more), new EcsMeshChecks());

test.each<[string, Record<string, string>]>([
  ['geolocation', {}],
  ['geolocation', { compute: 'fargate', redis: 'elasticache', mode: 'development', privateDomain: 'nidhin.local' }],
  ['geolocation', { compliance: 'strict', zoneName: 'geo.example', zoneId: 'Z00000000000000DEMO' }],
  ['care', {}],
  ['voting', {}],
  ['voting', { redis: 'elasticache', database: 'postgres' }],
  ['voting', { persistence: 'none', mode: 'development', zoneName: 'votes.example', zoneId: 'Z00000000000000DEMO' }],
])('the %s example with %j has no findings', (name, settings) => expect(findingsOf(name, settings)).toEqual([]));

describe.each(COMBINATIONS)('%s with %s', (compute, store) => {
  test.each([true, false])('has no findings; in one stack: %p', (inOneStack) => {
    expect(found(shop(compute, store, { inOneStack }))).toEqual([]);
  });
});

test('a queue worker has no findings', () => {
  const stack = new Stack(new App(), 'Shop');
  const mesh = new ServiceConnectMesh(stack, 'Mesh');
  const worker = new QueueWorkerService(stack, 'Worker', {
    mesh,
    containers: [{ image: WEB.image }],
    scaling: Scaling.between(0, 9),
  });
  newService(mesh, 'Api').connectTo(worker.queueEndpoint);
  expect(found(stack.node.root as App)).toEqual([]);
});

test.each<[string, Rollout]>([
  ['blue/green', Rollout.blueGreen({ testTraffic: TestTraffic.port(8443) })],
  ['canary', Rollout.canary({ testTraffic: TestTraffic.header('X-Version', 'next') })],
  ['linear', Rollout.linear()],
  ['CodeDeploy', Rollout.codeDeploy({ testTraffic: TestTraffic.port(8443) })],
])('a service with two versions has no findings: %s', (_, rollout) => {
  const mesh = new ServiceConnectMesh(new Stack(new App(), 'Shop', { env: { region: 'eu-west-1' } }), 'Mesh');
  const gateway = new DualAlbGateway(Stack.of(mesh), 'Gateway', { network: mesh, external: ExternalSide.http() });
  const api = newService(mesh, 'Api', { rollout });
  gateway.external.route('Api', { target: api.port('http') });
  api.addRollbackAlarm('api-errors');
  expect(found(mesh.node.root as App)).toEqual([]);
});

test('services that nobody connected have no findings', () => {
  const mesh = new ServiceConnectMesh(new Stack(new App(), 'Shop'), 'Mesh');
  const bridge = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE });
  ['Web', 'Api'].forEach((id) => newService(mesh, id));
  newService(mesh, 'Worker', { compute: bridge, networking: { serviceConnect: ServiceConnect.client() } });
  expect(found(mesh.node.root as App)).toEqual([]);
});

test('a chain of Service Connect calls has no findings, with any network and rollout', () => {
  for (const nat of [NatStrategy.perAz(), NatStrategy.single(), NatStrategy.instance()]) {
    const app = new App();
    const mesh = new ServiceConnectMesh(new Stack(app, 'Shop'), 'Mesh', { network: MeshNetwork.threeTier({ nat }) });
    const [web, api, worker] = ['Web', 'Api', 'Worker'].map((id) =>
      newService(mesh, id, { rollout: Rollout.rolling({ minHealthyPercent: 100, maxHealthyPercent: 150 }) }),
    );
    web.connectTo(api.port('http'));
    api.connectTo(worker.port('http'));
    expect(found(app)).toEqual([]);
  }
});
