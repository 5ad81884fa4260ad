import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import {
  AcceleratorManufacturer,
  AcceleratorType,
  Connections,
  CpuManufacturer,
  ISecurityGroup,
  InstanceRequirementsConfig,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import {
  CapacityOptionType,
  CpuArchitecture,
  InstanceMonitoring,
  ManagedInstancesCapacityProvider,
  PropagateManagedInstancesTags,
} from 'aws-cdk-lib/aws-ecs';
import { InstanceProfile } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ManagedInstancesProps } from './managed-instances-props';
import { createInfrastructureRole, createInstanceRole } from './private/managed-instances-roles';
import { IManagedInstances } from '../core/managed-instances';
import { IMesh } from '../core/mesh';
import { openAwsService } from '../core/private/aws-service-access';
import { isOfApp } from '../core/private/cluster-capacity';
import { validationError, requireInteger } from '../core/private/errors';
import { acceptProps } from '../core/private/guard';
import { createHttpsGroup } from '../core/private/https-group';
import { inUnit } from '../core/private/resolved';
import { markHostGroup } from '../core/private/security-path';
import { meshSubnets } from '../core/private/subnets';

/**
 * Container hosts that ECS selects, launches, patches and terminates, created by `mesh.addManagedInstances`.
 *
 * Creates a capacity provider of the cluster, the role with which ECS manages the instances, the role and instance profile of the
 * instances, and their security group, which allows no ingress and only HTTPS egress. Instances exist only while tasks need them, start to
 * drain after 14 days and are terminated after 21 days at the latest. Tasks use awsvpc or host network mode; bridge mode is not supported.
 *
 * Cost: the EC2 price of the instances and an hourly management fee, which depends on the instance type.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const managed = mesh.addManagedInstances('Managed', { cpuArchitecture: ecs.CpuArchitecture.ARM64 });
 * const compute = Compute.managedInstances(managed);
 */
export class ManagedInstances extends Construct implements IManagedInstances {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.mesh.ManagedInstances';

  public readonly capacityProviderName: string;
  public readonly capacityProvider: ManagedInstancesCapacityProvider;
  public readonly securityGroup: ISecurityGroup;
  public readonly cpuArchitecture: CpuArchitecture;
  public readonly gpusPerHost: number;
  public readonly onSpot: boolean;
  public readonly connections: Connections;

  constructor(scope: Construct, id: string, props: ManagedInstancesProps) {
    props = acceptProps({ ManagedInstances }, new.target, scope, id, props);
    super(scope, id);
    this.cpuArchitecture = props.cpuArchitecture ?? CpuArchitecture.X86_64;
    this.onSpot = props.purchase === CapacityOptionType.SPOT;
    this.gpusPerHost = gpusOf(props.requirements);
    requireInteger(
      this,
      'HostDiskOutOfRange',
      'diskSize',
      inUnit(this, 'diskSize', () => props.diskSize?.toGibibytes({ rounding: SizeRoundingBehavior.NONE })),
      30,
      16_384,
    );
    const requirements = this.settleRequirements(props.requirements);

    this.securityGroup = this.createSecurityGroup(props.mesh);
    this.connections = new Connections({ securityGroups: [this.securityGroup] });
    this.capacityProvider = this.createProvider(props, requirements);
    this.capacityProviderName = this.capacityProvider.capacityProviderName;
    this.join(props.mesh);
    // The agent joins the cluster through these; without NAT they are endpoints.
    this.capacityProvider.node.addDependency(...openAwsService(props.mesh, this, ['ecs', 'ecs-agent', 'ecs-telemetry']));
  }

  private join(mesh: IMesh): void {
    // A provider of ECS Managed Instances names its cluster itself, and is in no list.
    if (isOfApp(mesh.cluster)) mesh.cluster.addManagedInstancesCapacityProvider(this.capacityProvider);
    else this.capacityProvider.bind(mesh.cluster);
  }

  private createSecurityGroup(mesh: IMesh): SecurityGroup {
    const group = createHttpsGroup(this, { vpc: mesh.vpc, description: 'Managed container hosts and their host mode tasks' });
    markHostGroup(group);
    return group;
  }

  private createProvider(
    { mesh, purchase, diskSize }: ManagedInstancesProps,
    instanceRequirements: InstanceRequirementsConfig,
  ): ManagedInstancesCapacityProvider {
    const instanceRole = createInstanceRole(this);
    return new ManagedInstancesCapacityProvider(this, 'Provider', {
      infrastructureRole: createInfrastructureRole(this, instanceRole),
      ec2InstanceProfile: new InstanceProfile(this, 'InstanceProfile', { role: instanceRole }),
      subnets: meshSubnets(this, mesh.vpc, mesh.taskSubnets, 'task').subnets,
      securityGroups: [this.securityGroup],
      instanceRequirements,
      capacityOptionType: purchase ?? CapacityOptionType.ON_DEMAND,
      taskVolumeStorage: diskSize ?? Size.gibibytes(80),
      monitoring: InstanceMonitoring.DETAILED,
      propagateTags: PropagateManagedInstancesTags.CAPACITY_PROVIDER,
    });
  }

  /** Completes the requirements. Without them, ECS could mix CPU architectures, for which no image is built. */
  private settleRequirements(wanted?: InstanceRequirementsConfig): InstanceRequirementsConfig {
    const arm = this.cpuArchitecture === CpuArchitecture.ARM64;
    const makers = arm ? [CpuManufacturer.AWS] : [CpuManufacturer.INTEL, CpuManufacturer.AMD];
    const wrong = wanted?.cpuManufacturers?.filter((maker) => !makers.includes(maker)) ?? [];
    if (wrong.length > 0) {
      throw validationError(this, 'MixedArchitectures', {
        prop: 'requirements.cpuManufacturers',
        must: `make processors of \`cpuArchitecture\` (${arm ? 'ARM64' : 'X86_64'}), since a task runs on any of the hosts`,
        got: wrong,
        fix: 'leave `cpuManufacturers` out, or set `cpuArchitecture`; for both make two groups of hosts',
      });
    }
    return { vCpuCountMin: 1, memoryMin: Size.gibibytes(1), cpuManufacturers: makers, ...wanted };
  }
}

/** Returns the GPU requirement. ECS assigns NVIDIA GPUs to tasks, and no other accelerators. */
function gpusOf({
  acceleratorTypes,
  acceleratorManufacturers,
  acceleratorCountMin,
}: Partial<InstanceRequirementsConfig> = {}): number {
  const other = acceleratorManufacturers?.some((maker) => maker !== AcceleratorManufacturer.NVIDIA) ?? false;
  const asked = acceleratorTypes?.includes(AcceleratorType.GPU) ?? acceleratorManufacturers !== undefined;
  return asked && !other ? (acceleratorCountMin ?? 1) : 0;
}
