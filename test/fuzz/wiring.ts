import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import * as lib from 'cdk-ecs-mesh';
import { Scene } from './scene';

/** Something in each tier of a network, so that the template has all of it. */
export function useMesh(s: Scene, mesh: lib.ServiceConnectMesh): void {
  const image = ContainerImage.fromEcrRepository(Repository.fromRepositoryName(s.stack, 'Images', 'my/web'));
  const service = s.newService('Used', mesh, image);
  service.connectTo(new lib.PostgresDatabase(s.stack, 'Database', { mesh }));
  new lib.DualAlbGateway(s.stack, 'Gateway', {
    network: mesh,
    external: lib.ExternalSide.http({ waf: lib.Waf.none() }),
  }).external.route('Web', { target: service.port('http') });
}

/** A second sidecar, for which others can wait. */
export function withSidecar(s: Scene, props: object): never {
  const { sidecars = [], ...rest } = props as { readonly sidecars?: lib.ContainerOptions[] };
  const other = { name: 'other', image: ContainerImage.fromRegistry('my/other'), healthCheck: { command: ['true'] } };
  return {
    mesh: s.mesh,
    ...rest,
    sidecars: [...sidecars, ...(sidecars.some(({ name }) => name === 'other') ? [] : [other])],
  } as never;
}

/** A service with a client and a route for its first container, and a port if it has none. */
export function useService(s: Scene, make: (props: never) => lib.MeshService, props: object): void {
  const { containers, ...rest } = props as { readonly containers: lib.ContainerOptions[] };
  const [{ ports = [{ name: 'web', containerPort: 8080 }], ...main }] = containers;
  const service = make(withSidecar(s, { containers: [{ ...main, ports }], ...rest }));
  for (const { name } of ports) {
    s.service.connectTo(service.port(name), { as: `P_${ports.findIndex((each) => each.name === name)}` });
  }
  const [routed] = ports.filter(({ protocol }) => protocol === undefined || protocol === lib.PortProtocol.HTTP);
  if (!routed) return;
  new lib.DualAlbGateway(s.stack, 'Gateway', { network: s.network, internal: lib.InternalSide.http() }).internal.route('Root', {
    target: service.port(routed.name),
  });
}
