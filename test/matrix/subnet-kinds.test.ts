import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { IVpc, SubnetFilter, SubnetSelection, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  Compute,
  ContainerRedis,
  DeploymentJob,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  InternalSide,
  MeshNetwork,
  PostgresDatabase,
  QueueWorkerService,
  RedisBackedEcsService,
  RedisExposure,
  RedisPersistence,
  ScheduledJob,
  ServerlessRedis,
  ServiceConnectMesh,
  Waf,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, WEB } from '../helpers';

type Create = (mesh: ServiceConnectMesh, stack: Stack, subnets: SubnetSelection) => unknown;

const containers = [{ image: WEB.image }];
const schedule = ScheduleExpression.rate(Duration.hours(1));
const onNlb = { exposure: RedisExposure.networkLoadBalancer() };

/** Every construct that is placed in the subnets for tasks, for stores, or in those of a side. */
const TASKS: Record<string, Create> = {
  MeshService: (mesh) => newService(mesh, 'Web'),
  'MeshService on hosts': (mesh) => newService(mesh, 'Web', { compute: Compute.ec2(mesh.addEc2Capacity('Hosts')) }),
  'MeshService on managed instances': (mesh) =>
    newService(mesh, 'Web', { compute: Compute.managedInstances(mesh.addManagedInstances('Managed')) }),
  RedisBackedEcsService: (mesh, stack) => new RedisBackedEcsService(stack, 'Web', { mesh, containers: [WEB] }),
  QueueWorkerService: (mesh, stack) => new QueueWorkerService(stack, 'Web', { mesh, containers }),
  ScheduledJob: (mesh, stack) => new ScheduledJob(stack, 'Web', { mesh, containers, schedule }),
  DeploymentJob: (mesh, stack) => new DeploymentJob(stack, 'Web', { mesh, containers }),
  ContainerRedis: (mesh, stack) => new ContainerRedis(stack, 'Web', { mesh, ...onNlb }),
  'ContainerRedis with files': (mesh, stack) =>
    new ContainerRedis(stack, 'Web', { mesh, ...onNlb, persistence: RedisPersistence.appendOnly() }),
};
/** It is one instance, whose subnet is chosen at once. */
const HOST: Record<string, Create> = { Ec2HostRedis: (mesh, stack) => new Ec2HostRedis(stack, 'Web', { mesh }) };
const STORES: Record<string, Create> = {
  ElastiCacheRedis: (mesh, stack) => new ElastiCacheRedis(stack, 'Store', { mesh }),
  ServerlessRedis: (mesh, stack) => new ServerlessRedis(stack, 'Store', { mesh }),
  PostgresDatabase: (mesh, stack) => new PostgresDatabase(stack, 'Store', { mesh }),
};
const side = (options: object) => ({ external: ExternalSide.http({ waf: Waf.none(), ...options }) });
const SIDES: Record<string, Create> = {
  'external side': (mesh, stack, subnets) => {
    const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, ...side({ subnets: { ...subnets, onePerAz: true } }) });
    gateway.external.route('Web', { target: newService(mesh, 'Web').port('http') });
  },
  'internal side': (mesh, stack, subnets) => {
    const internal = InternalSide.http({ subnets: { ...subnets, onePerAz: true } });
    new DualAlbGateway(stack, 'Gateway', { network: mesh, internal }).internal.route('Web', {
      target: newService(mesh, 'Web').port('http'),
    });
  },
};

const KINDS = {
  public: { subnetType: SubnetType.PUBLIC },
  private: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  isolated: { subnetType: SubnetType.PRIVATE_ISOLATED },
};

const NETWORKS: Record<string, (stack: Stack) => IVpc> = {
  'in the app': (stack) =>
    new Vpc(stack, 'Vpc', {
      natGateways: 1,
      subnetConfiguration: Object.entries(KINDS).map(([name, { subnetType }]) => ({ name, subnetType })),
    }),
  imported: (stack) =>
    Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      publicSubnetIds: ['subnet-a1', 'subnet-a2'],
      privateSubnetIds: ['subnet-b1', 'subnet-b2'],
      isolatedSubnetIds: ['subnet-c1', 'subnet-c2'],
    }),
};

