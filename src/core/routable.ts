import { Duration } from 'aws-cdk-lib';
import {
  ApplicationTargetGroup,
  IApplicationListener,
  IApplicationLoadBalancer,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct, IDependable } from 'constructs';

/** How a load balancer decides that a target may receive traffic. */
export interface RouteHealthCheck {
  /**
   * Path that answers when the target can work. It must not depend on other services, or their outage stops this one.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * Time between checks, 5 to 300 seconds.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * Time after which a check has failed; less than the interval.
   *
   * @default - 5 seconds, or a second less than a shorter interval
   */
  readonly timeout?: Duration;

  /**
   * Good checks in a row that bring a failed target back, 2 to 10; a new one needs a single good check.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * Failed checks in a row that make a target unhealthy, 2 to 10.
   *
   * @default 3
   */
  readonly unhealthyThreshold?: number;

  /**
   * HTTP status codes that count as good, such as `200` or `200-299`.
   *
   * @default '200-299'
   */
  readonly healthyHttpCodes?: string;
}

/** A step that the load balancer takes before it forwards a request, such as signing the user in. */
export interface IRouteAuthentication {
  /**
   * The step, followed by the action.
   *
   * @param next what happens to requests that have passed
   */
  beforeAction(next: ListenerAction): ListenerAction;
}

/** Opens listeners for tests of a new version on demand. */
export interface ITestListeners {
  /**
   * The listener for tests on a port, with the protocol and certificate of the production listener; the same one for every caller. It lets
   * nobody in.
   *
   * @param port port of the listener
   */
  testListener(port: number): IApplicationListener;
}

/** What a gateway asks of the target of a route. */
export interface RouteRequest {
  /** Ids from the gateway down to the route; where the target keeps what it creates. */
  readonly scopeIds: string[];

  /** Listener that gets the rule. */
  readonly listener: IApplicationListener;

  /** Load balancer of the listener; its security group is let in. */
  readonly loadBalancer: IApplicationLoadBalancer;

  /** Where a target that deploys two versions side by side gets a listener for tests. */
  readonly testListeners: ITestListeners;

  /** When the rule applies. */
  readonly conditions: ListenerCondition[];

  /** Place of the rule among the listener's rules. */
  readonly priority: number;

  /**
   * What the rule does before it forwards; every rule for this route, a test listener's too, must do it.
   *
   * @default - the rule forwards at once
   */
  readonly authentication?: IRouteAuthentication;

  /** Health check of the targets. */
  readonly healthCheck: RouteHealthCheck;

  /** Time that a leaving target gets to finish its requests. */
  readonly deregistrationDelay: Duration;

  /**
   * Time without data after which the load balancer gives up on a request and closes idle connections. What answers must wait longer.
   *
   * @default - not known
   */
  readonly idleTimeout?: Duration;
}

/** What the target of a route created. */
export interface RouteAttachment {
  /** Path of the construct that answers. */
  readonly targetPath: string;

  /** Group of the targets that receive traffic. */
  readonly targetGroup: ApplicationTargetGroup;

  /**
   * Second group, to which deployments move the traffic and back again.
   *
   * @default - none: new tasks join the one group
   */
  readonly alternateTargetGroup?: ApplicationTargetGroup;

  /**
   * Places on the listener that the target took besides that of the route, for rules of tests.
   *
   * @default - none
   */
  readonly testPriorities?: number[];

  /** Resources that must exist before the route answers. */
  readonly ready: IDependable[];
}

/**
 * Something that a gateway can send requests to, such as a port of a service.
 *
 * It creates target group, listener rule and security-group rules itself, in its own stack, so that a gateway never depends on the
 * services behind it.
 */
export interface IRoutable {
  /** Construct that answers the requests. */
  readonly routeOwner: IConstruct;

  /**
   * Join a load balancer.
   *
   * @param request listener, rule and health check
   */
  bindRoute(request: RouteRequest): RouteAttachment;
}
