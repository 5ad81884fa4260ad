import { Duration } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IConnectable, IVpc } from 'aws-cdk-lib/aws-ec2';
import { IApplicationListener, IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, IHostedZone } from 'aws-cdk-lib/aws-route53';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
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
  /** The idle timeout of the load balancer; undefined if it is not known. */
  readonly idleTimeout?: Duration;
  readonly loadBalancer: IApplicationLoadBalancer;
  /** The name of the load balancer in metrics. */
  readonly loadBalancerFullName: string;
  readonly testListeners: ITestListeners;
  readonly listener: IApplicationListener;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** The certificates of an HTTPS side, if they are known. */
  readonly certificates?: ICertificate[];
  /** The security group of the load balancer. */
  readonly server: IConnectable;
  /** The web ACL, if the side created it. */
  readonly webAcl?: CfnWebACL;
  readonly table: RouteTable;
  /** Indicates whether other apps add rules to the listener, so that the ID of a route is not unique on it. */
  readonly isShared: boolean;
  readonly zone?: IHostedZone;
  /** The prop of the gateway that specifies the zone, for messages. */
  readonly zoneProp: string;
  /** Returns the record that maps the name to the load balancer. All routes with the same name share it. */
  alias(name: QualifiedName): ARecord;
}