/** The IDs of the errors and warnings about subnets and routes; `works` if there are none. */
function outcome(
  create: Create,
  network: string,
  selection: SubnetSelection,
  purpose: 'taskSubnets' | 'storeSubnets' | 'side',
): string {
  const stack = newStack();
  const options = purpose === 'side' ? {} : { [purpose]: selection };
  try {
    const mesh = newMesh(stack, { network: MeshNetwork.fromVpc(NETWORKS[network](stack), options) });
    create(mesh, stack, selection);
  } catch (error) {
    return `error ${/\[(\w+) at /.exec((error as Error).message)?.[1]}`;
  }
  const errors = stack.node.findAll().flatMap(({ node }) => node.validate());
  // A synthesis would fail with the errors.
  const notes = stack.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => `${data as string}`));
  const found = [
    ...errors.map((error) => `error ${/\[(\w+)\]$/.exec(error)?.[1]}`),
    ...notes.flatMap((text) => /mesh:(\w+InPublicSubnets)\]/.exec(text)?.[1] ?? []).map((id) => `warning ${id}`),
  ];
  return [...new Set(found)].sort().join(', ') || 'works';
}

const rows = (creates: Record<string, Create>, kinds: Record<string, Record<string, string>>) =>
  Object.keys(creates).flatMap((name) =>
    Object.entries(kinds).flatMap(([network, said]) =>
      Object.entries(said).map(([kind, what]) => [name, kind, network, what] as const),
    ),
  );

const NO_ROUTE = 'error NoRouteToAws, error NoRouteToRegistry';

describe('PR-04: subnets whose kind contradicts', () => {
  test.each(
    rows(TASKS, {
      'in the app': { public: `${NO_ROUTE}, warning TasksInPublicSubnets`, private: 'works', isolated: NO_ROUTE },
      // Routes and endpoints of an imported network are not known.
      imported: { public: 'warning TasksInPublicSubnets', private: 'works', isolated: 'works' },
    }),
  )('%s: tasks in %s subnets, %s: %s', (name, kind, network, said) =>
    expect(outcome(TASKS[name], network, KINDS[kind as keyof typeof KINDS], 'taskSubnets')).toBe(said),
  );

  test.each(
    rows(HOST, {
      'in the app': { public: 'error RedisHostNeedsWayOut', private: 'works', isolated: 'error RedisHostNeedsWayOut' },
      imported: { public: 'error RedisHostNeedsWayOut', private: 'works', isolated: 'error RedisHostNeedsWayOut' },
    }),
  )('%s in %s subnets, %s: %s', (name, kind, network, said) =>
    expect(outcome(HOST[name], network, KINDS[kind as keyof typeof KINDS], 'taskSubnets')).toBe(said),
  );

  test.each(
    rows(STORES, {
      'in the app': { public: 'warning StoresInPublicSubnets', private: 'works', isolated: 'works' },
      imported: { public: 'warning StoresInPublicSubnets', private: 'works', isolated: 'works' },
    }),
  )('%s in %s subnets, %s: %s', (name, kind, network, said) =>
    expect(outcome(STORES[name], network, KINDS[kind as keyof typeof KINDS], 'storeSubnets')).toBe(said),
  );

  test.each([
    ...rows(
      { 'external side': SIDES['external side'] },
      {
        'in the app': { public: 'works', private: 'error GatewaySubnets', isolated: 'error GatewaySubnets' },
        imported: { public: 'works', private: 'error GatewaySubnets', isolated: 'error GatewaySubnets' },
      },
    ),
    ...rows(
      { 'internal side': SIDES['internal side'] },
      {
        'in the app': { public: 'works', private: 'works', isolated: 'works' },
        imported: { public: 'works', private: 'works', isolated: 'works' },
      },
    ),
  ])('%s in %s subnets, %s: %s', (name, kind, network, said) =>
    expect(outcome(SIDES[name], network, KINDS[kind as keyof typeof KINDS], 'side')).toBe(said),
  );

  test('the warning names the subnets and what to do', () => {
    const stack = newStack();
    const subnets = { subnetType: SubnetType.PUBLIC };
    const vpc = NETWORKS.imported(stack);
    newMesh(stack, { network: MeshNetwork.fromVpc(vpc, { taskSubnets: subnets, storeSubnets: subnets }) });
    const texts = Annotations.fromStack(stack).findWarning('/Shop/Mesh', Match.stringLikeRegexp('PublicSubnets'));
    const paths = 'Shop/Vpc/PublicSubnet1, Shop/Vpc/PublicSubnet2';
    expect(texts.map(({ entry }) => entry.data)).toEqual([
      `\`network.taskSubnets\` are public subnets (${paths}): tasks have no public address, so that an internet gateway leads them nowhere, and hosts have one only if the subnet assigns it. Choose private subnets with egress, or add the endpoints for ECR, S3, CloudWatch Logs and secrets to the VPC. [ack: cdk-ecs-mesh:TasksInPublicSubnets]`,
      `\`network.storeSubnets\` are public subnets (${paths}): only security groups stand between the internet and what gets a public address in them. Choose isolated or private subnets; the subnets of a database cannot be changed later without replacing it. [ack: cdk-ecs-mesh:StoresInPublicSubnets]`,
    ]);
  });
});

