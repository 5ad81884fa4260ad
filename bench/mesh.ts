import { App, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { MeshService, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { ENV, IMAGE } from './settings';

/** `count` services in one mesh, each calling the two before it; `perStack` of them in each stack, 0 for one stack with all. */
export function build(app: App, count: number, perStack: number): void {
  const home = new Stack(app, 'Home', { env: ENV });
  const mesh = new ServiceConnectMesh(home, 'Mesh', { meshName: 'shop' });
  const containers = [{ image: ecs.ContainerImage.fromRegistry(IMAGE), ports: [{ name: 'http', containerPort: 8080 }] }];
  const services: MeshService[] = [];
  let stack = home;
  for (let i = 0; i < count; i++) {
    if (perStack > 0 && i % perStack === 0) stack = new Stack(app, `Services${i / perStack}`, { env: ENV });
    const service = new MeshService(stack, `S${i}`, { mesh, containers });
    for (const called of services.slice(-2)) service.connectTo(called.port('http'));
    services.push(service);
  }
}
