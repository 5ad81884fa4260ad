import { Duration, Token } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IConnectable, IVpc } from 'aws-cdk-lib/aws-ec2';
import { IApplicationListener, IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { observeSide } from './gateway-metrics';
import { QualifiedName } from './record-name';
import { RouteHost } from './route-host';
import { RouteTable } from './route-table';
import { warn } from '../../core/private/errors';
import { acceptStruct } from '../../core/private/guard';
import { NameRegistry } from '../../core/private/name-registry';
import { ITestListeners } from '../../core/routable';
import { ComponentKind, TopologyRecord } from '../../core/topology-record';
import { GatewayRoute, RouteProps } from '../gateway-route';
import { requireZoneId } from './existing-side-rules';

/** One side of a gateway, whoever owns its load balancer. */
export interface SideFacts {
  /** The name of the side for people, such as `External ALB`. */
  readonly label: string;
  /** Lines of details for the topology diagram. */
  readonly details: string[];
  readonly internetFacing: boolean;
  /** Indicates whether clients outside the network are admitted. */
  readonly publicFacing: boolean;
  /** Indicates whether the distributions of all AWS accounts are admitted at the public address. */
  readonly anyDistribution?: boolean;
  readonly vpc: IVpc;
  /** The construct IDs under which targets create their resources. */
  readonly ids: string[];
  readonly idleTimeout?: Duration;
  readonly loadBalancer: IApplicationLoadBalancer;
  readonly loadBalancerFullName: string;
  readonly listener: IApplicationListener;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly testListeners: ITestListeners;
  readonly server: IConnectable;
  readonly certificates?: ICertificate[];
  readonly webAcl?: CfnWebACL;
  readonly zone?: IHostedZone;
  readonly zoneProp: string;
  readonly isShared: boolean;
  /** The ID in the topology, if it is not the path of the side. */
  readonly topologyId?: string;
}

/** The routes of one side, their records, and what is recorded about the side. */
export class SideRoutes {
  private readonly routes: Construct;
  private readonly records = new Map<string, ARecord>();
  /** The hosts of the routes; undefined for a route that any host matches. */
  public readonly hosts: (string[] | undefined)[] = [];

  private readonly recordNames: string[] = [];
  private readonly host: RouteHost;

  constructor(
    private readonly owner: Construct,
    private readonly facts: SideFacts,
  ) {
    this.routes = new Construct(owner, 'Routes');
    this.host = {
      ...facts,
      path: this.path,
      table: RouteTable.of(facts.listener),
      alias: (name) => this.alias(name),
    };
    this.recordComponent();
    observeSide({ owner, ...facts });
  }

  public add(id: string, given: RouteProps): GatewayRoute {
    const props = acceptStruct(GatewayRoute, 'RouteProps', this.routes, id, given);
    const route = GatewayRoute._create(this.routes, id, this.host, props);
    this.hosts.push(route.hosts.length > 0 ? route.hosts : undefined);
    if (this.facts.anyDistribution && !props.when?.some((condition) => condition._isHeader)) warnOfAnyDistribution(route);
    return route;
  }

  private get path(): string {
    return this.facts.topologyId ?? this.owner.node.path;
  }

  private alias({ fqdn, id }: QualifiedName): ARecord {
    const { zone, loadBalancer } = this.facts;
    const known = this.records.get(id);
    if (known) return known;
    requireZoneId(this.owner, loadBalancer);
    NameRegistry.of(zone!).claim({ kind: 'record name', name: fqdn, owner: this.owner, prop: 'recordName' });
    const scope = this.owner.node.tryFindChild('Records') ?? new Construct(this.owner, 'Records');
    const record = new ARecord(scope as Construct, id, {
      zone: zone!,
      recordName: `${fqdn}.`,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
    });
    this.records.set(id, record);
    if (!Token.isUnresolved(fqdn)) this.recordNames.push(fqdn);
    this.recordComponent();
    return record;
  }

  private recordComponent(): void {
    const { label, details, publicFacing } = this.facts;
    TopologyRecord.of(this.owner).addComponent({
      id: this.path,
      kind: ComponentKind.LOAD_BALANCER,
      label,
      details: [...details, ...this.recordNames],
      publicFacing,
    });
  }
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html */
function warnOfAnyDistribution(route: GatewayRoute): void {
  warn(
    route,
    'AnyDistribution',
    'The distributions of all AWS accounts call from the prefix list of CloudFront, so everyone can reach this route through a distribution of ' +
      'their own. Send a secret header with `customHeaders` of the origin and require it with `when: [RouteCondition.header(...)]`, or use the ' +
      'internal side, which only your own VPC origins reach.',
  );
}
