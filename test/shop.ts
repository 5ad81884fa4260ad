import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  Compliance,
  Compute,
  ContainerRedisPersistence,
  DualAlbGateway,
  ExternalSide,
  InternalSide,
  RedisBackedEcsService,
  RedisBackend,
  RedisExposure,
  Scaling,
  ServiceConnect,
  ServiceConnectMesh,
  SideCertificate,
} from 'cdk-ecs-mesh';
import { newService, WEB } from './helpers';

const STORES: Record<string, RedisBackend> = {
  'an EC2 host': RedisBackend.ec2Host(),
  'a container in the namespace': RedisBackend.container(),
  'a container with files': RedisBackend.container({ persistence: ContainerRedisPersistence.efs() }),
  'a container behind a load balancer': RedisBackend.container({ exposure: RedisExposure.networkLoadBalancer() }),
  ElastiCache: RedisBackend.elastiCache(),
  'a serverless cache': RedisBackend.serverless(),
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
    redis: STORES[store].createStore(scope('Data'), 'Redis', mesh),
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
