import { App, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { DualAlbGateway, ElastiCacheRedis, ExternalSide, MeshService, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { ENV, IMAGE } from '../settings';

/** A page on a load balancer, `count` APIs behind it, and Redis behind those. */
export function build(app: App, count: number): void {
  const stack = new Stack(app, 'Shop', { env: ENV });
  const mesh = new ServiceConnectMesh(stack, 'Mesh', { meshName: 'shop' });
  const redis = new ElastiCacheRedis(stack, 'Redis', { mesh });
  const containers = [{ image: ecs.ContainerImage.fromRegistry(IMAGE), ports: [{ name: 'http', containerPort: 8080 }] }];
  const page = new MeshService(stack, 'Page', { mesh, containers });
  for (let i = 0; i < count; i++) {
    const api = new MeshService(stack, `Api${i}`, { mesh, containers });
    api.connectTo(redis);
    page.connectTo(api.port('http'));
  }
  const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.http() });
  gateway.external.route('Page', { target: page.port('http') });
}
