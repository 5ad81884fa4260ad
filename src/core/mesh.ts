import { RemovalPolicy } from 'aws-cdk-lib';
import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { IPrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { IConstruct } from 'constructs';
import { OfficeHours } from './office-hours';

/** Where services live: network, cluster and names. */
export interface IMesh extends IConstruct {
  /** Name of the mesh, unique in the account and region; first part of its log group names. */
  readonly meshName: string;

  /** The network. */
  readonly vpc: IVpc;

  /** Subnets for tasks: private, with a route out or to the VPC endpoints that tasks need. */
  readonly taskSubnets: SubnetSelection;

  /** Subnets for data stores: isolated where the network has them. */
  readonly storeSubnets: SubnetSelection;

  /** The ECS cluster. */
  readonly cluster: Cluster;

  /** Name of the Cloud Map namespace; the last part of every Service Connect alias. */
  readonly namespaceName: string;

  /** ARN of the Cloud Map namespace. */
  readonly namespaceArn: string;

  /** Private hosted zone of the network, where the mesh has a private domain. */
  readonly privateZone?: IPrivateHostedZone;

  /** Hours outside of which services and databases stop, where the mesh has them. */
  readonly officeHours?: OfficeHours;

  /** What happens to stateful resources and deletion protection when the stack goes. */
  readonly removalPolicy: RemovalPolicy;
}
