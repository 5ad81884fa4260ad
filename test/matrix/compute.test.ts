import { RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CapacityOptionType, CpuArchitecture, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  CapacityShare,
  Compute,
  Ec2PurchaseOption,
  MeshNetwork,
  OfficeHours,
  Scaling,
  ServiceConnect,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { replacing } from '../../src/template/private/compare/behaviour';
import { newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

/** What AWS has, as its documentation says: capacities with the networks that their tasks can have. */
interface Capacity {
  readonly choose: (mesh: ServiceConnectMesh, networkMode: NetworkMode) => Compute;
  readonly networks: NetworkMode[];
  readonly compatibility: string;
}

const { AWS_VPC, BRIDGE, HOST, NONE } = NetworkMode;
const spot = { purchase: Ec2PurchaseOption.spot() };
const ec2 = { networks: [AWS_VPC, BRIDGE, HOST], compatibility: 'EC2' };
const fargate = { networks: [AWS_VPC], compatibility: 'FARGATE' };
const managed = { networks: [AWS_VPC, HOST], compatibility: 'MANAGED_INSTANCES' };
const onFargate = (...shares: CapacityShare[]) => ({
  ...fargate,
  choose: (_: ServiceConnectMesh, networkMode: NetworkMode) => Compute.mix(shares, { networkMode }),
});

const CAPACITIES: Record<string, Capacity> = {
  Fargate: onFargate(CapacityShare.fargate()),
  'Fargate Spot': onFargate(CapacityShare.fargateSpot()),
  'Fargate with Spot': onFargate(CapacityShare.fargate({ base: 1 }), CapacityShare.fargateSpot({ weight: 3 })),
  EC2: { ...ec2, choose: (mesh, networkMode) => Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode }) },
  'EC2 Spot': { ...ec2, choose: (mesh, networkMode) => Compute.ec2(mesh.addEc2Capacity('Spot', spot), { networkMode }) },
  'EC2 with Spot': {
    ...ec2,
    choose: (mesh, networkMode) =>
      Compute.mix(
        [CapacityShare.ec2(mesh.addEc2Capacity('Hosts'), { base: 1 }), CapacityShare.ec2(mesh.addEc2Capacity('Spot', spot))],
        {
          networkMode,
        },
      ),
  },
  'Managed Instances': {
    ...managed,
    choose: (mesh, networkMode) =>
      Compute.managedInstances(mesh.addManagedInstances('Managed', { cpuArchitecture: CpuArchitecture.ARM64 }), { networkMode }),
  },
  'Managed Instances with Spot': {
    ...managed,
    choose: (mesh, networkMode) => {
      const base = CapacityShare.managedInstances(mesh.addManagedInstances('Managed'), { base: 1 });
      const rest = mesh.addManagedInstances('ManagedSpot', { purchase: CapacityOptionType.SPOT });
      return Compute.mix([base, CapacityShare.managedInstances(rest)], { networkMode });
    },
  },
};

const PROXIES: Record<string, ServiceConnect | undefined> = {
  default: undefined,
  server: ServiceConnect.clientAndServer(),
  client: ServiceConnect.client(),
  none: ServiceConnect.none(),
};

const SCALINGS: Record<string, Scaling> = {
  fixed: Scaling.fixed(2),
  tracking: Scaling.between(1, 2),
  hours: Scaling.between(1, 2).during(OfficeHours.weekdays(TimeZone.ETC_UTC)),
};

/** Every combination. */
const COMBINATIONS = Object.keys(CAPACITIES).flatMap((capacity) =>
  [AWS_VPC, BRIDGE, HOST, NONE].flatMap((network) =>
    Object.keys(PROXIES).flatMap((proxy) =>
      Object.keys(SCALINGS).flatMap((scaling) =>
        [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY].map((removal) => ({ capacity, network, proxy, scaling, removal })),
      ),
    ),
  ),
);
type Combination = (typeof COMBINATIONS)[number];

/** The error that a combination must give, by its id; absent where AWS has it. */
function impossible({ capacity, network, proxy }: Combination): string | undefined {
  const proxyWanted = proxy === 'server' || proxy === 'client';
  if (network === HOST && proxyWanted) return 'NoServiceConnectInHostMode';
  return CAPACITIES[capacity].networks.includes(network) ? undefined : 'NetworkModeUnsupported';
}

/** A network that exists already: it has no resources in the template, and the services cannot tell the difference. */
const VPC = Vpc.fromVpcAttributes(newStack('Network'), 'Vpc', {
  vpcId: 'vpc-1',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  publicSubnetIds: ['public-a', 'public-b'],
  privateSubnetIds: ['private-a', 'private-b'],
  isolatedSubnetIds: ['isolated-a', 'isolated-b'],
});

