import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/**
 * A VPC and its subnets by purpose.
 *
 * A mesh is one. For load balancers without a mesh, or in a network that existed before it, use `MeshNetwork.fromVpc(vpc)`.
 */
export interface IMeshNetwork {
  /** The VPC. */
  readonly vpc: IVpc;

  /** The subnets for internet-facing load balancers: public, one in each Availability Zone. */
  readonly externalLoadBalancerSubnets: SubnetSelection;

  /** The subnets for internal load balancers, one in each Availability Zone. */
  readonly internalLoadBalancerSubnets: SubnetSelection;

  /** The subnets for tasks: private, with a route to the internet or to the VPC endpoints that tasks need. */
  readonly taskSubnets: SubnetSelection;

  /** The subnets for data stores: isolated if the network has isolated subnets. */
  readonly storeSubnets: SubnetSelection;
}
