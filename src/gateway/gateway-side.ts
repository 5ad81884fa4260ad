import { Token } from 'aws-cdk-lib';
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
import { SideResources } from './private/side-resources';
import { SideSettings } from './private/side-settings';

/** The load balancer as it was made, and what it was made from. */
interface Made {
  readonly settings: SideSettings;
  readonly resources: SideResources;
  readonly webAcl?: CfnWebACL;
}

/**
 * One side of a gateway: an Application Load Balancer with its security group, listeners and routes.
 *
 * It is made when it is first used, by `route` or by reading any of its fields, so a side that nobody uses costs nothing. Ids do not
 * depend on the order of use.
 *
 * @example
 * declare const gateway: DualAlbGateway;
 * declare const bastion: ec2.BastionHostLinux;
 *
 * gateway.internal.connections.allowDefaultPortFrom(bastion);
 */
export class GatewaySide extends Construct implements IConnectable {
  /** @internal */
  public static _create(scope: Construct, id: string, settle: () => SideSettings): GatewaySide {
    return new GatewaySide(scope, id, settle);
  }

  private readonly routes = new Construct(this, 'Routes');
  private readonly table = new RouteTable();
  private readonly records = new Map<string, ARecord>();
  private readonly recordNames: string[] = [];
  private made?: Made;

  private constructor(
    scope: Construct,
    id: string,
    private readonly settle: () => SideSettings,
  ) {
    super(scope, id);
  }

  /** The load balancer. */
  public get loadBalancer(): ApplicationLoadBalancer {
    return this.make().resources.loadBalancer;
  }

  /** The listener that carries the routes: HTTPS on 443, or HTTP on 80. */
  public get listener(): ApplicationListener {
    return this.make().resources.listener;
  }

  /** Security group of the load balancer. The internal one lets nobody in but declared clients. */
  public get securityGroup(): ISecurityGroup {
    return this.make().resources.securityGroup;
  }

  /** Lets peers in on the port of the listener, as in `gateway.internal.connections.allowDefaultPortFrom(bastion)`. */
  public get connections(): Connections {
    return this.make().resources.listener.connections;
  }

  /** The web ACL that the gateway made; undefined for `Waf.none()` and `Waf.fromArn()`, and on the internal side without `Compliance.strict()`. */
  public get webAcl(): CfnWebACL | undefined {
    return this.make().webAcl;
  }

  /**
   * Address of the load balancer itself, such as `https://...elb.amazonaws.com`. Only routes without hosts answer there, and over HTTPS no
   * certificate holds that name; `url` of a route is the address for clients.
   */
  public get url(): string {
    const { resources, settings } = this.make();
    return `${settings.certificate ? 'https' : 'http'}://${resources.loadBalancer.loadBalancerDnsName}`;
  }

  /**
   * Send requests to a target. Adding a route never changes the others.
   *
   * Refused are a route for the same requests as another, one that never gets a request because routes before it take them all, and more
   * than 100 routes, since a load balancer has at most 100 target groups
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html).
   *
   * @param id name of the route, unique on this side; with `hosts` and `paths` it decides the automatic priority
   * @param props target, and which requests go to it
   */
  public route(id: string, props: RouteProps): GatewayRoute {
    const { resources, settings } = this.make();
    const host: RouteHost = {
      path: this.node.path,
      label: settings.label,
      vpc: settings.vpc,
      ids: [this.node.scope!.node.id, this.node.id],
      internetFacing: settings.internetFacing,
      idleTimeout: settings.idleTimeout,
      loadBalancer: resources.loadBalancer,
      testListeners: resources,
      listener: resources.listener,
      securityGroup: resources.securityGroup,
      table: this.table,
      zone: settings.zone,
      zoneProp: settings.zoneProp,
      alias: (name) => this.alias(name),
    };
    return GatewayRoute._create(this.routes, id, host, props);
  }

  private make(): Made {
    if (!this.made) {
      const settings = this.settle();
      const resources = new SideResources(this, settings);
      this.made = { settings, resources, webAcl: settings.attachWaf?.(this, resources.loadBalancer) };
      settings.attachShield?.(this, resources.loadBalancer);
      this.recordComponent();
      observeSide({ owner: this, vpc: settings.vpc, label: settings.label, loadBalancer: resources.loadBalancer });
      if (settings.internetFacing) this.recordInternet();
    }
    return this.made;
  }

  private alias({ fqdn, id }: QualifiedName): ARecord {
    const { resources, settings } = this.make();
    const known = this.records.get(id);
    if (known) return known;
    NameRegistry.of(settings.zone!).claim('record name', fqdn, this, 'recordName');
    const scope = this.node.tryFindChild('Records') ?? new Construct(this, 'Records');
    const record = new ARecord(scope as Construct, id, {
      zone: settings.zone!,
      recordName: `${fqdn}.`,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(resources.loadBalancer)),
    });
    this.records.set(id, record);
    if (!Token.isUnresolved(fqdn)) this.recordNames.push(fqdn);
    this.recordComponent();
    return record;
  }

  private recordComponent(): void {
    const { settings } = this.make();
    TopologyRecord.of(this).addComponent({
      id: this.node.path,
      kind: ComponentKind.LOAD_BALANCER,
      label: settings.label,
      details: [...settings.details, ...this.recordNames],
      publicFacing: settings.internetFacing,
    });
  }

  private recordInternet(): void {
    const { settings } = this.make();
    const record = TopologyRecord.of(this);
    record.addComponent({ id: 'Internet', kind: ComponentKind.INTERNET, label: 'Users' });
    const entrances = settings.certificate
      ? [
          { protocol: 'https', port: 443 },
          { protocol: 'http', port: 80 },
        ]
      : [{ protocol: 'http', port: 80 }];
    for (const entrance of entrances) {
      record.addConnection({ client: 'Internet', server: this.node.path, ...entrance });
    }
  }
}
