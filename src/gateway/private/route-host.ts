import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, IHostedZone } from 'aws-cdk-lib/aws-route53';
import { QualifiedName } from './record-name';
import { RouteTable } from './route-table';
import { ITestListeners } from '../../core/routable';

/** The side of a route, as the route uses it. */
export interface RouteHost {
  /** The path of the side, which identifies it in the topology. */
  readonly path: string;
  /** The name of the side for people. */
  readonly label: string;
  readonly vpc: IVpc;
  /** The construct IDs from the gateway to the side. */
  readonly ids: string[];
  readonly internetFacing: boolean;
  readonly idleTimeout: Duration;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly testListeners: ITestListeners;
  readonly listener: ApplicationListener;
  readonly securityGroup: ISecurityGroup;
  readonly table: RouteTable;
  readonly zone?: IHostedZone;
  /** The prop of the gateway that specifies the zone, for messages. */
  readonly zoneProp: string;
  /** Returns the record that maps the name to the load balancer. All routes with the same name share it. */
  alias(name: QualifiedName): ARecord;
}
