import { Token } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Connections, IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { GatewayRoute, RouteProps } from './gateway-route';
import { NameRegistry } from '../core/private/name-registry';
import { ComponentKind, TopologyRecord } from '../core/topology-record';
import { observeSide } from './private/gateway-metrics';
import { QualifiedName } from './private/record-name';
import { RouteHost } from './private/route-host';
import { RouteTable } from './private/route-table';
import { admitsOutside, recordPeers } from './private/side-peers';
import { SideResources } from './private/side-resources';
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
export class GatewaySide extends Construct implements IConnectable {
  /** @internal */
  public static _create(scope: Construct, settings: SideSettings): GatewaySide {
    return new GatewaySide(scope, settings.name === 'external' ? 'External' : 'Internal', settings);
  }

  /** The load balancer. */
  public readonly loadBalancer: ApplicationLoadBalancer;

  /** The listener of the routes: HTTPS on 443, or HTTP on 80. */
  public readonly listener: ApplicationListener;

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

  private readonly routes = new Construct(this, 'Routes');
  private readonly records = new Map<string, ARecord>();
  private readonly recordNames: string[] = [];
  private readonly host: RouteHost;

  private constructor(
    scope: Construct,
    id: string,
    private readonly settings: SideSettings,
  ) {
    super(scope, id);
    const { waf, shield, tls, vpc, label, removalPolicy, internetFacing } = settings;
    const resources = new SideResources(this, settings);
    const { loadBalancer, listener, securityGroup } = resources;
    this.loadBalancer = loadBalancer;
    this.listener = listener;
    this.securityGroup = securityGroup;
    this.connections = listener.connections;
    this.certificate = tls?.certificate;
    this.url = `${tls ? 'https' : 'http'}://${loadBalancer.loadBalancerDnsName}`;
    this.webAcl = waf?._attach(this, loadBalancer, removalPolicy, internetFacing);
    shield?._attach(this, loadBalancer);
    this.host = this.createHost(resources);
    this.recordComponent();
    observeSide({ owner: this, vpc, label, loadBalancer });
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
    return GatewayRoute._create(this.routes, id, this.host, props);
  }

  private createHost(resources: SideResources): RouteHost {
    const { name, label, vpc, internetFacing, idleTimeout, zone } = this.settings;
    const { loadBalancer, listener, securityGroup } = resources;
    return {
      path: this.node.path,
      label,
      vpc,
      ids: [this.node.scope!.node.id, this.node.id],
      internetFacing,
      idleTimeout,
      loadBalancer,
      testListeners: resources,
      listener,
      securityGroup,
      table: new RouteTable(),
      zone,
      zoneProp: `${name}.zone`,
      alias: (qualified) => this.alias(qualified),
    };
  }

  private alias({ fqdn, id }: QualifiedName): ARecord {
    const { zone } = this.settings;
    const known = this.records.get(id);
    if (known) return known;
    NameRegistry.of(zone!).claim('record name', fqdn, this, 'recordName');
    const scope = this.node.tryFindChild('Records') ?? new Construct(this, 'Records');
    const record = new ARecord(scope as Construct, id, {
      zone: zone!,
      recordName: `${fqdn}.`,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(this.loadBalancer)),
    });
    this.records.set(id, record);
    if (!Token.isUnresolved(fqdn)) this.recordNames.push(fqdn);
    this.recordComponent();
    return record;
  }

  private recordComponent(): void {
    const { label, details, internetFacing, peers } = this.settings;
    TopologyRecord.of(this).addComponent({
      id: this.node.path,
      kind: ComponentKind.LOAD_BALANCER,
      label,
      details: [...details, ...this.recordNames],
      publicFacing: internetFacing && admitsOutside(peers),
    });
  }
}

guard({ GatewaySide });
