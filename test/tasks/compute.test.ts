import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CapacityOptionType, ContainerImage, CpuArchitecture, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import {
  CapacityShare,
  Compute,
  ContainerOptions,
  DualAlbGateway,
  Ec2PurchaseOption,
  ExternalSide,
  MeshServiceProps,
  Rollout,
  ScheduledJob,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { WEB, findings, newMesh, newService, only, openPaths, resources, templateOf } from '../helpers';

/** A service on the compute that `choose` makes of a mesh, and not synthesised yet. */
function arrange(choose: (mesh: ServiceConnectMesh) => Compute, props: Partial<MeshServiceProps> = {}) {
  const mesh = newMesh();
  return { mesh, api: newService(mesh, 'Api', { compute: choose(mesh), ...props }) };
}

function run(choose: (mesh: ServiceConnectMesh) => Compute, props: Partial<MeshServiceProps> = {}) {
  const { mesh, api } = arrange(choose, props);
  const template = templateOf(mesh);
  const task = only(template, 'AWS::ECS::TaskDefinition').Properties;
  return { mesh, api, template, task, service: only(template, 'AWS::ECS::Service') };
}

const spotHosts = (mesh: ServiceConnectMesh) =>
  mesh.addEc2Capacity('Spot', { purchase: Ec2PurchaseOption.spot(), maxInstances: 3 });
const onDemand = (mesh: ServiceConnectMesh) => mesh.addEc2Capacity('OnDemand', { maxInstances: 2 });
const armHosts = (mesh: ServiceConnectMesh) => mesh.addEc2Capacity('Arm', { instanceType: new InstanceType('t4g.small') });

describe('PLAT-1: mixes', () => {
  test('Fargate with Spot: base and weights', () => {
    const { service } = run(() => Compute.mix([CapacityShare.fargate({ base: 2 }), CapacityShare.fargateSpot({ weight: 3 })]));
    expect(service.Properties.CapacityProviderStrategy).toEqual([
      { Base: 2, CapacityProvider: 'FARGATE', Weight: 1 },
      { CapacityProvider: 'FARGATE_SPOT', Weight: 3 },
    ]);
  });

  test('EC2 on demand with Spot: both groups, one task definition, both security groups', () => {
    const { service, template, api } = run((mesh) =>
      Compute.mix([CapacityShare.ec2(onDemand(mesh), { base: 1 }), CapacityShare.ec2(spotHosts(mesh))], {
        networkMode: NetworkMode.BRIDGE,
      }),
    );
    const [a, b] = Object.keys(resources(template, 'AWS::ECS::CapacityProvider'));
    expect(service.Properties.CapacityProviderStrategy).toEqual([
      { Base: 1, CapacityProvider: { Ref: a }, Weight: 1 },
      { CapacityProvider: { Ref: b }, Weight: 1 },
    ]);
    expect([api.connections.securityGroups.length, api.compute.hosts.length]).toEqual([2, 2]);
  });

  test('T6: the load balancer reaches the hosts of every share', () => {
    const { mesh, api } = arrange((m) =>
      Compute.mix([CapacityShare.ec2(onDemand(m)), CapacityShare.ec2(spotHosts(m))], { networkMode: NetworkMode.BRIDGE }),
    );
    const gateway = new DualAlbGateway(stackOf(mesh), 'Gateway', { network: mesh, external: ExternalSide.http() });
    gateway.external.route('Api', { target: api.port('http') });
    const reached = openPaths(templateOf(mesh)).filter((path) => path.includes('32768-65535'));
    expect(reached).toEqual([expect.stringContaining('MeshOnDemand 32768-65535'), expect.stringContaining('MeshSpot 32768-65535')]);
  });

  test('host ports: the hosts of all groups count', () => {
    const compute = (mesh: ServiceConnectMesh) =>
      Compute.mix([CapacityShare.ec2(onDemand(mesh)), CapacityShare.ec2(spotHosts(mesh))], { networkMode: NetworkMode.HOST });
    expect(run(compute).service.Properties.PlacementConstraints).toEqual([{ Type: 'distinctInstance' }]);
  });

  const fargate = CapacityShare.fargate();
  test.each<[string, (mesh: ServiceConnectMesh) => CapacityShare[], string]>([
    [
      'nothing',
      () => [],
      '`compute.mix` must have 1 to 20 shares, got 0; list the capacities that the service may run on [MixSizeOutOfRange at Shop/Api]',
    ],
    [
      '21 shares',
      () => Array.from({ length: 21 }, () => fargate),
      '`compute.mix` must have 1 to 20 shares, got 21; list the capacities that the service may run on [MixSizeOutOfRange at Shop/Api]',
    ],
    [
      'Fargate and EC2',
      (m) => [fargate, CapacityShare.ec2(onDemand(m))],
      '`compute.mix` must be all Fargate, all EC2 or all Managed Instances, because one ECS service cannot mix them, got ["Fargate","EC2"]; use two services behind one gateway, or On-Demand and Spot capacity of one kind [MixOfKinds at Shop/Api]',
    ],
    [
      'EC2 and Managed Instances',
      (m) => [CapacityShare.ec2(onDemand(m)), CapacityShare.managedInstances(m.addManagedInstances('Mi'))],
      '`compute.mix` must be all Fargate, all EC2 or all Managed Instances, because one ECS service cannot mix them, got ["EC2","Managed Instances"]; use two services behind one gateway, or On-Demand and Spot capacity of one kind [MixOfKinds at Shop/Api]',
    ],
    [
      'one twice',
      () => [fargate, fargate],
      '`compute.mix[1]` must be another capacity than compute.mix[0], got "FARGATE"; put base and weight into one share [ShareTwice at Shop/Api]',
    ],
    [
      'two bases',
      () => [CapacityShare.fargate({ base: 1 }), CapacityShare.fargateSpot({ base: 2 })],
      '`compute.mix` must have a base on one share only, got [1,2]; keep the base on the capacity that must not be reclaimed, and use weights for the rest [MixWithTwoBases at Shop/Api]',
    ],
    [
      'no weight',
      () => [CapacityShare.fargate({ base: 1, weight: 0 })],
      '`compute.mix` must have a share with a weight above 0, because no task beyond the base could start otherwise, got [0]; give a share a weight of 1 or more [MixWithoutWeight at Shop/Api]',
    ],
    [
      'a base of -1',
      () => [CapacityShare.fargate({ base: -1 })],
      '`compute.mix[0].base` must be a whole number from 0 to 100000, got -1; choose a value in that range [ShareOutOfRange at Shop/Api]',
    ],
    [
      'a weight of 1001',
      () => [CapacityShare.fargate({ weight: 1001 })],
      '`compute.mix[0].weight` must be a whole number from 0 to 1000, got 1001; choose a value in that range [ShareOutOfRange at Shop/Api]',
    ],
    [
      'ARM and x86',
      (m) => [CapacityShare.ec2(onDemand(m)), CapacityShare.ec2(armHosts(m))],
      '`compute` must be hosts of one processor (X86_64), since a task may run on any of them, got "ARM64 of Shop/Mesh/Arm"; create two services, or use hosts of one CPU architecture [MixedArchitectures at Shop/Api]',
    ],
  ])('%s is refused', (_, shares, message) => {
    expect(() => run((mesh) => Compute.mix(shares(mesh)))).toThrow(message);
  });

  test('limits are inclusive', () => {
    const { service } = run(() =>
      Compute.mix([CapacityShare.fargate({ base: 100_000, weight: 0 }), CapacityShare.fargateSpot({ weight: 1000 })]),
    );
    expect(service.Properties.CapacityProviderStrategy).toHaveLength(2);
  });

  test('a processor other than that of the hosts is refused', () => {
    expect(() => run((m) => Compute.mix([CapacityShare.ec2(onDemand(m))], { cpuArchitecture: CpuArchitecture.ARM64 }))).toThrow(
      '`compute` must be hosts of one processor (ARM64), since a task may run on any of them, got "X86_64 of Shop/Mesh/OnDemand"; create two services, or use hosts of one CPU architecture [MixedArchitectures at Shop/Api]',
    );
  });

  test.each<[string, (mesh: ServiceConnectMesh) => CapacityShare, string]>([
    ['Fargate', () => fargate, 'AWS_VPC'],
    ['Managed Instances', (m) => CapacityShare.managedInstances(m.addManagedInstances('Mi')), 'AWS_VPC or HOST'],
  ])('%s have no bridge', (_, share, possible) => {
    expect(() => run((mesh) => Compute.mix([share(mesh)], { networkMode: NetworkMode.BRIDGE }))).toThrow(
      `\`compute.networkMode\` must be ${possible}, got "bridge"; AWS has no other network there; for BRIDGE use Compute.ec2 [NetworkModeUnsupported at Shop/Api]`,
    );
  });
});

describe('PLAT-1: ARM64', () => {
  test('Fargate and Managed Instances say so', () => {
    const platform = { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' };
    expect(run(() => Compute.fargateSpot({ cpuArchitecture: CpuArchitecture.ARM64 })).task.RuntimePlatform).toEqual(platform);
    const managed = (m: ServiceConnectMesh) => m.addManagedInstances('Mi', { cpuArchitecture: CpuArchitecture.ARM64 });
    expect(run((m) => Compute.managedInstances(managed(m))).task.RuntimePlatform).toEqual(platform);
  });

  test('EC2 takes it from the hosts, and needs nothing for x86', () => {
    expect(run((m) => Compute.ec2(armHosts(m))).task.RuntimePlatform).toEqual({
      CpuArchitecture: 'ARM64',
      OperatingSystemFamily: 'LINUX',
    });
    expect(run((m) => Compute.ec2(onDemand(m))).task.RuntimePlatform).toBeUndefined();
  });
});

describe('PLAT-1: Managed Instances', () => {
  test('own address, own compatibility, no launch type, no Fargate platform', () => {
    const { task, service } = run((m) => Compute.managedInstances(m.addManagedInstances('Mi')));
    expect([task.NetworkMode, task.RequiresCompatibilities, task.Memory]).toEqual(['awsvpc', ['MANAGED_INSTANCES'], '512']);
    expect([service.Properties.LaunchType, service.Properties.PlatformVersion]).toEqual([undefined, undefined]);
    expect(service.Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp).toBe('DISABLED');
  });

  test('host network: no network of its own, no proxy, no placement', () => {
    const { task, service } = run((m) => Compute.managedInstances(m.addManagedInstances('Mi'), { networkMode: NetworkMode.HOST }));
    expect([task.NetworkMode, task.RequiresCompatibilities]).toEqual(['host', ['MANAGED_INSTANCES']]);
    const { NetworkConfiguration, ServiceConnectConfiguration, PlacementStrategies, PlacementConstraints } = service.Properties;
    expect([NetworkConfiguration, ServiceConnectConfiguration, PlacementStrategies, PlacementConstraints]).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('AwsSolutions finds nothing', () =>
    expect(findings(run((m) => Compute.managedInstances(m.addManagedInstances('Mi'))).mesh)).toEqual([]));
});

describe('PLAT-11: GPUs', () => {
  const gpu = (count: number): ContainerOptions => ({
    image: ContainerImage.fromRegistry('my/model'),
    resources: { gpuCount: count },
  });
  const gpuHosts = (type: string) => (m: ServiceConnectMesh) =>
    Compute.ec2(m.addEc2Capacity('Gpu', { instanceType: new InstanceType(type) }));

  test('a container gets its GPUs', () => {
    const { task } = run(gpuHosts('g5.xlarge'), { containers: [gpu(1)] });
    expect(task.ContainerDefinitions[0].ResourceRequirements).toEqual([{ Type: 'GPU', Value: '1' }]);
  });

  test('others get none', () =>
    expect(run(() => Compute.fargate()).task.ContainerDefinitions[0].ResourceRequirements).toBeUndefined());

  test('all of a host', () => {
    const { task } = run(gpuHosts('g5.12xlarge'), { containers: [gpu(3), { ...gpu(1), name: 'second' }] });
    expect(task.ContainerDefinitions).toHaveLength(2);
  });

  test.each([0, 17, 1.5])('%d is refused', (count) => {
    expect(() => run(gpuHosts('p4d.24xlarge'), { containers: [gpu(count)] })).toThrow(
      `\`containers[0].resources.gpuCount\` must be a whole number from 1 to 16, got ${count}; choose a value in that range [GpuCountOutOfRange at Shop/Api]`,
    );
  });

  const onFargate =
    "`containers[].resources.gpuCount` must be left out on Fargate, which has no GPUs, got 1; run on Compute.ec2(mesh.addEc2Capacity('Gpu', { instanceType: new ec2.InstanceType('g5.xlarge') })) [GpuOnFargate at Shop/";

  test('Fargate has none, for services and jobs', () => {
    expect(() => run(() => Compute.fargate(), { containers: [gpu(1)] })).toThrow(`${onFargate}Api]`);
    const mesh = newMesh();
    const job = { mesh, containers: [gpu(1)], schedule: ScheduleExpression.rate(Duration.hours(1)) };
    expect(() => new ScheduledJob(stackOf(mesh), 'Job', job)).toThrow(`${onFargate}Job]`);
  });

  test.each([
    [
      't3.small',
      1,
      'nothing, the GPUs of each host of Shop/Mesh/Gpu, got 1; give the hosts an `instanceType` with GPUs, such as g5.xlarge',
    ],
    [
      'g5.xlarge',
      2,
      '1 at most, the GPUs of each host of Shop/Mesh/Gpu, got 2; choose a larger type, such as g5.12xlarge, or ask for fewer',
    ],
  ])('%s cannot give %d', (type, count, words) => {
    expect(() => run(gpuHosts(type), { containers: [gpu(count)] })).toThrow(
      `\`containers[].resources.gpuCount\` must add up to ${words} [GpusExceedHost at Shop/Api]`,
    );
  });

  test('Managed Instances without accelerators cannot', () => {
    expect(() => run((m) => Compute.managedInstances(m.addManagedInstances('Mi')), { containers: [gpu(1)] })).toThrow(
      /GpusExceedHost/,
    );
  });
});

describe('PLAT-12: Spot interruption', () => {
  const SPOT: Record<string, (mesh: ServiceConnectMesh) => Compute> = {
    'Fargate Spot': () => Compute.fargateSpot(),
    'EC2 Spot': (m) => Compute.ec2(spotHosts(m)),
    'Managed Instances on Spot': (m) =>
      Compute.managedInstances(m.addManagedInstances('Mi', { purchase: CapacityOptionType.SPOT })),
  };
  const routed = (choose: (mesh: ServiceConnectMesh) => Compute, stopTimeout?: Duration, deregistrationDelay?: Duration) => {
    const { mesh, api } = arrange(choose, { containers: [{ ...WEB, lifecycle: { stopTimeout } }] });
    const gateway = new DualAlbGateway(stackOf(mesh), 'Gateway', { network: mesh, external: ExternalSide.http() });
    gateway.external.route('Api', { target: api.port('http'), deregistrationDelay });
    return mesh;
  };
  const warned = (mesh: ServiceConnectMesh, id: string) =>
    Annotations.fromStack(stackOf(mesh))
      .findWarning('*', Match.stringLikeRegexp(id))
      .map((warning) => warning.entry.data);

  test.each(Object.keys(SPOT))('%s: SIGTERM arrives, and targets leave and tasks stop within the two minutes', (name) => {
    const mesh = routed(SPOT[name]);
    const container = only(templateOf(mesh), 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions[0];
    expect([container.LinuxParameters.InitProcessEnabled, container.StopTimeout]).toEqual([true, 30]);
    const attributes = only(templateOf(mesh), 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.TargetGroupAttributes;
    expect(attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '30' });
    expect(warned(mesh, 'Spot')).toEqual([]);
  });

  test('on hosts both times must fit', () => {
    const fits = routed(SPOT['EC2 Spot'], Duration.seconds(89));
    const slow = routed(SPOT['EC2 Spot'], Duration.seconds(90));
    expect(warned(fits, 'SpotDrainTooSlow')).toEqual([]);
    expect(warned(slow, 'SpotDrainTooSlow')).toEqual([
      '`deregistrationDelay` (30 s) and `stopTimeout` (90 s) are together not below the 120 s that a Spot interruption leaves, so requests are cut off; shorten them [ack: cdk-ecs-mesh:SpotDrainTooSlow]',
    ]);
  });

  test('on Fargate Spot SIGTERM comes with the notice', () => {
    expect(warned(routed(SPOT['Fargate Spot'], Duration.seconds(120), Duration.seconds(119)), 'Spot')).toEqual([]);
    expect(warned(routed(SPOT['Fargate Spot'], undefined, Duration.seconds(120)), 'SpotDrainTooSlow')).toEqual([
      '`deregistrationDelay` (120 s) is not below the 120 s that a Spot interruption leaves, so requests are cut off; shorten them [ack: cdk-ecs-mesh:SpotDrainTooSlow]',
    ]);
  });

  test('on demand nobody hurries', () => {
    const mesh = routed((m) => Compute.ec2(onDemand(m)), Duration.seconds(600), Duration.seconds(300));
    expect(warned(mesh, 'Spot')).toEqual([]);
  });

  test('more time to stop than there is', () => {
    const { mesh } = run(SPOT['EC2 Spot'], { containers: [{ ...WEB, lifecycle: { stopTimeout: Duration.seconds(121) } }] });
    expect(warned(mesh, 'SpotStopTooSlow')).toEqual([
      '`containers[0].lifecycle.stopTimeout` is 121 s, and a Spot interruption leaves 120 s; unfinished work is lost [ack: cdk-ecs-mesh:SpotStopTooSlow]',
    ]);
  });

  test.each([1, 121])('%d seconds to stop on Fargate are refused', (seconds) => {
    expect(() =>
      run(() => Compute.fargate(), { containers: [{ ...WEB, lifecycle: { stopTimeout: Duration.seconds(seconds) } }] }),
    ).toThrow(
      `\`containers[0].lifecycle.stopTimeout\` must be whole seconds from 2 to 120 on Fargate, got ${seconds}; save work that takes longer, or use On-Demand hosts with Compute.ec2 [StopTimeoutOutOfRange at Shop/Api]`,
    );
  });
});

describe('PLAT-1: rebalancing over zones', () => {
  const COMPUTES: [string, (mesh: ServiceConnectMesh) => Compute][] = [
    ['Fargate', () => Compute.fargate()],
    ['Fargate Spot', () => Compute.fargateSpot()],
    ['EC2', (m) => Compute.ec2(onDemand(m))],
    ['Managed Instances', (m) => Compute.managedInstances(m.addManagedInstances('Mi'))],
  ];

  test.each(COMPUTES)('%s: on where a further task may run, else off, as ECS demands', (_, choose) => {
    expect(run(choose).service.Properties.AvailabilityZoneRebalancing).toBe('ENABLED');
    const rollout = Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 100 });
    expect(run(choose, { rollout }).service.Properties.AvailabilityZoneRebalancing).toBe('DISABLED');
  });
});

function stackOf(mesh: ServiceConnectMesh): Stack {
  return Stack.of(mesh);
}
