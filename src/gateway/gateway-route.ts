import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { ApplicationTargetGroup, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord } from 'aws-cdk-lib/aws-route53';
import { Construct, IConstruct, IDependable } from 'constructs';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { variablePrefix } from '../core/private/names';
import { numberText } from '../core/private/number-text';
import { requireSeconds } from '../core/private/require-seconds';
import { IRoutable, RouteAttachment, RouteHealthCheck } from '../core/routable';
import { TopologyRecord } from '../core/topology-record';
import { requireName, warnOfHosts } from './private/certificate-names';
import { observeRoute } from './private/gateway-metrics';
import { resolveHealthCheck } from './private/health-check';
import { countSignIn } from './private/managed-web-acl';
import { hasWildcard } from './private/pattern';
import { qualify, QualifiedName } from './private/record-name';
import { RouteConditions } from './private/route-conditions';
import { RouteHost } from './private/route-host';
import { RouteAuthentication } from './route-authentication';
import { RouteCondition } from './route-condition';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { requireResolved } from '../core/private/resolved';
import { requireSameEnvironment } from '../core/private/same-environment';
import { isUnknown } from '../core/private/unknown';

/** Properties for a route, which sends requests from a listener to a target. */
export interface RouteProps {
  /** The target that answers the requests, such as `api.port('http')`. */
  readonly target: IRoutable;

  /**
   * The host names of the requests, such as `api.example.com` or `*.example.com`; `*` matches any characters, `?` matches one. `hosts` and
   * `paths` together can have at most 5 values and 5 wildcards
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html).
   *
   * @default - the name of `recordName`, or any host without one
   */
  readonly hosts?: string[];

  /**
   * The paths of the requests, such as `/api/*`, case-sensitive and without the query string; `*` matches any characters, `?` matches one.
   *
   * @default - any path
   */
  readonly paths?: string[];

  /**
   * Additional conditions: headers, query parameters, methods, addresses. Each value counts towards the 5 values of a route. Such a route
   * comes before all routes that have only hosts and paths.
   *
   * @default - no additional conditions
   */
  readonly when?: RouteCondition[];

  /**
   * The sign-in of users before their requests are forwarded. It requires an HTTPS side.
   *
   * @default - every request is forwarded
   */
  readonly authentication?: RouteAuthentication;

  /**
   * Name of an alias record for the load balancer, in the gateway's `publicZone` or `privateZone`: `api` is completed by the name of the
   * zone; a name with a dot must be complete; the name of the zone is the zone itself. Routes of one side may share a name.
   *
   * @default - no record
   */
  readonly recordName?: string;

  /**
   * The priority of the listener rule, 1 to 50,000; the smallest value is evaluated first. Automatic priorities are 102 to 48,948.
   *
   * @default - derived from the specificity of `hosts` and `paths`, `when`, and the ID; other routes do not change it
   */
  readonly priority?: number;

  /**
   * The health check by which the load balancer decides that a target can receive requests.
   *
   * @default - `/` every 10 seconds; 2 successful checks make a target healthy, 3 failed ones unhealthy
   */
  readonly healthCheck?: RouteHealthCheck;

  /**
   * The time that a deregistering target has to finish its requests, at most one hour. Each deployment waits for it.
   *
   * @default Duration.seconds(30)
   */
  readonly deregistrationDelay?: Duration;
}

/**
 * A route of a gateway: requests that match its hosts and paths go to its target.
 *
 * It is always a listener rule, never the listener's default action, so that a target can be swapped for a blue/green deployment. Target
 * group, rule and security group rules are made by the target, in the target's own stack; the record, if any, by the gateway in its stack.
 *
 * A route is an endpoint: `service.connectTo(route, { as: 'API' })` sets `API_URL` (`http://api.example.local`), `API_HOST` and
 * `API_PORT`. To an internal route the security group path is opened; to an external one requests leave through the internet, so the
 * client needs a way out (a NAT gateway) and may then reach any address on the listener's port.
 *
 * Costs nothing by itself; a load balancer counts at most 10 rules per request free of charge, further ones in its capacity units (LCU).
 *
 * @example
 * declare const gateway: DualAlbGateway;
 * declare const api: MeshService;
 *
 * gateway.external.route('Api', {
 *   target: api.port('http'),
 *   hosts: ['www.example.com'],
 *   paths: ['/api/*'],
 *   healthCheck: { path: '/health', interval: Duration.seconds(30) },
 * });
 */
