import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, IHostedZone } from 'aws-cdk-lib/aws-route53';
import { QualifiedName } from './record-name';
import { RouteTable } from './route-table';
import { ITestListeners } from '../../core/routable';

/** What a route needs of the side that it is on. */
export interface RouteHost {
  /** Path of the side, under which it is known in the topology. */
  readonly path: string;
  /** Name of the side for people. */
  readonly label: string;
  readonly vpc: IVpc;
  /** Ids from the gateway to the side. */
  readonly ids: string[];
  readonly internetFacing: boolean;
  readonly idleTimeout: Duration;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly testListeners: ITestListeners;
  readonly listener: ApplicationListener;
  readonly securityGroup: ISecurityGroup;
  readonly table: RouteTable;
  readonly zone?: IHostedZone;
  /** Prop of the gateway that gives the zone, for messages. */
  readonly zoneProp: string;
  /** The record of that name for the load balancer; the same one for every route that asks for it. */
  alias(name: QualifiedName): ARecord;
}
