import { RemovalPolicy } from 'aws-cdk-lib';
import { ContainerInsights, ICluster } from 'aws-cdk-lib/aws-ecs';
import { IPrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { IConstruct } from 'constructs';
import { IMeshNetwork } from './mesh-network';
import { OfficeHours } from './office-hours';

/** The network, cluster and namespace that services run in. */
export interface IMesh extends IConstruct, IMeshNetwork {
  /** The name of the mesh, unique in the account and Region. It is the first part of the names of its log groups. */
  readonly meshName: string;

  /** The ECS cluster. */
  readonly cluster: ICluster;

  /** The CloudWatch Container Insights setting of the cluster; undefined if it is not known. */
  readonly containerInsights?: ContainerInsights;

  /** The name of the Cloud Map namespace. It is the last part of every Service Connect alias. */
  readonly namespaceName: string;

  /** The ARN of the Cloud Map namespace. */
  readonly namespaceArn: string;

  /** The private hosted zone of the network, if the mesh has a private domain. */
  readonly privateZone?: IPrivateHostedZone;

  /** The hours outside of which services and databases are stopped, if the mesh has them. */
  readonly officeHours?: OfficeHours;

  /** The policy for stateful resources and deletion protection when the stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
}