export class GatewayRoute extends Construct implements IEndpoint {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.gateway.GatewayRoute';

  /** Creates a route. @internal */
  public static _create(scope: Construct, id: string, host: RouteHost, props: RouteProps): GatewayRoute {
    return new GatewayRoute(scope, id, host, props);
  }

  /**
   * The host name that clients use: that of the record, or else the first of `hosts` without a wildcard, or else the load balancer's own.
   * Over HTTPS, the certificate must contain it, which is not possible for the load balancer's own name.
   */
  public readonly host: string;

  /** The URL for clients, such as `http://api.example.local`, without a path, and without the default port. */
  public readonly url: string;

  /** The DNS name of the load balancer, for records that you manage elsewhere. */
  public readonly dnsName: string;

  /** The priority of the listener rule. */
  public readonly priority: number;

  /** The host patterns of the rule; empty for any host. */
  public readonly hosts: string[];

  /** The path patterns of the rule; empty for any path. */
  public readonly paths: string[];

  /** The target group that receives the requests; one of two, if deployments run two versions. */
  public readonly targetGroup: ApplicationTargetGroup;

  /** The other target group, with Rollout.blueGreen, canary, linear and codeDeploy. Every other deployment ends with all requests there. */
  public readonly alternateTargetGroup?: ApplicationTargetGroup;

  /** The alias record, if `recordName` is set. Routes with the same name share it. */
  public readonly record?: ARecord;

  private readonly authentication?: RouteAuthentication;
  private readonly ready: IDependable[];

  private constructor(
    scope: Construct,
    id: string,
    private readonly side: RouteHost,
    props: RouteProps,
  ) {
    super(scope, id);
    const name = props.recordName === undefined ? undefined : qualify(this, props.recordName, side.zone, side.zoneProp);
    const conditions = new RouteConditions(this, props.hosts ?? (name && [name.fqdn]), props.paths, props.when);
    this.requireHost(conditions, name);
    if (name) requireName(this, side.certificates ?? [], name.fqdn);
    else warnOfHosts(this, side.certificates ?? [], conditions.hosts);
    this.requireSignIn(props.authentication);
    const healthCheck = resolveHealthCheck(this, props.healthCheck);
    const deregistrationDelay = props.deregistrationDelay ?? Duration.seconds(30);
    requireResolved(this, 'deregistrationDelay', deregistrationDelay);
    requireSeconds(this, 'DeregistrationDelay', 'deregistrationDelay', deregistrationDelay, 0, 3600);

    const key = side.isShared ? `${Stack.of(this).stackName}/${this.node.path}` : id;
    this.priority = side.table.place(this, conditions, props.priority, key);
    this.hosts = conditions.hosts;
    this.paths = conditions.paths;
    this.dnsName = side.loadBalancer.loadBalancerDnsName;
    this.host = name?.fqdn ?? this.hosts.find((host) => !hasWildcard(host)) ?? this.dnsName;
    this.url =
      side.port === (side.scheme === 'https' ? 443 : 80)
        ? `${side.scheme}://${this.host}`
        : `${side.scheme}://${this.host}:${numberText(side.port)}`;
    this.record = name && side.alias(name);
    this.authentication = props.authentication;
    // The load balancer itself calls the provider of the sign-in.
    if (this.authentication) {
      side.server.connections.allowToAnyIpv4(Port.tcp(443), 'Sign-in: calls to the provider');
      countSignIn(side.webAcl);
    }

    const { listener, loadBalancer, testListeners, idleTimeout } = side;
    const attachment = props.target.bindRoute({
      scopeIds: [...side.ids, id],
      listener,
      loadBalancer,
      testListeners,
      conditions: conditions.render(),
      priority: this.priority,
      healthCheck,
      deregistrationDelay,
      idleTimeout,
      authentication: this.authentication,
    });
    side.table.take(this, attachment);
    this.targetGroup = attachment.targetGroup;
    this.alternateTargetGroup = attachment.alternateTargetGroup;
    this.ready = attachment.ready;
    this.requireProtocol(attachment);
    this.recordTarget(attachment);
    this.observe(props.target.routeOwner);
  }

