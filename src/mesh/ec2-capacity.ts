import { RemovalPolicy, Size, SizeRoundingBehavior, Stack } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  HealthChecks,
  OnDemandAllocationStrategy,
  SpotAllocationStrategy,
  TerminationPolicy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  Connections,
  ISecurityGroup,
  IVpc,
  InstanceArchitecture,
  InstanceClass,
  InstanceSize,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { AsgCapacityProvider, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct } from 'constructs';
import { Ec2CapacityProps } from './ec2-capacity-props';
import { Ec2PurchaseOption } from './ec2-purchase-option';
import { HostImage } from './host-image';
import { HostScaleIn } from './host-scale-in';
import { gpusOf } from './private/gpus';
import { createHostRole } from './private/host-role';
import { IEc2Capacity } from '../core/ec2-capacity';
import { IMesh } from '../core/mesh';
import { acknowledge } from '../core/private/acknowledge';
import { openAwsService } from '../core/private/aws-service-access';
import { markBottlerocket } from '../core/private/bottlerocket';
import { addToOwnersList, isOfApp, requireStackOfCluster } from '../core/private/cluster-capacity';
import { validationError, requireInteger, warn } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { createHttpsGroup } from '../core/private/https-group';
import { requireInstanceType } from '../core/private/instance-type';
import { inUnit } from '../core/private/resolved';
import { markHostGroup } from '../core/private/security-path';

/**
 * A group of EC2 container hosts with an ECS capacity provider, created by `mesh.addEc2Capacity`.
 *
 * Creates a launch template (ECS-optimized Amazon Linux 2023, IMDSv2, encrypted disk), an Auto Scaling group over the private subnets, and
 * a capacity provider with managed scaling and managed draining. `scaleIn: HostScaleIn.WHEN_EMPTY` adds managed termination protection,
 * which prevents the deletion of the stack; it has no effect with the mesh's `removalPolicy: DESTROY`. On Spot, the group chooses from
 * several instance types and replaces hosts at elevated risk of interruption early, and the agent drains a host on the two-minute notice.
 *
 * Cost: two t3.small are about 30.40 USD a month, and 4.80 USD for their disks (us-east-1, November 2026).
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const hosts = mesh.addEc2Capacity('Hosts', { minInstances: 2, maxInstances: 6 });
 */
export class Ec2Capacity extends Construct implements IEc2Capacity {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.mesh.Ec2Capacity';

  public readonly capacityProviderName: string;
  public readonly autoScalingGroup: AutoScalingGroup;
  public readonly securityGroup: ISecurityGroup;
  public readonly instanceType: InstanceType;
  public readonly maxInstances: number;
  public readonly cpuArchitecture: CpuArchitecture;
  public readonly gpusPerHost: number;
  public readonly onSpot: boolean;
  public readonly connections: Connections;

  /** The ECS capacity provider. */
  public readonly capacityProvider: AsgCapacityProvider;

  private readonly hostPorts = new Map<number, IConstruct>();

  constructor(scope: Construct, id: string, props: Ec2CapacityProps) {
    props = acceptProps({ Ec2Capacity }, new.target, scope, id, props);
    super(scope, id);
    requireStackOfCluster(this, props.mesh.cluster);
    const minInstances = props.minInstances ?? 2;
    const purchase = props.purchase ?? Ec2PurchaseOption.onDemand();
    const types = hostTypes(this, props, purchase);
    this.instanceType = types[0];
    this.onSpot = purchase._isSpot;
    this.gpusPerHost = Math.min(...types.map(gpusOf));
    this.maxInstances = props.maxInstances ?? Math.max(4, minInstances);
    this.validateSize(minInstances, props);
    this.cpuArchitecture = this.settleArchitecture(types);
    if (purchase._isSpot) this.warnOfFewTypes(types);

    this.securityGroup = this.createSecurityGroup(props.mesh.vpc);
    this.connections = new Connections({ securityGroups: [this.securityGroup] });
    const image = this.bindImage(props.image ?? HostImage.amazonLinux2023());
    this.autoScalingGroup = this.createHosts(props, types, image, minInstances);
    this.capacityProvider = this.createProvider(props, image);
    // The agent joins the cluster through these; without NAT they are endpoints.
    this.autoScalingGroup.node.addDependency(...openAwsService(props.mesh, this, ['ecs', 'ecs-agent', 'ecs-telemetry']));
    this.capacityProviderName = this.capacityProvider.capacityProviderName;
  }

