import { App } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  Compute,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  InternalSide,
  MeshService,
  RedisBackedEcsService,
  ServiceConnectMesh,
  SideCertificate,
} from 'cdk-ecs-mesh';
import { WEB, findings, newMesh, newStack, only, openPaths, templateOf } from '../helpers';

describe('minimal props', () => {
  const mesh = newMesh();
  const service = new RedisBackedEcsService(mesh.node.scope as never, 'Api', { mesh, containers: [WEB] });
  const template = templateOf(service);

  test('a Multi-AZ store of its own, with TLS and AUTH', () => {
    expect(service.redis).toBeInstanceOf(ElastiCacheRedis);
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      MultiAZEnabled: true,
      AutomaticFailoverEnabled: true,
      TransitEncryptionEnabled: true,
    });
  });

  test('the contract reaches the container; the password is a secret', () => {
    const [container] = only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
    expect(container.Environment.map((v: { Name: string }) => v.Name)).toEqual(
      expect.arrayContaining(['REDIS_HOST', 'REDIS_PORT', 'REDIS_TLS', 'REDIS_URL']),
    );
    expect(container.Secrets.map((v: { Name: string }) => v.Name)).toEqual(expect.arrayContaining(['REDIS_PASSWORD']));
    expect(openPaths(template)).toEqual(['Api -> ApiRedis 6379']);
  });

  test('AwsSolutions finds nothing', () => expect(findings(service)).toEqual([]));
});

test('two services share a store that is given', () => {
  const mesh = newMesh();
  const stack = mesh.node.scope as never;
  const redis = new ElastiCacheRedis(stack, 'Redis', { mesh });
  const services = ['Api', 'Worker'].map((id) => new RedisBackedEcsService(stack, id, { mesh, redis, containers: [WEB] }));
  const template = templateOf(redis);
  expect(services.map((service) => service.redis)).toEqual([redis, redis]);
  template.resourceCountIs('AWS::ElastiCache::ReplicationGroup', 1);
  expect(openPaths(template)).toEqual(['Api -> Redis 6379', 'Worker -> Redis 6379']);
});

describe('T21: mesh, store, gateway and services', () => {
  interface Stacks {
    readonly mesh: ReturnType<typeof newStack>;
    readonly store: ReturnType<typeof newStack>;
    readonly gateway: ReturnType<typeof newStack>;
    readonly services: ReturnType<typeof newStack>;
  }

  /** Frontend -> internal load balancer -> API -> Redis, and a worker that calls the API through Service Connect. */
  function build(stacks: Stacks, bridge: boolean, hostStore: boolean): void {
    const mesh = new ServiceConnectMesh(stacks.mesh, 'Mesh', { privateDomain: 'shop.internal' });
    const compute = bridge ? Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode: NetworkMode.BRIDGE }) : Compute.fargate();
    const redis = hostStore
      ? new Ec2HostRedis(stacks.store, 'Redis', { mesh })
      : new ElastiCacheRedis(stacks.store, 'Redis', { mesh });
    const certificate = Certificate.fromCertificateArn(
      stacks.gateway,
      'Certificate',
      'arn:aws:acm:eu-west-1:111111111111:certificate/c',
    );
    const gateway = new DualAlbGateway(stacks.gateway, 'Gateway', {
      network: mesh,
      external: ExternalSide.https({ certificate: SideCertificate.given(certificate) }),
      internal: InternalSide.http({ zone: mesh.privateZone }),
    });
    const api = new RedisBackedEcsService(stacks.services, 'Api', { mesh, redis, compute, containers: [WEB] });
    const frontend = new MeshService(stacks.services, 'Frontend', { mesh, compute, containers: [WEB] });
    frontend.connectTo(gateway.internal.route('Api', { target: api.port('http'), recordName: 'api' }));
    gateway.external.route('Frontend', { target: frontend.port('http') });
    const worker = new RedisBackedEcsService(stacks.services, 'Worker', { mesh, redis, containers: [{ image: WEB.image }] });
    if (!bridge) worker.connectTo(api.port('http'));
  }

  const cases = [false, true].flatMap((bridge) => [false, true].map((hostStore) => ({ bridge, hostStore })));

  test.each(cases)('in one stack: %p', ({ bridge, hostStore }) => {
    const app = new App();
    const stack = newStack('All', app);
    build({ mesh: stack, store: stack, gateway: stack, services: stack }, bridge, hostStore);
    expect(app.synth().stacks).toHaveLength(1);
    expect(findings(stack)).toEqual([]);
  });

  test.each(cases)('in four stacks, without a circle: %p', ({ bridge, hostStore }) => {
    const app = new App();
    const stacks = {
      mesh: newStack('Net', app),
      store: newStack('Data', app),
      gateway: newStack('Edge', app),
      services: newStack('Apps', app),
    };
    build(stacks, bridge, hostStore);
    const dependencies = Object.fromEntries(
      app.synth().stacks.map((s) => [
        s.stackName,
        s.dependencies
          .map((d) => d.id)
          .filter((id) => !/assets/.test(id))
          .sort(),
      ]),
    );
    expect(dependencies.Net).toEqual([]);
    expect(dependencies.Data).toEqual(['Net']);
    expect(dependencies.Edge).toEqual(['Net']);
    expect(dependencies.Apps).toEqual(['Data', 'Edge', 'Net']);
  });

  test.each(cases)('one stack or four: the same paths are open: %p', ({ bridge, hostStore }) => {
    const one = newStack('All');
    build({ mesh: one, store: one, gateway: one, services: one }, bridge, hostStore);
    const app = new App();
    const four = {
      mesh: newStack('Net', app),
      store: newStack('Data', app),
      gateway: newStack('Edge', app),
      services: newStack('Apps', app),
    };
    build(four, bridge, hostStore);
    expect(openPaths(...Object.values(four).map(templateOf))).toEqual(openPaths(templateOf(one)));
  });
});

test('a store and a route cannot share a name in one zone', () => {
  const mesh = newMesh(newStack(), { privateDomain: 'shop.internal' });
  const stack = mesh.node.scope as never;
  new Ec2HostRedis(stack, 'Redis', { mesh });
  const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, internal: InternalSide.http({ zone: mesh.privateZone }) });
  const api = new MeshService(stack, 'Api', { mesh, containers: [WEB] });
  expect(() => gateway.internal.route('Api', { target: api.port('http'), recordName: 'redis' })).toThrow(
    '`recordName` must be a record name that nobody else uses, and Shop/Redis uses it already, got "redis.shop.internal"; set `recordName` to another name on one of the two [NameTaken at Shop/Gateway/Internal]',
  );
});
