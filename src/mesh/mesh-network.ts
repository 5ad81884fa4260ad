import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  IVpc,
  SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { NatStrategy } from './nat-strategy';
import { invalid, requireInteger } from '../core/private/errors';

/** Choices of a network in three tiers. */
export interface ThreeTierOptions {
  /**
   * Address range, a /16 to /24.
   *
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;

  /**
   * Number of Availability Zones, 2 to 6. Load balancers need two at least.
   *
   * @default 2
   */
  readonly availabilityZones?: number;

  /**
   * The way out for tasks.
   *
   * @default NatStrategy.perAz()
   */
  readonly nat?: NatStrategy;
}

/** A network that is ready for a mesh. */
interface BoundNetwork {
  readonly vpc: IVpc;
  readonly taskSubnets: SubnetSelection;
  readonly storeSubnets: SubnetSelection;
}

/**
 * The network that a mesh lives in.
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh', {
 *   network: MeshNetwork.threeTier({ cidr: '10.20.0.0/16', availabilityZones: 3 }),
 * });
 */
export abstract class MeshNetwork {
  /**
   * A new VPC with a public, a private and an isolated tier, flow logs, an S3 gateway endpoint and a closed default security group.
   *
   * @param options address range, zones and way out
   */
  public static threeTier(options: ThreeTierOptions = {}): MeshNetwork {
    return new ThreeTierNetwork(options);
  }

  /**
   * A VPC of your own. Tasks go into its private subnets with a way out; stores into its isolated subnets, if it has any.
   *
   * @param vpc the VPC, with private subnets in two zones at least
   */
  public static fromVpc(vpc: IVpc): MeshNetwork {
    return new ExistingNetwork(vpc);
  }

  /** @internal */
  public abstract _bind(scope: Construct): BoundNetwork;
}

class ThreeTierNetwork extends MeshNetwork {
  public constructor(private readonly options: ThreeTierOptions) {
    super();
  }

  /** @internal */
  public _bind(scope: Construct): BoundNetwork {
    const { cidr = '10.0.0.0/16', availabilityZones = 2, nat = NatStrategy.perAz() } = this.options;
    requireInteger(scope, 'AvailabilityZonesOutOfRange', 'network.availabilityZones', availabilityZones, 2, 6);
    requireCidr(scope, cidr);
    const vpc = nat._createVpc(
      (way) =>
        new Vpc(scope, 'Vpc', {
          ipAddresses: IpAddresses.cidr(cidr),
          maxAzs: availabilityZones,
          ...way,
          restrictDefaultSecurityGroup: true,
          subnetConfiguration: [
            { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
            { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
            { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
          ],
        }),
    );
    const flowLogs = new LogGroup(scope, 'FlowLogs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(flowLogs) });
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    return {
      vpc,
      taskSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      storeSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    };
  }
}

class ExistingNetwork extends MeshNetwork {
  public constructor(private readonly vpc: IVpc) {
    super();
  }

  /** @internal */
  public _bind(scope: Construct): BoundNetwork {
    if (this.vpc.privateSubnets.length === 0) {
      throw invalid(scope, 'NoPrivateSubnets', {
        prop: 'network',
        must: 'have private subnets with a way out for the tasks',
        got: this.vpc.node.path,
        fix: 'give the VPC a PRIVATE_WITH_EGRESS subnet group, or leave `network` out to get a VPC in three tiers',
      });
    }
    const storeTier = this.vpc.isolatedSubnets.length > 0 ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS;
    return { vpc: this.vpc, taskSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, storeSubnets: { subnetType: storeTier } };
  }
}

function requireCidr(scope: Construct, cidr: string): void {
  const [, a, b, c, d, bits] = (/^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr) ?? []).map(Number);
  const inRange = [a, b, c, d].every((part) => part <= 255) && bits >= 16 && bits <= 24;
  if (!inRange) {
    throw invalid(scope, 'BadCidr', {
      prop: 'network.cidr',
      must: 'be an IPv4 range from /16 to /24',
      got: cidr,
      fix: 'write it like "10.20.0.0/16"',
    });
  }
}
