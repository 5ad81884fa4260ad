import { Duration } from 'aws-cdk-lib';
import {
  ApplicationTargetGroup,
  IApplicationListener,
  IApplicationLoadBalancer,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct, IDependable } from 'constructs';

/** Options for the health checks by which a load balancer decides that a target can receive traffic. */
export interface RouteHealthCheck {
  /**
   * The path of health check requests. It must not depend on other services; otherwise their outage takes this one out of service.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * The interval between health checks, 5 to 300 seconds.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * The time after which a health check fails; less than the interval.
   *
   * @default - 5 seconds, or a second less than a shorter interval
   */
  readonly timeout?: Duration;

  /**
   * The number of consecutive successful health checks before an unhealthy target becomes healthy, 2 to 10. A new target needs one.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * The number of consecutive failed health checks before a target becomes unhealthy, 2 to 10.
   *
   * @default 3
   */
  readonly unhealthyThreshold?: number;

  /**
   * The HTTP status codes of a successful health check, such as `200` or `200-299`.
   *
   * @default '200-299'
   */
  readonly healthyHttpCodes?: string;
}

/** A step that the load balancer takes before it forwards a request, such as signing the user in. */
export interface IRouteAuthentication {
  /**
   * Returns the step, followed by the next action.
   *
   * @param next action for requests that pass the step
   */
  beforeAction(next: ListenerAction): ListenerAction;
}

/** A factory of listeners for test traffic to a new version. */
export interface ITestListeners {
  /**
   * Returns the test listener on a port, with the protocol and certificate of the production listener; the same one for every caller. Its
   * security group admits nobody.
   *
   * @param port port of the listener
   */
  testListener(port: number): IApplicationListener;
}

/** The request of a gateway to the target of a route. */
export interface RouteRequest {
  /** The construct IDs from the gateway down to the route. The target creates its resources under them. */
  readonly scopeIds: string[];

  /** The listener of the rule. */
  readonly listener: IApplicationListener;

  /** The load balancer of the listener. The target admits its security group. */
  readonly loadBalancer: IApplicationLoadBalancer;

  /** The test listeners for a target that deploys two versions side by side. */
  readonly testListeners: ITestListeners;

  /** The conditions of the listener rule. */
  readonly conditions: ListenerCondition[];

  /** The priority of the rule on the listener. */
  readonly priority: number;

  /**
   * The step that the rule takes before it forwards a request. Every rule of this route, including the rule of a test listener, must take
   * it.
   *
   * @default - the rule forwards at once
   */
  readonly authentication?: IRouteAuthentication;

  /** The health check of the targets. */
  readonly healthCheck: RouteHealthCheck;

  /** The time that a deregistering target has to finish its requests. */
  readonly deregistrationDelay: Duration;

  /**
   * The time without data after which the load balancer closes a connection. The idle timeout of the target must be longer.
   *
   * @default - not known
   */
  readonly idleTimeout?: Duration;
}

/** The resources that the target of a route created. */
export interface RouteAttachment {
  /** The path of the construct that answers the requests. */
  readonly targetPath: string;

  /** The target group that receives traffic. */
  readonly targetGroup: ApplicationTargetGroup;

  /**
   * The second target group, to which deployments shift traffic and back.
   *
   * @default - none; new tasks register in the one target group
   */
  readonly alternateTargetGroup?: ApplicationTargetGroup;

  /**
   * The priorities that the target uses on the listener besides the route's own, for the rules of test traffic.
   *
   * @default - none
   */
  readonly testPriorities?: number[];

  /** The resources that must exist before the route answers. */
  readonly ready: IDependable[];
}

/**
 * A target that a gateway can send requests to, such as a port of a service.
 *
 * It creates the target group, listener rule and security group rules in its own stack, so that a gateway never depends on the services
 * behind it.
 */
export interface IRoutable {
  /** The construct that answers the requests. */
  readonly routeOwner: IConstruct;

  /**
   * Registers the target with a load balancer.
   *
   * @param request listener, rule and health check
   */
  bindRoute(request: RouteRequest): RouteAttachment;
}
