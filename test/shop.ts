import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  Compliance,
  Compute,
  ContainerRedis,
  RedisPersistence,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  InternalSide,
  IRedisStore,
  RedisBackedEcsService,
  RedisExposure,
  Scaling,
  ServiceConnect,
  ServerlessRedis,
  ServiceConnectMesh,
  SideCertificate,
} from 'cdk-ecs-mesh';
import { newService, WEB } from './helpers';

const STORES: Record<string, (scope: Stack, mesh: ServiceConnectMesh) => IRedisStore> = {
  'an EC2 host': (scope, mesh) => new Ec2HostRedis(scope, 'Redis', { mesh }),
  'a container in the namespace': (scope, mesh) => new ContainerRedis(scope, 'Redis', { mesh }),
  'a container with files': (scope, mesh) =>
    new ContainerRedis(scope, 'Redis', { mesh, persistence: RedisPersistence.appendOnly() }),
  'a container behind a load balancer': (scope, mesh) =>
    new ContainerRedis(scope, 'Redis', { mesh, exposure: RedisExposure.networkLoadBalancer() }),
  ElastiCache: (scope, mesh) => new ElastiCacheRedis(scope, 'Redis', { mesh }),
  'a serverless cache': (scope, mesh) => new ServerlessRedis(scope, 'Redis', { mesh }),
};

const COMPUTES: Record<string, (mesh: ServiceConnectMesh) => Compute> = {
  Fargate: () => Compute.fargate(),
  'EC2 with addresses of their own': (mesh) => Compute.ec2(mesh.addEc2Capacity('Hosts')),
  'EC2 in bridge mode': (mesh) => Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE }),
  'EC2 in host mode': (mesh) => Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.HOST }),
};

/** Whether a proxy is possible, which the alias of a container in the namespace needs. */
const isPossible = (store: string, compute: string) =>
  !compute.includes('host mode') || store.includes('load balancer') || !store.includes('container');

/** Every compute with every store that it can reach. */
export const COMBINATIONS = Object.keys(COMPUTES).flatMap((compute) =>
  Object.keys(STORES)
    .filter((store) => isPossible(store, compute))
    .map((store) => [compute, store]),
);

export interface ShopOptions {
  /** In one stack, or in five. */
  readonly inOneStack: boolean;
  readonly compliance?: Compliance;
}

/** Two services behind both sides of a gateway, one of which calls the other. */
export function shop(compute: string, store: string, { inOneStack, compliance = Compliance.standard() }: ShopOptions): App {
  const app = new App();
  compliance.applyTo(app);
  const one = new Stack(app, 'Shop', { env: { region: 'eu-west-1' } });
  const scope = (id: string) => (inOneStack ? one : new Stack(app, id, { env: { region: 'eu-west-1' } }));
  const mesh = new ServiceConnectMesh(scope('Net'), 'Mesh', { privateDomain: 'shop.local' });
  const chosen = COMPUTES[compute](mesh);
  const serviceConnect = chosen.networkMode === NetworkMode.BRIDGE ? ServiceConnect.client() : undefined;
  const api = new RedisBackedEcsService(scope('Apis'), 'Api', {
    mesh,
    redis: STORES[store](scope('Data'), mesh),
    compute: chosen,
    networking: { serviceConnect },
    containers: [WEB],
  });
  const web = newService(mesh, 'Web', { operations: { enableExecuteCommand: true }, scaling: Scaling.fixed(3) }, scope('Webs'));
  const edge = scope('Edge');
  const gateway = new DualAlbGateway(edge, 'Gateway', {
    network: mesh,
    external: compliance.isStrict
      ? ExternalSide.https({ certificate: SideCertificate.given(certificate(edge)) })
      : ExternalSide.http(),
    internal: InternalSide.http({ zone: mesh.privateZone }),
  });
  gateway.external.route('Web', { target: web.port('http') });
  web.connectTo(gateway.internal.route('Api', { target: api.port('http'), recordName: 'api' }));
  return app;
}

export function certificate(stack: Stack) {
  return Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/shop');
}
