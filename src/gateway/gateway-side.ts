import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Connections, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener, ApplicationLoadBalancer, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { GatewayOrigin, GatewayOriginOptions } from './gateway-origin';
import { GatewayRoute, RouteProps } from './gateway-route';
import { ExistingSideOptions, GatewaySideAttributes } from './gateway-side-attributes';
import { IGatewaySide } from './igateway-side';
import { ExistingSide } from './private/existing-side';
import { shareSide, sharedSideAttributes } from './private/shared-side';
import { admitsOutside, cloudFrontOf, recordPeers } from './private/side-peers';
import { SideResources } from './private/side-resources';
import { SideRoutes } from './private/side-routes';
import { warnOfEdges } from './private/side-rules';
import { SideSettings } from './private/side-settings';
import { guard } from '../core/private/guard';

const HTTPS = { protocol: 'https', port: 443 };
const HTTP = { protocol: 'http', port: 80 };

/**
 * One side of a gateway: an Application Load Balancer with its security group, listeners and routes.
 *
 * A gateway has the sides that you specify: `gateway.external` and `gateway.internal`.
 *
 * @example
 * declare const gateway: DualAlbGateway;
 * declare const bastion: ec2.BastionHostLinux;
 *
 * gateway.internal.connections.allowDefaultPortFrom(bastion);
 */
export class GatewaySide extends Construct implements IGatewaySide {
  /**
   * Uses a load balancer and a listener that exist already: of the app without a gateway, or of another app or team. Creates nothing by
   * itself; routes create the listener rule, target group and security group rules in the stack of their target.
   *
   * The rules of other apps on the listener cannot be seen. The automatic priority of a route is derived from the name of its stack, its
   * path and its conditions, so that apps do not choose the same number by rule; if a deployment reports that a priority is in use, set
   * `priority` of the route.
   *
   * @param scope scope of the side
   * @param id ID of the side in the scope
   * @param attributes load balancer and listener
   *
   * @example
   * declare const mesh: ServiceConnectMesh;
   * declare const orders: MeshService;
   * declare const loadBalancer: elbv2.IApplicationLoadBalancer;
   * declare const listener: elbv2.IApplicationListener;
   *
   * const side = GatewaySide.fromGatewaySideAttributes(this, 'Public', { network: mesh, loadBalancer, listener, internetFacing: true });
   * side.route('Orders', { target: orders.port('http'), hosts: ['orders.example.com'] });
   */
  public static fromGatewaySideAttributes(scope: Construct, id: string, attributes: GatewaySideAttributes): IGatewaySide {
    return new ExistingSide(scope, id, attributes);
  }

  /**
   * Uses a side that another app shares with `gateway.external.share(parameterPrefix)`, in the same account and Region. Routes create the
   * rule, the target group and the security group rules in the stack of their target, so that nothing in the owner's app changes.
   *
   * @param scope scope of the side
   * @param id ID of the side in the scope
   * @param parameterPrefix prefix under which the owner shares it, such as `/platform/public`
   * @param options facts about the side, which `Reachability.ofAssemblies` holds against those of the owner
   *
   * @example
   * declare const mesh: ServiceConnectMesh;
   * declare const orders: MeshService;
   *
   * const side = GatewaySide.fromParameters(this, 'Public', '/platform/public', { network: mesh, internetFacing: true });
   * side.route('Orders', { target: orders.port('http'), hosts: ['orders.example.com'] });
   */
  public static fromParameters(scope: Construct, id: string, parameterPrefix: string, options: ExistingSideOptions): IGatewaySide {
    const parts = new Construct(scope, `${id}Shared`);
    return new ExistingSide(scope, id, sharedSideAttributes(parts, parameterPrefix, options), { sharedAs: parameterPrefix });
  }

  /** @internal */
  public static _create(scope: Construct, settings: SideSettings): GatewaySide {
    return new GatewaySide(scope, settings.name === 'external' ? 'External' : 'Internal', settings);
  }

  /** The load balancer. */
  public readonly loadBalancer: ApplicationLoadBalancer;

  /** The listener of the routes: HTTPS on 443, or HTTP on 80. */
  public readonly listener: ApplicationListener;

  public readonly loadBalancerArn: string;
  public readonly listenerArn: string;

  /**
   * The security group of the load balancer. It admits the peers of the side and, on the internal side, the services that connect to a
   * route.
   */
  public readonly securityGroup: ISecurityGroup;

  /**
   * The connections of the load balancer on the port of the listener, such as `gateway.internal.connections.allowDefaultPortFrom(bastion)`.
   */
  public readonly connections: Connections;

  /** The certificate of the HTTPS listener, existing or requested; undefined on a side with plain HTTP. */
  public readonly certificate?: ICertificate;

