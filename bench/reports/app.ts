import { App, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { ElastiCacheRedis, MeshService, PostgresDatabase, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { ENV, IMAGE } from '../settings';

/** So many fit into the 500 resources of a stack. */
const PER_STACK = 20;

/** `count` services, each calling a Redis, a PostgreSQL and the three services before it. */
export function build(app: App, count: number): void {
  const home = new Stack(app, 'Home', { env: ENV });
  const mesh = new ServiceConnectMesh(home, 'Mesh', { meshName: 'shop' });
  const stores = [new ElastiCacheRedis(home, 'Redis', { mesh }), new PostgresDatabase(home, 'Database', { mesh })];
  const containers = [{ image: ecs.ContainerImage.fromRegistry(IMAGE), ports: [{ name: 'http', containerPort: 8080 }] }];
  const services: MeshService[] = [];
  let stack = home;
  for (let i = 0; i < count; i++) {
    if (i % PER_STACK === 0) stack = new Stack(app, `Services${i / PER_STACK}`, { env: ENV });
    const service = new MeshService(stack, `S${i}`, { mesh, containers });
    for (const store of stores) service.connectTo(store);
    for (const called of services.slice(-3)) service.connectTo(called.port('http'));
    services.push(service);
  }
}
