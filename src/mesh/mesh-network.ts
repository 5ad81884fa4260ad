import {
  FlowLog,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  IVpc,
  SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { CfnRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { NatStrategy } from './nat-strategy';
import { requireGiven, warnOfPublic, whileLookedUp } from './private/existing-subnets';
import { MeshVpcEndpoints } from './private/mesh-vpc-endpoints';
import { ChosenSubnets, requireSubnets } from './private/subnet-ranges';
import { SubnetCidrs } from './subnet-cidrs';
import { Compliance } from '../core/compliance';
import { IMeshNetwork } from '../core/mesh-network';
import { acknowledge } from '../core/private/acknowledge';
import { AwsServiceAccess } from '../core/private/aws-service-access';
import { validationError, requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { parseIpv4Range } from '../core/private/ip-range';
import { createLogGroup } from '../core/private/log-group';
import { requireResolved } from '../core/private/resolved';
import { createRole } from '../core/private/role';

/** Options for a three-tier network. */
export interface ThreeTierOptions {
  /**
   * The IPv4 CIDR block of the VPC, /16 to /24.
   *
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;

  /**
   * The number of Availability Zones, 2 to 6. Load balancers need at least two.
   *
   * @default - the number of ranges in `subnets.publicSubnets`, or of `zoneNames`, or else 2
   */
  readonly availabilityZones?: number;

  /**
   * The names of the Availability Zones, of which the first `availabilityZones` are used. Some zones lack what others have: `use1-az3` has
   * few Nitro instance types, and AWS Fargate is missing in single zones of US West (N. California) and Tokyo. Names belong to different
   * zones in each account; `aws ec2 describe-availability-zones` lists those of yours with their IDs. Changing the zones of a deployed
   * network replaces its subnets.
   *
   * @default - the first zones of the Region
   */
  readonly zoneNames?: string[];

  /**
   * The CIDR block of each subnet.
   *
   * @default - equal parts of the VPC
   */
  readonly subnets?: SubnetCidrs;

  /**
   * The NAT strategy, which provides egress for tasks.
   *
   * @default NatStrategy.perAz()
   */
  readonly nat?: NatStrategy;
}

/** Options for an existing network. */
export interface ExistingNetworkOptions {
  /**
   * The subnets for internet-facing load balancers, one in each Availability Zone.
   *
   * @default - the public subnets
   */
  readonly externalLoadBalancerSubnets?: SubnetSelection;

  /**
   * The subnets for internal load balancers, one in each Availability Zone.
   *
   * @default - the private subnets with egress, or the isolated subnets if there are none
   */
  readonly internalLoadBalancerSubnets?: SubnetSelection;

  /**
   * The subnets for tasks and container hosts. They need access to image registries, logs and secrets, through NAT or VPC endpoints.
   *
   * @default - the private subnets with egress
   */
  readonly taskSubnets?: SubnetSelection;

  /**
   * The subnets for databases and caches.
   *
   * @default - the isolated subnets, or the private subnets if there are none
   */
  readonly storeSubnets?: SubnetSelection;
}

/** A network that is ready for use by a mesh. */
interface BoundNetwork extends IMeshNetwork {
  /** The access to AWS services that is opened on demand; undefined if tasks have their own route. */
  readonly awsRoutes?: AwsServiceAccess;
}

const PUBLIC: SubnetSelection = { subnetType: SubnetType.PUBLIC, onePerAz: true };

/**
 * The network of a mesh.
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh', {
 *   network: MeshNetwork.threeTier({ cidr: '10.20.0.0/16', availabilityZones: 3 }),
 * });
 */
export abstract class MeshNetwork {
  /**
   * Creates a VPC with a public, a private and an isolated tier, flow logs, an S3 gateway endpoint and a closed default security group.
   *
   * @param options CIDR blocks, Availability Zones and NAT strategy
   */
  public static threeTier(options: ThreeTierOptions = {}): MeshNetwork {
    return new ThreeTierNetwork(options);
  }

  /**
   * Uses an existing VPC. Tasks are placed in its private subnets with egress, and stores in its isolated subnets, if it has any. A gateway
   * can be placed in it without a mesh: `new DualAlbGateway(this, 'Gateway', { network: MeshNetwork.fromVpc(vpc), ... })`.
   *
   * If the VPC is in the app and its tasks cannot reach their image registry, logs or secrets, synthesis fails and names the missing route.
   * The routes of an imported VPC are unknown and not checked.
   *
   * @param vpc VPC with private subnets in at least two Availability Zones
   * @param options other subnets
   */
  public static fromVpc(vpc: IVpc, options: ExistingNetworkOptions = {}): ExistingNetwork {
    return ExistingNetwork._of(vpc, options);
  }

  /** @internal */
  public abstract _bind(scope: Construct): BoundNetwork;
}

guard({ MeshNetwork });

class ThreeTierNetwork extends MeshNetwork {
  constructor(private readonly options: ThreeTierOptions) {
    super();
  }

  /** @internal */
  public _bind(scope: Construct): BoundNetwork {
    const { cidr = '10.0.0.0/16', subnets, nat = NatStrategy.perAz() } = this.options;
    const { zoneNames } = this.options;
    const availabilityZones = this.options.availabilityZones ?? subnets?.publicSubnets.length ?? zoneNames?.length ?? 2;
    requireResolved(scope, 'network.availabilityZones', availabilityZones);
    requireInteger(scope, 'AvailabilityZonesOutOfRange', 'network.availabilityZones', availabilityZones, 2, 6);
    if (zoneNames) requireZoneNames(scope, zoneNames, availabilityZones);
    requireCidr(scope, cidr);
    if (subnets) requireSubnets(scope, cidr, availabilityZones, subnets);
    const hasWayOut = nat._endpoints === undefined;
    const vpc = nat._createVpc(
      scope,
      cidr,
      (way) =>
        new Vpc(scope, 'Vpc', {
          ipAddresses: subnets ? new ChosenSubnets(scope, cidr, subnets) : IpAddresses.cidr(cidr),
          ...(zoneNames ? { availabilityZones: zoneNames.slice(0, availabilityZones) } : { maxAzs: availabilityZones }),
          ...way,
          restrictDefaultSecurityGroup: true,
          subnetConfiguration: [
            { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
            { name: 'Private', subnetType: hasWayOut ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED },
            { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
          ],
        }),
    );
    trustOwnAccountOnly(vpc.addFlowLog('FlowLog', { destination: createFlowLogDestination(scope) }));
    acknowledgePublicRoutes(vpc);
    const s3 = vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    if (hasWayOut) {
      return {
        vpc,
        externalLoadBalancerSubnets: PUBLIC,
        internalLoadBalancerSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true },
        taskSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
        storeSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      };
    }
    // Without a way out both tiers are isolated, and only their names tell them apart.
    const taskSubnets = { subnetGroupName: 'Private' };
    const awsRoutes = new MeshVpcEndpoints(scope, vpc, cidr, taskSubnets, s3);
    nat._endpoints!.forEach((service) => awsRoutes.declare(service));
    return {
      vpc,
      externalLoadBalancerSubnets: PUBLIC,
      internalLoadBalancerSubnets: { ...taskSubnets, onePerAz: true },
      taskSubnets,
      storeSubnets: { subnetGroupName: 'Isolated' },
      awsRoutes,
    };
  }
}

/** A VPC that exists, with its subnets by purpose, for a mesh or for a gateway without one. */
export class ExistingNetwork extends MeshNetwork implements IMeshNetwork {
  /** @internal */
  public static _of(vpc: IVpc, options: ExistingNetworkOptions): ExistingNetwork {
    return new ExistingNetwork(vpc, options);
  }

  public readonly vpc: IVpc;
  public readonly externalLoadBalancerSubnets: SubnetSelection;
  public readonly internalLoadBalancerSubnets: SubnetSelection;
  public readonly taskSubnets: SubnetSelection;
  public readonly storeSubnets: SubnetSelection;

  private constructor(
    vpc: IVpc,
    private readonly options: ExistingNetworkOptions,
  ) {
    super();
    const hasPrivate = vpc.privateSubnets.length > 0;
    const hasIsolated = vpc.isolatedSubnets.length > 0;
    const loadBalancerTier = hasPrivate ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED;
    const storeTier = hasIsolated ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS;
    const subnets = (selection: SubnetSelection) => whileLookedUp(vpc, selection);
    this.vpc = vpc;
    this.externalLoadBalancerSubnets = subnets(options.externalLoadBalancerSubnets ?? PUBLIC);
    this.internalLoadBalancerSubnets = subnets(
      options.internalLoadBalancerSubnets ?? { subnetType: loadBalancerTier, onePerAz: true },
    );
    this.taskSubnets = subnets(options.taskSubnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    this.storeSubnets = subnets(options.storeSubnets ?? { subnetType: storeTier });
  }

  /** @internal */
  public _bind(scope: Construct): BoundNetwork {
    const { vpc, options } = this;
    const { taskSubnets, storeSubnets } = options;
    requireGiven(scope, vpc, { ...options });
    warnOfPublic(scope, vpc, { taskSubnets, storeSubnets });
    if (options.taskSubnets || vpc.privateSubnets.length > 0) return this;
    throw validationError(scope, 'NoPrivateSubnets', {
      prop: 'network',
      must: 'have private subnets with egress for the tasks',
      got: vpc.node.path,
      fix: 'give the VPC a PRIVATE_WITH_EGRESS subnet group, choose others with `taskSubnets`, or leave `network` out to create a VPC with three tiers',
    });
  }
}

function createFlowLogDestination(scope: Construct): FlowLogDestination {
  const logs = createLogGroup(scope, 'FlowLogs', { disposable: true });
  // CDK's own role has an inline policy.
  const role = Compliance.of(scope).isStrict
    ? createRole(scope, 'FlowLogsRole', { assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com') })
    : undefined;
  return FlowLogDestination.toCloudWatchLogs(logs, role);
}

/**
 * Restricts the trust policy to the account. CDK's own role has no condition, and another role would replace the flow log, which EC2
 * rejects while the first one exists.
 */
function trustOwnAccountOnly({ iamRole, stack }: FlowLog): void {
  // A role that was made before, with `Role.customizeRoles`, is not in the template.
  const role = iamRole!.node.defaultChild as CfnRole | undefined;
  const condition = { StringEquals: { 'aws:SourceAccount': stack.account } };
  role?.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', condition);
}

function acknowledgePublicRoutes(vpc: IVpc): void {
  for (const { node } of vpc.publicSubnets) {
    acknowledge(
      node.findChild('DefaultRoute'),
      '*-VPCNoUnrestrictedRouteToIGW',
      'Public subnets need this route. They contain only load balancers and NAT; tasks, hosts and stores are in other subnets.',
    );
  }
}

function requireZoneNames(scope: Construct, zoneNames: string[], count: number): void {
  requireResolved(scope, 'network.zoneNames', zoneNames);
  const isName = (name: string) => /^[a-z]{2}(-[a-z]+)+-\d+[a-z]$/.test(name);
  if (zoneNames.length >= count && zoneNames.every(isName) && new Set(zoneNames).size === zoneNames.length) return;
  throw validationError(scope, 'BadZoneNames', {
    prop: 'network.zoneNames',
    must: `be different names of Availability Zones, at least the ${count} of \`network.availabilityZones\``,
    got: zoneNames,
    fix: 'write them like ["us-east-1a", "us-east-1b"]; IDs such as use1-az1 are the same in every account, names are not',
  });
}

function requireCidr(scope: Construct, cidr: string): void {
  const bits = parseIpv4Range(cidr)?.bits;
  if (bits === undefined || bits < 16 || bits > 24) {
    throw validationError(scope, 'BadCidr', {
      prop: 'network.cidr',
      must: 'be an IPv4 range from /16 to /24',
      got: cidr,
      fix: 'write it like "10.20.0.0/16"',
    });
  }
}
