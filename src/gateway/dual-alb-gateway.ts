import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs';
import { DualAlbGatewayProps } from './dual-alb-gateway-props';
import { GatewaySide } from './gateway-side';
import { requireLoadBalancerNames } from './private/load-balancer-names';
import { SideName } from './private/side-choices';
import { settleSide } from './private/side-settings';
import { warnOfIpv6 } from '../core/private/dual-stack';
import { validationError } from '../core/private/errors';
import { acceptProps } from '../core/private/guard';
import { requireSeconds } from '../core/private/require-seconds';
import { requireResolved } from '../core/private/resolved';

/**
 * One or two Application Load Balancers: an external one for the internet, and an internal one for calls between services.
 *
 * A gateway creates the sides that you specify. Each consists of the load balancer with a security group of its own and access logs.
 * External: listener HTTPS 443 with TLS 1.2/1.3, listener 80 that redirects to it (301), web ACL with its log; open to all IPv4 addresses
 * unless you specify `peers`. Internal: listener HTTP 80, open only to the services that connect to one of its routes, and to `peers`.
 * Requests that match no route receive 404. The sides share the bucket for access logs. Services with routes can be in other stacks, which
 * then depend on the gateway's stack, never the reverse.
 *
 * The sides use IPv4. Application Load Balancers support only HTTP, not Redis or other TCP protocols.
 *
 * Monthly cost (us-east-1 list prices, November 2026, 730 hours, two zones, one capacity unit (LCU) each): external side about 39 USD
 * (load balancer 16.43, LCU 5.84, two public IPv4 addresses 7.30, web ACL 9.00) plus 0.60 per million requests through WAF; internal side
 * about 22 USD (16.43, LCU 5.84).
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const web: MeshService;
 * declare const api: MeshService;
 *
 * const gateway = new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate }),
 *   internal: InternalSide.http({ zone: mesh.privateZone }),
 * });
 * gateway.external.route('Web', { target: web.port('http') });
 * const apiRoute = gateway.internal.route('Api', { target: api.port('http'), recordName: 'api' });
 * web.connectTo(apiRoute, { as: 'API' });
 */
export class DualAlbGateway extends Construct {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.gateway.DualAlbGateway';

  /** The bucket of the access logs; undefined for `AccessLogs.none()`. */
  public readonly accessLogBucket?: IBucket;

  /** The policy for logs and deletion protection. */
  public readonly removalPolicy: RemovalPolicy;

  private readonly sides: { readonly [name in SideName]?: GatewaySide };

  constructor(scope: Construct, id: string, props: DualAlbGatewayProps) {
    props = acceptProps({ DualAlbGateway }, new.target, scope, id, props);
    super(scope, id);
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const { network, external, internal, accessLogs = AccessLogs.managedBucket(), idleTimeout = Duration.seconds(60) } = props;
    if (!external && !internal) {
      throw this.sideMissing('external', 'be specified, or `internal`, because a gateway has no other sides');
    }
    warnOfIpv6(network.vpc);
    external?._validate(this);
    internal?._validate(this);
    requireLoadBalancerNames(this, external?._choices.loadBalancerName, internal?._choices.loadBalancerName);
    requireResolved(this, 'idleTimeout', idleTimeout);
    requireSeconds(this, 'IdleTimeout', 'idleTimeout', idleTimeout, 1, 4000);
    accessLogs._validate(this);

    const logs = accessLogs._resolve(this, this.removalPolicy);
    const shared = { network, idleTimeout, removalPolicy: this.removalPolicy, logs };
    this.accessLogBucket = logs?.bucket;
    this.sides = {
      external: external && GatewaySide._create(this, settleSide(this, 'external', external._choices, shared)),
      internal: internal && GatewaySide._create(this, settleSide(this, 'internal', internal._choices, shared)),
    };
  }

  /** The side for the internet. Throws if the gateway has none. */
  public get external(): GatewaySide {
    return this.side('external');
  }

  /** The side for services in the network. Throws if the gateway has none. */
  public get internal(): GatewaySide {
    return this.side('internal');
  }

  private side(name: SideName): GatewaySide {
    const side = this.sides[name];
    if (!side) throw this.sideMissing(name, 'be given to the gateway before it is used');
    return side;
  }

  private sideMissing(prop: SideName, must: string): Error {
    return validationError(this, 'GatewaySideMissing', {
      prop,
      must,
      fix:
        prop === 'external'
          ? 'set `external: ExternalSide.https({ certificate })`, or `ExternalSide.http()` for plain HTTP'
          : 'set `internal: InternalSide.http()`',
    });
  }
}
