import {
  InstanceClass,
  InstanceSize,
  InstanceType,
  IVpc,
  NatInstanceProviderV2,
  NatProvider,
  NatTrafficDirection,
  Peer,
  Port,
} from 'aws-cdk-lib/aws-ec2';

/** What a VPC is told about its way out. */
interface NatConfig {
  readonly natGateways?: number;
  readonly natGatewayProvider?: NatInstanceProviderV2;
}

/**
 * How tasks in private subnets reach image registries, logs and secrets.
 *
 * Prices are list prices of us-east-1, November 2026, without traffic (a NAT gateway adds 0.045 USD per GB).
 *
 * @example
 * const network = MeshNetwork.threeTier({ nat: NatStrategy.single() });
 */
export class NatStrategy {
  /** A NAT gateway per Availability Zone, about 36.50 USD a month each with its address; survives the loss of a zone. */
  public static perAz(): NatStrategy {
    return new NatStrategy('perAz', () => ({}));
  }

  /** One NAT gateway, about 36.50 USD a month; its zone's loss cuts every task off. For development. */
  public static single(): NatStrategy {
    return new NatStrategy('single', () => ({ natGateways: 1 }));
  }

  /** One t4g.nano NAT instance, about 7.40 USD a month with address and disk; slower, and a single point of failure. For development. */
  public static instance(): NatStrategy {
    return new NatStrategy('instance', () => ({
      natGateways: 1,
      natGatewayProvider: NatProvider.instanceV2({
        instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
        defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
      }),
    }));
  }

  private constructor(
    /** Name of the choice. */
    public readonly name: string,
    private readonly config: () => NatConfig,
  ) {}

  /** @internal */
  public _createVpc(create: (config: NatConfig) => IVpc): IVpc {
    const config = this.config();
    const vpc = create(config);
    config.natGatewayProvider?.connections.allowFrom(
      Peer.ipv4(vpc.vpcCidrBlock),
      Port.allTraffic(),
      'The network goes out through here',
    );
    return vpc;
  }
}