  public reserveHostPort(hostPort: number, owner: IConstruct): void {
    const other = this.hostPorts.get(hostPort);
    if (other && other !== owner) {
      throw validationError(owner, 'HostPortTaken', {
        prop: 'containers[].ports[].hostPort',
        must: `be free on ${this.node.path}, and ${other.node.path} holds it`,
        got: hostPort,
        fix: 'choose another port, use NetworkMode.BRIDGE with dynamic ports, or use a separate group of hosts',
      });
    }
    this.hostPorts.set(hostPort, owner);
  }

  private createSecurityGroup(vpc: IVpc): SecurityGroup {
    const group = createHttpsGroup(this, { vpc, description: 'Container hosts and their bridge and host mode tasks' });
    markHostGroup(group);
    return group;
  }

  private createHosts(props: Ec2CapacityProps, types: InstanceType[], image: BoundImage, minInstances: number): AutoScalingGroup {
    const { mesh } = props;
    const template = this.createLaunchTemplate(props, image);
    const group = new AutoScalingGroup(this, 'Hosts', {
      vpc: mesh.vpc,
      vpcSubnets: mesh.taskSubnets,
      ...whatToStart(template, types, props.purchase ?? Ec2PurchaseOption.onDemand()),
      minCapacity: minInstances,
      maxCapacity: this.maxInstances,
      newInstancesProtectedFromScaleIn: isProtected(props),
      healthChecks: HealthChecks.ec2(),
      terminationPolicies: [TerminationPolicy.DEFAULT],
    });
    acknowledge(
      group,
      'AwsSolutions-AS3',
      'ECS managed scaling controls the size of the group, and ECS already publishes its events to EventBridge.',
    );
    if (this.onSpot || types.length > 1) {
      acknowledge(
        group,
        'AwsSolutions-EC26',
        'The rule cannot read the launch template of a mixed instances policy; every disk in it is encrypted.',
      );
      acknowledge(
        group,
        '*-EC2IMDSv2Enabled',
        'The rule cannot read the launch template of a mixed instances policy, which requires version 2.',
      );
    }
    return group;
  }

  private createLaunchTemplate(props: Ec2CapacityProps, image: BoundImage): LaunchTemplate {
    const disk = props.diskSize ?? Size.gibibytes(this.gpusPerHost > 0 ? 100 : 30);
    const { systemDevice } = image;
    return new LaunchTemplate(this, 'LaunchTemplate', {
      instanceType: this.instanceType,
      machineImage: image.machineImage,
      // CDK would add its own statements, which write any log group; tasks log through their execution roles.
      role: createHostRole(this, props.mesh).withoutPolicyUpdates(),
      securityGroup: this.securityGroup,
      userData: image.userData,
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      ebsOptimized: true,
      blockDevices: [
        ...(systemDevice ? [device(systemDevice.name, systemDevice.gibibytes)] : []),
        device(image.dataDevice, disk.toGibibytes()),
      ],
    });
  }

  /** Adds the image to the launch template. Tasks have roles of their own, so none can use the host's role through the metadata service. */
  private bindImage(image: HostImage): BoundImage {
    const kind = { architecture: this.instanceType.architecture, gpus: this.gpusPerHost > 0, spot: this.onSpot };
    const bound = image._bind(this, kind);
    if (bound.insteadOfBottlerocket) markBottlerocket(this, bound.insteadOfBottlerocket);
    if (bound.before.length > 0) bound.userData.addCommands(...bound.before);
    return bound;
  }

  private createProvider(props: Ec2CapacityProps, image: BoundImage): AsgCapacityProvider {
    const provider = new AsgCapacityProvider(this, 'Provider', {
      autoScalingGroup: this.autoScalingGroup,
      machineImageType: image.machineImageType,
      enableManagedScaling: true,
      enableManagedDraining: true,
      enableManagedTerminationProtection: isProtected(props),
      targetCapacityPercent: props.targetCapacityPercent ?? 100,
    });
    this.join(props.mesh, provider, image);
    if (image.after.length > 0) image.userData.addCommands(...image.after);
    return provider;
  }

  private join({ cluster }: IMesh, provider: AsgCapacityProvider, { userData, joinCluster }: BoundImage): void {
    if (isOfApp(cluster)) {
      cluster.addAsgCapacityProvider(provider);
      return;
    }
    userData.addCommands(...joinCluster(cluster.clusterName));
    addToOwnersList(this, cluster, provider.capacityProviderName);
  }

