import { Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import {
  CapacityShare,
  Compute,
  ContainerRedis,
  ContainerRedisProps,
  DeploymentJob,
  ElastiCacheRedis,
  HostImage,
  MeshServiceProps,
  QueueWorkerService,
  RedisBackedEcsService,
  RedisExposure,
  RedisPersistence,
  Rollout,
  Scaling,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceDiscovery,
  ServiceNetworking,
} from 'cdk-ecs-mesh';
import { newMesh, newService, templateOf, WEB } from '../helpers';

const PAGE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-bottlerocket.html';

const hosts = (mesh: ServiceConnectMesh, id = 'Hosts', image = HostImage.bottlerocket()) => mesh.addEc2Capacity(id, { image });

/** Every compute that has a host of Bottlerocket in it. */
const COMPUTES: Record<string, (mesh: ServiceConnectMesh) => Compute> = {
  alone: (mesh) => Compute.ec2(hosts(mesh)),
  pinned: (mesh) =>
    Compute.ec2(hosts(mesh, 'Hosts', HostImage.bottlerocket({ amiByRegion: { 'eu-west-1': 'ami-0123456789abcdef0' } }))),
  'in bridge mode': (mesh) => Compute.ec2(hosts(mesh), { networkMode: NetworkMode.BRIDGE }),
  'in a mix': (mesh) =>
    Compute.mix([
      CapacityShare.ec2(hosts(mesh, 'Linux', HostImage.amazonLinux2023()), { base: 1 }),
      CapacityShare.ec2(hosts(mesh)),
    ]),
};

/** Every construct that is a service, in a mesh. */
const SERVICES: Record<string, (mesh: ServiceConnectMesh, compute: Compute, serviceConnect?: ServiceConnect) => unknown> = {
  MeshService: (mesh, compute, serviceConnect) => newService(mesh, 'Api', { compute, networking: { serviceConnect } }),
  RedisBackedEcsService: (mesh, compute, serviceConnect) => {
    const redis = new ElastiCacheRedis(Stack.of(mesh), 'Redis', { mesh });
    return new RedisBackedEcsService(Stack.of(mesh), 'Api', {
      mesh,
      redis,
      compute,
      networking: { serviceConnect },
      containers: [WEB],
    });
  },
  QueueWorkerService: (mesh, compute, serviceConnect) =>
    new QueueWorkerService(Stack.of(mesh), 'Api', {
      mesh,
      compute,
      networking: { serviceConnect },
      containers: [{ image: WEB.image }],
    }),
};

const CHOICES: [string, ServiceConnect][] = [
  ['onDemand', ServiceConnect.onDemand()],
  ['clientAndServer', ServiceConnect.clientAndServer()],
  ['client', ServiceConnect.client()],
];

const refused = (prop: string, got: string, fix: string, at: string) =>
  `\`${prop}\` must be without Service Connect on Bottlerocket, which has none (${PAGE}), and Shop/Mesh/Hosts runs it, got "${got}"; choose HostImage.amazonLinux2023() for the hosts, or ${fix} [NoServiceConnectOnBottlerocket at ${at}]`;

const REMEDY = 'ServiceConnect.none() and names of DNS: ServiceDiscovery.privateDns, or a gateway route';

describe('DT-60: Service Connect on Bottlerocket', () => {
  const cases = Object.keys(SERVICES).flatMap((service) =>
    Object.keys(COMPUTES).flatMap((compute) => CHOICES.map(([name, choice]) => [service, compute, name, choice] as const)),
  );

  test.each(cases)('DT-60: %s %s with ServiceConnect.%s() is refused', (service, compute, name, choice) => {
    const mesh = newMesh();
    expect(() => SERVICES[service](mesh, COMPUTES[compute](mesh), choice)).toThrow(
      refused('networking.serviceConnect', `ServiceConnect.${name}()`, REMEDY, 'Shop/Api'),
    );
  });

  test.each(Object.keys(SERVICES))('DT-60: %s that says nothing has it, and is refused', (service) => {
    const mesh = newMesh();
    expect(() => SERVICES[service](mesh, COMPUTES.alone(mesh))).toThrow(
      refused('networking.serviceConnect', 'ServiceConnect.onDemand()', REMEDY, 'Shop/Api'),
    );
  });

  test.each(Object.keys(SERVICES))('DT-60: %s without it runs there, and with it on Amazon Linux', (service) => {
    const mesh = newMesh();
    SERVICES[service](mesh, COMPUTES['in a mix'](mesh), ServiceConnect.none());
    expect(() => templateOf(mesh)).not.toThrow();
    const other = newMesh();
    expect(() => SERVICES[service](other, Compute.ec2(other.addEc2Capacity('Hosts')), CHOICES[0][1])).not.toThrow();
  });
});

describe('DT-60: a store in a container on Bottlerocket', () => {
  const store = (props: Partial<ContainerRedisProps>, compute = COMPUTES.alone) => {
    const mesh = newMesh();
    return new ContainerRedis(Stack.of(mesh), 'Redis', { mesh, compute: compute(mesh), ...props });
  };
  const exposure = RedisExposure.networkLoadBalancer();
  const persistence = RedisPersistence.appendOnly();
  const noEfs = `must be without EFS on Bottlerocket, which mounts it neither encrypted in transit nor in awsvpc network mode (${PAGE}), and Shop/Mesh/Hosts runs it`;
  const fix = 'choose HostImage.amazonLinux2023() for the hosts, or Compute.fargate()';

  test.each(['alone', 'pinned', 'in a mix'])('DT-60: in the namespace, %s, is refused', (compute) => {
    expect(() => store({}, COMPUTES[compute])).toThrow(
      refused('exposure', 'RedisExposure.serviceConnect()', 'RedisExposure.networkLoadBalancer()', 'Shop/Redis'),
    );
  });

  test.each(['alone', 'pinned', 'in a mix'])('DT-60: with files, %s, is refused', (compute) => {
    expect(() => store({ exposure, persistence }, COMPUTES[compute])).toThrow(
      `\`persistence\` ${noEfs}, got "RedisPersistence.appendOnly()"; ${fix} [NoEfsOnBottlerocket at Shop/Redis]`,
    );
  });

  test('DT-60: behind its load balancer and without files it runs there', () => {
    expect(() => templateOf(store({ exposure }))).not.toThrow();
  });

  test.each<[string, NetworkMode, string, boolean]>([
    ['encrypted in bridge mode', NetworkMode.BRIDGE, 'ENABLED', true],
    ['plain in awsvpc mode', NetworkMode.AWS_VPC, 'DISABLED', true],
    ['plain in bridge mode', NetworkMode.BRIDGE, 'DISABLED', false],
  ])('DT-60: an EFS volume of the user, %s', (_, networkMode, transitEncryption, isRefused) => {
    const mesh = newMesh();
    const service = newService(mesh, 'Api', {
      compute: Compute.ec2(hosts(mesh), { networkMode }),
      networking: { serviceConnect: ServiceConnect.none() },
    });
    service.taskDefinition.addVolume({ name: 'files', efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption } });
    const said = service.node.validate().filter((message) => message.includes('Bottlerocket'));
    expect(said).toEqual(isRefused ? [`\`taskDefinition.volumes\` ${noEfs}, got "files"; ${fix} [NoEfsOnBottlerocket]`] : []);
  });
});