  /**
   * Describes what a client needs to call this route.
   *
   * @param client client of the connection
   * @param options options of the connection; the default prefix of the variables is the ID of the route
   */
  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    if (this.host === this.dnsName && this.hosts.length > 0) {
      throw validationError(this, 'RouteHasNoName', {
        prop: 'hosts',
        must: 'contain a name without a wildcard before a service can connect to the route',
        got: this.hosts,
        fix: 'add such a name, or set `recordName`',
      });
    }
    this.refuseSignedIn();
    if (!this.side.internetFacing) requireSameEnvironment(client, this);
    const prefix = options.as ?? variablePrefix(this.node.id);
    const { internetFacing, path, scheme, port, server } = this.side;
    const record = this.record?.node.defaultChild as CfnResource | undefined;
    return {
      facts: { server: path, protocol: scheme, dnsName: this.host, port: isUnknown(port) ? undefined : port },
      environment: { [`${prefix}_URL`]: this.url, [`${prefix}_HOST`]: this.host, [`${prefix}_PORT`]: numberText(port) },
      reaches: [{ server: internetFacing ? Peer.anyIpv4() : server, port: Port.tcp(port) }],
      dependencies: [...(record ? [record] : []), ...this.ready],
    };
  }

  private requireHost(conditions: RouteConditions, name: QualifiedName | undefined): void {
    if (!name || isUnknown(name.fqdn) || conditions.acceptsHost(name.fqdn)) return;
    if (conditions.hosts.some((host) => isUnknown(host))) return;
    throw validationError(this, 'RecordNotInHosts', {
      prop: 'hosts',
      must: `match ${name.fqdn}, the name of the record, or requests for it go elsewhere`,
      got: conditions.hosts,
      fix: `add ${JSON.stringify(name.fqdn)}, or leave \`hosts\` out`,
    });
  }

  private requireSignIn(authentication: RouteAuthentication | undefined): void {
    if (!authentication) return;
    if (this.side.scheme !== 'https') {
      throw validationError(this, 'RouteSignIn', {
        prop: 'authentication',
        must: 'be left out on a side with plain HTTP, where load balancers do not support sign-in',
        fix: 'put the route on a side with a certificate',
      });
    }
    authentication._validate(this);
  }

  private refuseSignedIn(): void {
    if (!this.authentication) return;
    throw validationError(this, 'RouteSignIn', {
      prop: 'connectTo',
      must: 'be a route without `authentication`, because a service cannot sign in like a user',
      got: this.node.id,
      fix: 'connect to the port of the service or to an internal route of it; for a link on a page set a variable from `url` of the route',
    });
  }

  private requireProtocol({ targetGroup, targetPath }: RouteAttachment): void {
    const version = (targetGroup.node.defaultChild as CfnTargetGroup).protocolVersion;
    if (this.side.scheme === 'https' || version === undefined || version === 'HTTP1') return;
    throw validationError(this, 'RouteNeedsHttps', {
      prop: 'target',
      must: `speak HTTP/1.1 behind an HTTP listener, and ${targetPath} does not`,
      got: version,
      fix: 'route it on a side with a certificate, or reach it through Service Connect',
    });
  }

  private observe(service: IConstruct): void {
    const { vpc, label, loadBalancerFullName } = this.side;
    const groups = [this.targetGroup, ...(this.alternateTargetGroup ? [this.alternateTargetGroup] : [])];
    observeRoute({ owner: this, vpc, label: `${label} ${this.node.id}`, loadBalancerFullName }, groups, service);
  }

  private recordTarget({ targetPath, targetGroup }: RouteAttachment): void {
    const port = (targetGroup.node.defaultChild as CfnTargetGroup).port;
    TopologyRecord.of(this).addConnection({
      client: this.side.path,
      server: targetPath,
      protocol: 'http',
      port: isUnknown(port) ? undefined : port,
    });
  }
}

guard({ GatewayRoute });