  /** Determines the CPU architecture of the hosts, because a task definition and its images are for one architecture only. */
  private settleArchitecture(types: InstanceType[]): CpuArchitecture {
    requireInteger(this, 'HostTypesOutOfRange', 'otherInstanceTypes.length', types.length - 1, 0, 39);
    const wrong = types.find((type) => type.architecture !== this.instanceType.architecture);
    if (wrong) {
      throw validationError(this, 'MixedArchitectures', {
        prop: 'otherInstanceTypes',
        must: `have the processor of ${this.instanceType} (${this.instanceType.architecture}), since a task runs on any of the hosts`,
        got: `${wrong} (${wrong.architecture})`,
        fix: 'create a group of hosts and a service for each',
      });
    }
    return this.instanceType.architecture === InstanceArchitecture.ARM_64 ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64;
  }

  private warnOfFewTypes(types: InstanceType[]): void {
    if (types.length >= 3) return;
    warn(
      this,
      'FewSpotTypes',
      `Spot hosts of ${types.length === 1 ? 'one type' : 'two types'} go all at once when that capacity is wanted; give \`otherInstanceTypes\` until there are three or more`,
    );
  }

  private validateSize(minInstances: number, { targetCapacityPercent, diskSize }: Ec2CapacityProps): void {
    requireInteger(this, 'InstancesOutOfRange', 'minInstances', minInstances, 0, 5000);
    requireInteger(this, 'InstancesOutOfRange', 'maxInstances', this.maxInstances, Math.max(1, minInstances), 5000);
    requireInteger(this, 'TargetCapacityOutOfRange', 'targetCapacityPercent', targetCapacityPercent, 1, 100);
    requireInteger(
      this,
      'HostDiskOutOfRange',
      'diskSize',
      inUnit(this, 'diskSize', () => diskSize?.toGibibytes({ rounding: SizeRoundingBehavior.NONE })),
      30,
      16_384,
    );
  }
}

guard({ Ec2Capacity });

/**
 * Returns true if new hosts are protected. Hosts keep the flag when their capacity provider is deleted, which then blocks the deletion of
 * the group.
 */
function isProtected({ mesh, scaleIn }: Ec2CapacityProps): boolean {
  return scaleIn === HostScaleIn.WHEN_EMPTY && mesh.removalPolicy !== RemovalPolicy.DESTROY;
}

type BoundImage = ReturnType<HostImage['_bind']>;

/** Returns the instance types. The first one is that of the launch template. */
function hostTypes(
  scope: Construct,
  { instanceType, otherInstanceTypes }: Ec2CapacityProps,
  { _isSpot: isSpot }: Ec2PurchaseOption,
): InstanceType[] {
  const first = instanceType ?? InstanceType.of(InstanceClass.T3, InstanceSize.SMALL);
  const alike = isSpot && !instanceType ? spotTypes(Stack.of(scope).region).map((name) => new InstanceType(name)) : [];
  requireInstanceType(scope, 'instanceType', instanceType);
  otherInstanceTypes?.forEach((type, i) => requireInstanceType(scope, `otherInstanceTypes[${i}]`, type));
  return [first, ...(otherInstanceTypes ?? alike)];
}

/**
 * The Regions in which T3a instances are known to exist; newer ones have none, and a group with a type that its Region lacks is refused.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-regions.html
 */
const WITH_T3A =
  /^(us-(east|west)-[12]|us-gov-(east|west)-1|ca-central-1|sa-east-1|eu-west-[12]|eu-central-1|ap-south-1|ap-southeast-[12]|ap-northeast-[12]|cn-north-1)$/;

/**
 * Returns the default types on Spot besides the first one: the more there are, the more capacity there is. Each has room for as many tasks
 * as a t3.small or more; a t3a.small has one network interface less.
 */
function spotTypes(region: string): string[] {
  return WITH_T3A.test(region) ? ['t3.medium', 't3a.medium', 't3.large'] : ['t3.medium', 't3.large'];
}

/** Returns the instance settings of the group. A single On-Demand type needs no mixed instances policy, and existing groups have none. */
function whatToStart(
  launchTemplate: LaunchTemplate,
  types: InstanceType[],
  { _isSpot: isSpot, _options: spot }: Ec2PurchaseOption,
) {
  if (!isSpot && types.length === 1) return { launchTemplate };
  return {
    mixedInstancesPolicy: {
      launchTemplate,
      launchTemplateOverrides: types.map((instanceType) => ({ instanceType })),
      instancesDistribution: {
        onDemandBaseCapacity: 0,
        onDemandPercentageAboveBaseCapacity: isSpot ? 0 : 100,
        onDemandAllocationStrategy: OnDemandAllocationStrategy.PRIORITIZED,
        spotAllocationStrategy: spot.allocationStrategy ?? SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
        spotMaxPrice: spot.maxPrice,
      },
    },
    capacityRebalance: isSpot,
  };
}

function device(deviceName: string, gibibytes: number) {
  return { deviceName, volume: BlockDeviceVolume.ebs(gibibytes, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }) };
}
