/**
 * The CIDR blocks of the subnets of a network, one for each Availability Zone, in the same order of zones in each tier.
 *
 * Blocks are /16 to /28, inside the network and without overlap. AWS reserves five addresses in each subnet
 * (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html). Changing a block replaces the subnet and everything in it.
 */
export interface SubnetCidrs {
  /** The public subnets: load balancers and NAT. */
  readonly publicSubnets: string[];

  /** The private subnets: tasks and container hosts, one address each. */
  readonly taskSubnets: string[];

  /** The isolated subnets: databases and caches. */
  readonly storeSubnets: string[];
}
