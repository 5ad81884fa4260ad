import { App, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SpotAllocationStrategy } from 'aws-cdk-lib/aws-autoscaling';
import { AcceleratorManufacturer, AcceleratorType, CpuManufacturer, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CapacityOptionType, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import {
  Ec2CapacityOptions,
  Ec2PurchaseOption,
  HostImage,
  HostScaleIn,
  ManagedInstancesOptions,
  MeshNetwork,
  NatStrategy,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newStack, only, resources, templateOf } from '../helpers';

const types = (...names: string[]) => names.map((name) => new InstanceType(name));

/** One group of hosts in a mesh of its own. */
function hosts(options: Ec2CapacityOptions = {}) {
  const mesh = newMesh();
  const capacity = mesh.addEc2Capacity('Hosts', options);
  const template = templateOf(mesh);
  const launch = only(template, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
  const group = only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties;
  return {
    mesh,
    capacity,
    launch,
    group,
    template,
    userData: JSON.stringify(launch.UserData),
    image: JSON.stringify(launch.ImageId),
  };
}

function warnings(mesh: { node: { scope?: unknown } }, id: string): unknown[] {
  const found = Annotations.fromStack(mesh.node.scope as Stack).findWarning('*', Match.stringLikeRegexp(id));
  return found.map((warning) => warning.entry.data);
}

describe('PLAT-1: EC2 Spot', () => {
  const spot = hosts({ purchase: Ec2PurchaseOption.spot() });

  test('all on Spot, from four types, by price and capacity, and hosts at risk are replaced early', () => {
    expect(spot.group.CapacityRebalance).toBe(true);
    expect(spot.group.MixedInstancesPolicy.InstancesDistribution).toEqual({
      OnDemandAllocationStrategy: 'prioritized',
      OnDemandBaseCapacity: 0,
      OnDemandPercentageAboveBaseCapacity: 0,
      SpotAllocationStrategy: 'price-capacity-optimized',
    });
    const overrides = spot.group.MixedInstancesPolicy.LaunchTemplate.Overrides;
    expect(overrides.map((o: { InstanceType: string }) => o.InstanceType)).toEqual([
      't3.small',
      't3.medium',
      't3a.medium',
      't3.large',
    ]);
  });

  test.each([
    ['us-east-1', 't3.small t3.medium t3a.medium t3.large'],
    ['us-gov-west-1', 't3.small t3.medium t3a.medium t3.large'],
    ['ap-southeast-7', 't3.small t3.medium t3.large'],
    ['mx-central-1', 't3.small t3.medium t3.large'],
    [undefined, 't3.small t3.medium t3.large'],
  ])('DT-77: types that %s has: %s', (region, names) => {
    const mesh = newMesh(new Stack(new App(), 'Shop', { env: { region } }));
    mesh.addEc2Capacity('Hosts', { purchase: Ec2PurchaseOption.spot() });
    const { MixedInstancesPolicy } = only(templateOf(mesh), 'AWS::AutoScaling::AutoScalingGroup').Properties;
    const overrides: { InstanceType: string }[] = MixedInstancesPolicy.LaunchTemplate.Overrides;
    expect(overrides.map(({ InstanceType: type }) => type).join(' ')).toBe(names);
  });

  test('PLAT-12: hosts drain on the notice of EC2, and when the group ends them', () => {
    expect(spot.userData).toContain('ECS_ENABLE_SPOT_INSTANCE_DRAINING=true');
    spot.template.hasResourceProperties('AWS::ECS::CapacityProvider', { AutoScalingGroupProvider: { ManagedDraining: 'ENABLED' } });
  });

  test('says so', () => expect([spot.capacity.onSpot, hosts().capacity.onSpot]).toEqual([true, false]));

  test('AwsSolutions finds nothing', () => expect(findings(spot.mesh)).toEqual([]));

  test('strategy and price limit', () => {
    const purchase = Ec2PurchaseOption.spot({ allocationStrategy: SpotAllocationStrategy.CAPACITY_OPTIMIZED, maxPrice: '0.02' });
    const { group } = hosts({ purchase, otherInstanceTypes: types('c7i.large', 'm7i.large') });
    expect(group.MixedInstancesPolicy.InstancesDistribution).toMatchObject({
      SpotAllocationStrategy: 'capacity-optimized',
      SpotMaxPrice: '0.02',
    });
  });

  test.each([
    ['one type', []],
    ['two types', types('m7i.large')],
  ])('%s are warned of, three are not', (words, otherInstanceTypes) => {
    const few = hosts({ purchase: Ec2PurchaseOption.spot(), instanceType: new InstanceType('c7i.large'), otherInstanceTypes });
    expect(warnings(few.mesh, 'FewSpotTypes')).toEqual([
      `Spot hosts of ${words} go all at once when that capacity is wanted; give \`otherInstanceTypes\` until there are three or more [ack: cdk-ecs-mesh:FewSpotTypes]`,
    ]);
    expect(warnings(spot.mesh, 'FewSpotTypes')).toEqual([]);
  });
});

describe('on demand', () => {
  test('one type needs no policy, and no draining on a notice that never comes', () => {
    const { group, userData } = hosts();
    expect([group.MixedInstancesPolicy, group.CapacityRebalance]).toEqual([undefined, undefined]);
    expect(userData).not.toContain('SPOT');
  });

  test('PLAT-11: chosen types, the first one first', () => {
    const { group, launch } = hosts({ instanceType: new InstanceType('c7i.large'), otherInstanceTypes: types('m7i.large') });
    expect(launch.InstanceType).toBe('c7i.large');
    expect(group.MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity).toBe(100);
    expect(group.CapacityRebalance).toBe(false);
  });
});

test('40 types fit into a group, 41 do not', () => {
  const others = (count: number) => ({ otherInstanceTypes: Array.from({ length: count }, () => new InstanceType('t3a.small')) });
  expect(hosts(others(39)).group.MixedInstancesPolicy.LaunchTemplate.Overrides).toHaveLength(40);
  expect(() => hosts(others(40))).toThrow(
    '`otherInstanceTypes.length` must be a whole number from 0 to 39, got 40; choose a value in that range [HostTypesOutOfRange at Shop/Mesh/Hosts]',
  );
});

describe('processors', () => {
  test('ARM from the type', () => {
    const { capacity, image } = hosts({ instanceType: new InstanceType('c7g.large') });
    expect([capacity.cpuArchitecture, hosts().capacity.cpuArchitecture]).toEqual([CpuArchitecture.ARM64, CpuArchitecture.X86_64]);
    expect(image).toContain('arm64');
  });

  test('two in one group are refused', () => {
    expect(() => hosts({ instanceType: new InstanceType('c7g.large'), otherInstanceTypes: types('c7i.large') })).toThrow(
      '`otherInstanceTypes` must have the processor of c7g.large (arm64), since a task runs on any of the hosts, got "c7i.large (x86_64)"; create a group of hosts and a service for each [MixedArchitectures at Shop/Mesh/Hosts]',
    );
  });
});

describe('PLAT-11: images and disks', () => {
  test('Bottlerocket: settings in the one table that names the cluster, two encrypted disks', () => {
    const { userData, image, launch } = hosts({ image: HostImage.bottlerocket(), purchase: Ec2PurchaseOption.spot() });
    expect(image).toContain('bottlerocketawsecs2');
    expect(userData).toMatch(/\[settings\.ecs\]\\ncluster = .*\\nawsvpc-block-imds = true\\nenable-spot-instance-draining = true/);
    expect(userData.match(/settings\.ecs/g)).toHaveLength(1);
    expect(launch.BlockDeviceMappings.map((d: { DeviceName: string; Ebs: object }) => [d.DeviceName, d.Ebs])).toEqual([
      ['/dev/xvda', { Encrypted: true, VolumeSize: 10, VolumeType: 'gp3' }],
      ['/dev/xvdb', { Encrypted: true, VolumeSize: 30, VolumeType: 'gp3' }],
    ]);
  });

  test('Bottlerocket on demand knows nothing of Spot; AwsSolutions finds nothing', () => {
    const { userData, mesh } = hosts({ image: HostImage.bottlerocket() });
    expect(userData).not.toContain('spot');
    expect(findings(mesh)).toEqual([]);
  });

  test.each([HostImage.amazonLinux2023, HostImage.bottlerocket])('a pinned image', (make) => {
    expect(hosts({ image: make({ amiByRegion: { 'eu-west-1': 'ami-0123456789abcdef0' } }) }).launch.ImageId).toBe(
      'ami-0123456789abcdef0',
    );
  });

  test('disk size', () => {
    expect(hosts({ diskSize: Size.gibibytes(200) }).launch.BlockDeviceMappings[0].Ebs.VolumeSize).toBe(200);
  });

  test.each([29, 16_385])('a disk of %d GiB is refused', (gibibytes) => {
    const message = `\`diskSize\` must be a whole number from 30 to 16384, got ${gibibytes}; choose a value in that range [HostDiskOutOfRange at Shop/Mesh/`;
    expect(() => hosts({ diskSize: Size.gibibytes(gibibytes) })).toThrow(`${message}Hosts]`);
    expect(() => newMesh().addManagedInstances('Managed', { diskSize: Size.gibibytes(gibibytes) })).toThrow(`${message}Managed]`);
  });
});

describe('PLAT-11: GPUs', () => {
  test.each([
    ['t3.small', 0],
    ['g4ad.xlarge', 0],
    ['g4dn.xlarge', 1],
    ['g5.12xlarge', 4],
    ['g6.48xlarge', 8],
    ['gr6.4xlarge', 1],
    ['p3.2xlarge', 1],
    ['p4d.24xlarge', 8],
  ])('%s has %d', (type, gpus) => {
    expect(hosts({ instanceType: new InstanceType(type) }).capacity.gpusPerHost).toBe(gpus);
  });

  test('of several types the fewest count', () => {
    const { capacity } = hosts({ instanceType: new InstanceType('g5.12xlarge'), otherInstanceTypes: types('g5.xlarge') });
    expect(capacity.gpusPerHost).toBe(1);
  });

  test('the GPU image and a disk of 100 GiB', () => {
    const { image, launch } = hosts({ instanceType: new InstanceType('g5.xlarge') });
    expect(image).toContain('amazonlinux2023gpu');
    expect(launch.BlockDeviceMappings[0].Ebs.VolumeSize).toBe(100);
  });

  test('on ARM there is Bottlerocket, and no Amazon Linux', () => {
    const instanceType = new InstanceType('g5g.xlarge');
    expect(hosts({ instanceType, image: HostImage.bottlerocket() }).image).toMatch(/awsecs2nvidiaarm64/);
    expect(() => hosts({ instanceType })).toThrow(
      '`image` must support GPUs on ARM, for which AWS offers no ECS-optimized Amazon Linux 2023; choose HostImage.bottlerocket(), which has no Service Connect, an image of your own with `amiByRegion`, or an x86 type such as g5.xlarge [NoGpuImageForArm at Shop/Mesh/Hosts]',
    );
  });
});

describe('PLAT-1: Managed Instances', () => {
  const managed = (options: ManagedInstancesOptions = {}) => {
    const mesh = newMesh();
    const instances = mesh.addManagedInstances('Managed', options);
    const template = templateOf(mesh);
    const provider = only(template, 'AWS::ECS::CapacityProvider').Properties;
    return { mesh, instances, template, provider, launch: provider.ManagedInstancesProvider.InstanceLaunchTemplate };
  };
  const plain = managed();

  test('on demand, x86, in the private subnets, 80 GiB, in this cluster', () => {
    expect(plain.provider.ClusterName).toEqual({ Ref: 'MeshCluster41878D36' });
    expect(plain.launch).toMatchObject({
      CapacityOptionType: 'ON_DEMAND',
      InstanceRequirements: { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1024 }, CpuManufacturers: ['intel', 'amd'] },
      StorageConfiguration: { StorageSizeGiB: 80 },
      Monitoring: 'DETAILED',
    });
    expect(plain.launch.NetworkConfiguration.Subnets).toHaveLength(2);
  });

  test('the role of the hosts may have any name, since ECS may pass this one', () => {
    const role = only(plain.template, 'AWS::IAM::Role', 'MeshManagedInstanceRole');
    expect(role.Properties.RoleName).toBeUndefined();
    const [policy] = only(plain.template, 'AWS::IAM::Role', 'MeshManagedInfrastructureRole').Properties.Policies;
    const [instanceRole] = Object.keys(resources(plain.template, 'AWS::IAM::Role', 'MeshManagedInstanceRole'));
    expect(policy.PolicyDocument.Statement).toEqual([
      {
        Action: 'iam:PassRole',
        Condition: { StringLike: { 'iam:PassedToService': 'ec2.*' } },
        Effect: 'Allow',
        Resource: { 'Fn::GetAtt': [instanceRole, 'Arn'] },
      },
    ]);
  });

  test('hosts let nothing in and HTTPS out', () => {
    const group = only(plain.template, 'AWS::EC2::SecurityGroup', 'MeshManaged').Properties;
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(group.SecurityGroupEgress).toEqual([expect.objectContaining({ FromPort: 443, ToPort: 443 })]);
  });

  test('without NAT hosts come after the endpoints that their agent joins the cluster through', () => {
    const mesh = newMesh(newStack(), { network: MeshNetwork.threeTier({ nat: NatStrategy.none() }) });
    mesh.addManagedInstances('Managed');
    const { DependsOn = [] } = only(templateOf(mesh), 'AWS::ECS::CapacityProvider');
    const endpoints = DependsOn.flatMap((id) => /^MeshEndpoints(\w+)Endpoint/.exec(id)?.[1] ?? []);
    expect(endpoints).toEqual(['Ecs', 'EcsAgent', 'EcsTelemetry']);
  });

  test('AwsSolutions finds nothing', () => expect(findings(plain.mesh)).toEqual([]));

  test('every prop', () => {
    const requirements = { vCpuCountMin: 4, memoryMin: Size.gibibytes(8), allowedInstanceTypes: ['c7g.*'] };
    const { launch, instances } = managed({
      requirements,
      cpuArchitecture: CpuArchitecture.ARM64,
      purchase: CapacityOptionType.SPOT,
      diskSize: Size.gibibytes(120),
    });
    expect([instances.onSpot, instances.cpuArchitecture, instances.gpusPerHost]).toEqual([true, CpuArchitecture.ARM64, 0]);
    expect(launch).toMatchObject({
      CapacityOptionType: 'SPOT',
      InstanceRequirements: { VCpuCount: { Min: 4 }, CpuManufacturers: ['amazon-web-services'], AllowedInstanceTypes: ['c7g.*'] },
      StorageConfiguration: { StorageSizeGiB: 120 },
    });
  });

  test.each([
    [{ acceleratorTypes: [AcceleratorType.GPU], acceleratorCountMin: 4 }, 4],
    [{ acceleratorTypes: [AcceleratorType.GPU] }, 1],
    [{ acceleratorManufacturers: [AcceleratorManufacturer.NVIDIA] }, 1],
    [{ acceleratorTypes: [AcceleratorType.INFERENCE] }, 0],
    [{ acceleratorTypes: [AcceleratorType.GPU], acceleratorManufacturers: [AcceleratorManufacturer.AMD] }, 0],
  ])('%j: %d GPUs', (asked, gpus) => {
    const requirements = { vCpuCountMin: 4, memoryMin: Size.gibibytes(16), ...asked };
    expect(managed({ requirements }).instances.gpusPerHost).toBe(gpus);
  });

  test('makers of another processor are refused', () => {
    const requirements = { vCpuCountMin: 1, memoryMin: Size.gibibytes(1), cpuManufacturers: [CpuManufacturer.AWS] };
    expect(() => managed({ requirements })).toThrow(
      '`requirements.cpuManufacturers` must make processors of `cpuArchitecture` (X86_64), since a task runs on any of the hosts, got ["amazon-web-services"]; leave `cpuManufacturers` out, or set `cpuArchitecture`; for both make two groups of hosts [MixedArchitectures at Shop/Mesh/Managed]',
    );
  });
});

describe('DT-50: hosts that are protected from scale-in', () => {
  test.each<[string, HostScaleIn | undefined, RemovalPolicy, boolean]>([
    ['are none by default', undefined, RemovalPolicy.RETAIN, false],
    ['are none where they drain', HostScaleIn.DRAIN, RemovalPolicy.RETAIN, false],
    ['are a choice', HostScaleIn.WHEN_EMPTY, RemovalPolicy.RETAIN, true],
    ['are none in development mode', HostScaleIn.WHEN_EMPTY, RemovalPolicy.DESTROY, false],
  ])('T36: %s', (_, scaleIn, removalPolicy, isProtected) => {
    const mesh = newMesh(newStack(), { removalPolicy });
    mesh.addEc2Capacity('Hosts', { scaleIn });
    const template = templateOf(mesh);
    const group = only(template, 'AWS::AutoScaling::AutoScalingGroup').Properties;
    expect(group.NewInstancesProtectedFromScaleIn).toBe(isProtected);
    // Whatever is chosen, tasks are moved before their host ends.
    expect(only(template, 'AWS::ECS::CapacityProvider').Properties.AutoScalingGroupProvider).toMatchObject({
      ManagedDraining: 'ENABLED',
      ManagedTerminationProtection: isProtected ? 'ENABLED' : 'DISABLED',
    });
  });
});

test('T24: Spot hosts are not protected in development mode', () => {
  const mesh = newMesh(newStack(), { removalPolicy: RemovalPolicy.DESTROY });
  mesh.addEc2Capacity('Spot', { purchase: Ec2PurchaseOption.spot() });
  expect(only(templateOf(mesh), 'AWS::AutoScaling::AutoScalingGroup').Properties.NewInstancesProtectedFromScaleIn).toBe(false);
});
