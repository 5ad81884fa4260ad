/**
 * Address ranges of the subnets of a network, one for each Availability Zone, in the same order of zones in each tier.
 *
 * Ranges are /16 to /28, inside of the network and without overlap. AWS keeps five addresses of each subnet for itself
 * (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html). Another range replaces the subnet and everything in it.
 */
export interface SubnetCidrs {
  /** Public tier: load balancers and NAT. */
  readonly publicSubnets: string[];

  /** Private tier: tasks and container hosts, an address for each. */
  readonly taskSubnets: string[];

  /** Isolated tier: databases and caches. */
  readonly storeSubnets: string[];
}