describe('a selection that finds nothing', () => {
  const VPCS: Record<string, (stack: Stack) => IVpc> = {
    own: (stack) => new Vpc(stack, 'Vpc', { maxAzs: 2 }),
    imported: (stack) =>
      Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: ['eu-west-1a', 'eu-west-1b'],
        privateSubnetIds: ['subnet-1', 'subnet-2'],
        publicSubnetIds: ['subnet-3', 'subnet-4'],
      }),
  };
  const SELECTIONS: [SubnetSelection, string, string][] = [
    [{ availabilityZones: ['eu-west-1z'] }, 'no subnet matches the selection', '{"availabilityZones":["eu-west-1z"]}'],
    [{ subnets: [] }, 'no subnet matches the selection', '{"subnets":[]}'],
    [{ subnetFilters: [SubnetFilter.byIds(['subnet-9'])] }, 'no subnet matches the selection', '{"subnetFilters":1}'],
    [
      { subnetGroupName: 'Apps' },
      "There are no subnet groups with name 'Apps' in this VPC. Available names: Public,Private",
      '{"subnetGroupName":"Apps"}',
    ],
    [
      { subnetGroupName: 'Private', subnetType: SubnetType.PUBLIC },
      "Only one of 'subnetType,subnetGroupName' can be supplied to subnet selection",
      '{"subnetGroupName":"Private","subnetType":"Public"}',
    ],
  ];
  const PURPOSES = ['taskSubnets', 'storeSubnets', 'externalLoadBalancerSubnets', 'internalLoadBalancerSubnets'];
  const cells = Object.keys(VPCS).flatMap((vpc) =>
    PURPOSES.flatMap((purpose) => SELECTIONS.map((row) => [vpc, purpose, ...row] as const)),
  );

  test.each(cells)('in a VPC that is %s, for %s: %j', (vpc, purpose, selection, reason, got) => {
    const stack = newStack();
    const network = MeshNetwork.fromVpc(VPCS[vpc](stack), { [purpose]: selection });
    expect(() => new ServiceConnectMesh(stack, 'Mesh', { network })).toThrow(
      new Error(
        `\`network.${purpose}\` must be in the VPC, and Shop/Vpc says: ${reason}, got ${got}; choose subnets that the VPC has [NoSuchSubnets at Shop/Mesh]`,
      ),
    );
  });

  test.each(['external', 'internal'])('on the %s side, also without a mesh', (name) => {
    const build = (subnets: SubnetSelection) => () => {
      const stack = newStack();
      const network = MeshNetwork.fromVpc(VPCS.own(stack));
      const sides = { external: ExternalSide.http(), internal: InternalSide.http() };
      const chosen = name === 'external' ? ExternalSide.http({ subnets }) : InternalSide.http({ subnets });
      return new DualAlbGateway(stack, 'Gateway', { network, ...sides, [name]: chosen });
    };
    for (const [selection, reason] of SELECTIONS) {
      expect(build(selection)).toThrow(`says: ${reason}`);
      expect(build(selection)).toThrow('[GatewaySubnets at Shop/Gateway]');
    }
  });
});
