import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { GatewayRoute, RouteProps } from './gateway-route';

/** One side of a gateway: an Application Load Balancer that this app or another one owns, with a listener that routes are added to. */
export interface IGatewaySide extends IConstruct, IConnectable {
  /** The ARN of the load balancer. */
  readonly loadBalancerArn: string;

  /** The ARN of the listener of the routes. */
  readonly listenerArn: string;

  /** The URL of the load balancer itself. Only routes without hosts answer there. */
  readonly url: string;

  /**
   * Adds a route to a target. Adding a route never changes the others.
   *
   * @param id ID of the route, unique on this side
   * @param props target and conditions
   */
  route(id: string, props: RouteProps): GatewayRoute;
}
