import { App, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { PostgresDatabase, RedisBackedEcsService, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { ENV, IMAGE } from '../settings';

/** As many as docs/scale.md advises at most. */
const PER_STACK = 20;

/** `count` services, each with a Redis and a PostgreSQL of its own; each calls three of those before it, and no chain of calls is long. */
export function build(app: App, count: number): void {
  const mesh = new ServiceConnectMesh(new Stack(app, 'Home', { env: ENV }), 'Mesh', { meshName: 'shop' });
  const containers = [{ image: ecs.ContainerImage.fromRegistry(IMAGE), ports: [{ name: 'http', containerPort: 8080 }] }];
  const services: RedisBackedEcsService[] = [];
  let stack = Stack.of(mesh);
  for (let i = 0; i < count; i++) {
    if (i % PER_STACK === 0) stack = new Stack(app, `Services${i / PER_STACK}`, { env: ENV });
    const service = new RedisBackedEcsService(stack, `S${i}`, { mesh, containers });
    service.connectTo(new PostgresDatabase(stack, `Db${i}`, { mesh }));
    const called = new Set([2, 3, 4].map((part) => services[Math.floor(i / part)]).slice(0, i));
    for (const one of called) service.connectTo(one.port('http'));
    services.push(service);
  }
}