describe('a remedy that Bottlerocket does not refuse', () => {
  const onHosts = (mesh: ServiceConnectMesh, id: string, networking: ServiceNetworking = {}) =>
    newService(mesh, id, { compute: COMPUTES.alone(mesh), networking: { serviceConnect: ServiceConnect.none(), ...networking } });
  const without = 'because Shop/Mesh/Hosts runs Bottlerocket, which has none';

  test('for a client: an endpoint that resolves there', () => {
    const mesh = newMesh();
    expect(() => onHosts(mesh, 'Api').connectTo(newService(mesh, 'Store').port('http'))).toThrow(
      new Error(
        `\`connectTo\` must name an endpoint that resolves without a Service Connect proxy, ${without}, got "store.shop-mesh"; connect to a ` +
          'gateway route, or give the called service a `networking.discovery` [NoProxy at Shop/Api]',
      ),
    );
  });

  test('for a server: a name that it can have', () => {
    const mesh = newMesh();
    expect(() => newService(mesh, 'Api').connectTo(onHosts(mesh, 'Store').port('http'))).toThrow(
      new Error(
        '`connectTo` must name a port that has a Service Connect alias, and Shop/Store offers none, got "http"; give that service a ' +
          '`networking.discovery`, or connect to a gateway route of it [NoAlias at Shop/Api]',
      ),
    );
  });

  test('works on both sides', () => {
    const mesh = newMesh();
    const names = new PrivateDnsNamespace(mesh, 'Names', { name: 'svc.local', vpc: mesh.vpc });
    const networking = { serviceConnect: ServiceConnect.none(), discovery: ServiceDiscovery.privateDns(names) };
    const compute = COMPUTES.alone(mesh);
    const [api, store] = ['Api', 'Store'].map((id) => newService(mesh, id, { compute, networking }));
    api.connectTo(store.port('http'));
    newService(mesh, 'Web').connectTo(store.port('http'));
    expect(() => templateOf(mesh)).not.toThrow();
  });

  test.each<[string, Partial<MeshServiceProps>, string]>([
    ['CodeDeploy', { rollout: Rollout.codeDeploy() }, 'Rollout.codeDeploy excludes one'],
    ['host mode', {}, 'host network mode has none'],
  ])('for a client with %s', (name, props, reason) => {
    const mesh = newMesh();
    const compute = name === 'host mode' ? hostMode(mesh) : undefined;
    const client = newService(mesh, 'Api', { compute, scaling: Scaling.fixed(1), ...props });
    expect(() => client.connectTo(newService(mesh, 'Store').port('http'))).toThrow(
      `must name an endpoint that resolves without a Service Connect proxy, because ${reason}, got "store.shop-mesh"; connect to a gateway route`,
    );
  });

  test('for a job', () => {
    const mesh = newMesh();
    const job = new DeploymentJob(Stack.of(mesh), 'Job', { mesh, containers: [{ image: WEB.image }] });
    expect(() => job.connectTo(newService(mesh, 'Store').port('http'))).toThrow(
      'must name an endpoint that resolves without a Service Connect proxy, because AWS supports one only for services, got "store.shop-mesh"',
    );
  });

  test('for ARM hosts with GPUs, for which Amazon Linux has no image', () => {
    const mesh = newMesh();
    const instanceType = new InstanceType('g5g.xlarge');
    const gpus = mesh.addEc2Capacity('Hosts', { instanceType, image: HostImage.bottlerocket() });
    expect(() => newService(mesh, 'Api', { compute: Compute.ec2(gpus) })).toThrow(
      'choose an x86 type such as g5.xlarge or HostImage.amazonLinux2023({ amiByRegion }) for the hosts, or ServiceConnect.none()',
    );
    const image = HostImage.amazonLinux2023({ amiByRegion: { 'eu-west-1': 'ami-0123456789abcdef0' } });
    expect(() =>
      newService(mesh, 'Web', { compute: Compute.ec2(mesh.addEc2Capacity('Own', { instanceType, image })) }),
    ).not.toThrow();
  });
});

function hostMode(mesh: ServiceConnectMesh): Compute {
  return Compute.ec2(hosts(mesh, 'Linux', HostImage.amazonLinux2023()), { networkMode: NetworkMode.HOST });
}