function create({ capacity, network, proxy, scaling, removal }: Combination) {
  const mesh = newMesh(newStack(), { removalPolicy: removal, network: MeshNetwork.fromVpc(VPC) });
  const compute = CAPACITIES[capacity].choose(mesh, network);
  newService(mesh, 'Api', { compute, networking: { serviceConnect: PROXIES[proxy] }, scaling: SCALINGS[scaling] });
  return mesh;
}

/** What every service must be, whatever it runs on. */
function facts(combination: Combination): Record<string, unknown> {
  const template = templateOf(create(combination));
  const { Properties: service, DependsOn: waits } = only(template, 'AWS::ECS::Service');
  const task = only(template, 'AWS::ECS::TaskDefinition').Properties;
  const [association] = Object.keys(resources(template, 'AWS::ECS::ClusterCapacityProviderAssociations'));
  const groups = Object.values(resources(template, 'AWS::AutoScaling::AutoScalingGroup'));
  return {
    compatibility: task.RequiresCompatibilities,
    network: task.NetworkMode,
    ownAddress: service.NetworkConfiguration !== undefined,
    proxy: service.ServiceConnectConfiguration?.Enabled === true,
    alias: service.ServiceConnectConfiguration?.Services !== undefined,
    desiredCount: service.DesiredCount,
    sized: [task.Cpu, task.Memory],
    launchType: service.LaunchType,
    rebalancing: service.AvailabilityZoneRebalancing,
    onePerHost: service.PlacementConstraints !== undefined,
    leavesFirst: waits?.includes(association),
    protectedHosts: groups.map((group) => group.Properties.NewInstancesProtectedFromScaleIn),
  };
}

function expected({ capacity, network, proxy, scaling }: Combination): Record<string, unknown> {
  const awsvpc = network === AWS_VPC;
  const { compatibility } = CAPACITIES[capacity];
  const groups = compatibility === 'EC2' ? (capacity === 'EC2 with Spot' ? 2 : 1) : 0;
  return {
    compatibility: [compatibility],
    network,
    ownAddress: awsvpc,
    proxy: proxy === 'default' ? awsvpc : proxy !== 'none',
    // Nobody connects to it.
    alias: proxy === 'server',
    // T12: a number in the template would undo what scaling did.
    desiredCount: scaling === 'fixed' ? 2 : undefined,
    // T8: Service Connect on hosts needs a size of the task.
    sized: ['256', '512'],
    launchType: undefined,
    rebalancing: 'ENABLED',
    onePerHost: network === HOST && compatibility === 'EC2',
    // T24: the cluster lets go of its capacity after the service has gone.
    leavesFirst: true,
    // T36: a group with protected hosts cannot be deleted.
    protectedHosts: Array(groups).fill(false),
  };
}

describe.each(Object.keys(CAPACITIES))('%s', (capacity) => {
  const mine = COMBINATIONS.filter((combination) => combination.capacity === capacity);

  test.each(mine.filter((each) => impossible(each) === undefined))('$network, proxy $proxy, $scaling, $removal', (combination) => {
    expect(facts(combination)).toEqual(expected(combination));
  });

  test.each(mine.filter((each) => impossible(each) !== undefined))(
    '$network, proxy $proxy, $scaling, $removal: no',
    (combination) => {
      expect(() => create(combination)).toThrow(`[${impossible(combination)} at Shop/Api]`);
    },
  );
});

/** What CloudFormation cannot change of a service: with another value it makes a second one, and Service Connect refuses its names. */
function unchangeable(combination: Combination): Record<string, unknown> {
  const { Properties: service } = only(templateOf(create(combination)), 'AWS::ECS::Service');
  const fixed = replacing('AWS::ECS::Service', true);
  return Object.fromEntries(fixed.filter((name) => service[name] !== undefined).map((name) => [name, service[name]]));
}

describe('DT-30: another compute', () => {
  test('T32: no change of compute, network or proxy replaces the service', () => {
    const possible = COMBINATIONS.filter(
      (each) => impossible(each) === undefined && each.removal === RemovalPolicy.RETAIN && each.scaling === 'tracking',
    );
    const kinds = new Set(possible.map((each) => JSON.stringify(unchangeable(each))));
    expect([...kinds].map((kind) => JSON.parse(kind))).toEqual([
      { Cluster: { Ref: 'MeshCluster41878D36' }, DeploymentController: { Type: 'ECS' } },
    ]);
  });
});

test('the matrix is as large as it says', () => {
  const impossibles = COMBINATIONS.filter((combination) => impossible(combination) !== undefined);
  expect([COMBINATIONS.length, impossibles.length]).toEqual([768, 444]);
});
