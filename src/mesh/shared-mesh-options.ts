import { RemovalPolicy } from 'aws-cdk-lib';
import { ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { OfficeHours } from '../core/office-hours';

/** Options for a mesh that another app shares: what the template must contain, because a parameter has its value only at deployment. */
export interface SharedMeshOptions {
  /**
   * The number of Availability Zones of the shared network, of which subnets are used. It is held against the number of the owner when
   * `Reachability.ofAssemblies` reads both assemblies.
   *
   * @default 2
   */
  readonly availabilityZones?: number;

  /**
   * The CloudWatch Container Insights setting of the cluster, which is held against that of the owner.
   *
   * @default ContainerInsights.ENABLED
   */
  readonly containerInsights?: ContainerInsights;

  /**
   * The domain of the private hosted zone of the mesh, which is held against that of the owner.
   *
   * @default - records cannot be added to the zone of the owner
   */
  readonly privateDomain?: string;

  /**
   * The name of the mesh in this app, which is the first part of its log group names.
   *
   * @default - the name of the outermost stack and the construct path in it, in kebab-case
   */
  readonly meshName?: string;

  /**
   * The hours outside of which services of this app have no tasks.
   *
   * @default - everything always runs
   */
  readonly officeHours?: OfficeHours;

  /**
   * The policy for stateful resources of this app when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