  /** The web ACL that the side created; undefined for `Waf.none()` and `Waf.fromArn()`. */
  public readonly webAcl?: CfnWebACL;

  /**
   * The URL of the load balancer itself, such as `https://...elb.amazonaws.com`. Only routes without hosts answer there, and no certificate
   * contains that name; `url` of a route is the URL for clients.
   */
  public readonly url: string;

  private readonly routes: SideRoutes;

  private constructor(
    scope: Construct,
    id: string,
    private readonly settings: SideSettings,
  ) {
    super(scope, id);
    const { waf, shield, tls, removalPolicy, internetFacing } = settings;
    const resources = new SideResources(this, settings);
    const { loadBalancer, listener, securityGroup } = resources;
    this.loadBalancer = loadBalancer;
    this.listener = listener;
    this.loadBalancerArn = loadBalancer.loadBalancerArn;
    this.listenerArn = listener.listenerArn;
    this.securityGroup = securityGroup;
    this.connections = listener.connections;
    this.certificate = tls?.certificate;
    this.url = `${tls ? 'https' : 'http'}://${loadBalancer.loadBalancerDnsName}`;
    this.webAcl = waf?._attach(this, loadBalancer, removalPolicy, internetFacing);
    shield?._attach(this, loadBalancer);
    if (internetFacing && cloudFrontOf(settings.peers).length > 0) warnOfEdges(this, waf);
    this.routes = this.createRoutes(resources);
    recordPeers(this, settings.peers, tls ? [HTTPS, HTTP] : [HTTP]);
  }

  /**
   * Adds a route to a target. Adding a route never changes the others.
   *
   * It rejects a route for the same requests as another one, a route that never receives a request because earlier routes match all of
   * them, and more than 100 routes, because a load balancer has at most 100 target groups
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html).
   *
   * @param id ID of the route, unique on this side; together with `hosts` and `paths`, it determines the automatic priority
   * @param props target and conditions
   */
  public route(id: string, props: RouteProps): GatewayRoute {
    return this.routes.add(id, props);
  }

  /**
   * Returns the side as an origin of CloudFront distributions, for `origin` of a behavior.
   *
   * Of an internal side, the first call creates a VPC origin, which is free of charge and shared by all distributions: CloudFront reaches the
   * load balancer through network interfaces in its subnets, at no public address. The VPC needs an internet gateway, which is not used, and
   * some Availability Zones are not supported
   * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html). An internet-facing side is called at
   * its public address.
   *
   * It rejects a side whose `peers` do not contain CloudFront (`CloudFrontPrefixList`), and a distribution that replaces `Host` by a name that is
   * in no certificate or route.
   *
   * @param options name, timeouts and headers
   */
  public cloudFrontOrigin(options: GatewayOriginOptions = {}): GatewayOrigin {
    const { loadBalancer, settings, routes } = this;
    const { vpc, internetFacing, idleTimeout, peers, tls } = settings;
    const isHttps = tls !== undefined;
    if (internetFacing) warnOfEdges(this, settings.waf);
    const side = { owner: this, loadBalancer, vpc, internetFacing, isHttps, idleTimeout, peers, hosts: () => routes.hosts };
    return GatewayOrigin._create(side, options);
  }

  /**
   * Shares the side with other apps of the account and Region: creates a parameter in Parameter Store for each value, below a prefix. They
   * add routes with `GatewaySide.fromParameters`; another route changes nothing in this app.
   *
   * @param parameterPrefix prefix of the parameters, such as `/platform/public`, unique in the account and Region
   */
  public share(parameterPrefix: string): void {
    const { tls, internetFacing, idleTimeout } = this.settings;
    shareSide(this, parameterPrefix, {
      loadBalancer: this.loadBalancer,
      listener: this.listener,
      securityGroupId: this.securityGroup.securityGroupId,
      internetFacing,
      protocol: tls ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP,
      port: this.listener.port,
      idleTimeout,
    });
  }

  private createRoutes(resources: SideResources): SideRoutes {
    const { name, tls, peers, internetFacing, securityGroup: existing } = this.settings;
    const { loadBalancer, listener, securityGroup } = resources;
    return new SideRoutes(this, {
      ...this.settings,
      publicFacing: internetFacing && (existing !== undefined || admitsOutside(peers)),
      anyDistribution: internetFacing && cloudFrontOf(peers).length > 0,
      ids: [this.node.scope!.node.id, this.node.id],
      loadBalancer,
      loadBalancerFullName: loadBalancer.loadBalancerFullName,
      listener,
      scheme: tls ? 'https' : 'http',
      port: listener.port,
      certificates: tls && [tls.certificate, ...tls.additional],
      testListeners: resources,
      server: securityGroup,
      webAcl: this.webAcl,
      zoneProp: `${name}.zone`,
      isShared: false,
    });
  }
}

guard({ GatewaySide });
