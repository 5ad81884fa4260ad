import { Arn, ArnFormat, Fn, Token } from 'aws-cdk-lib';
import { Connections } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  IApplicationLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { SideRoutes } from './side-routes';
import { requireInteger, validationError } from '../../core/private/errors';
import { numberText } from '../../core/private/number-text';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { GatewayRoute, RouteProps } from '../gateway-route';
import { GatewaySideAttributes } from '../gateway-side-attributes';
import { IGatewaySide } from '../igateway-side';
import { requireOneLoadBalancer } from './existing-side-rules';

/** The name of a side that its owner shares. */
export interface SharedSide {
  /** The name under which the owner shares the side, and which identifies it in the topology. */
  readonly sharedAs?: string;
}

/** A side whose load balancer another app owns, or that the app has created without a gateway. */
export class ExistingSide extends Construct implements IGatewaySide {
  public readonly loadBalancerArn: string;
  public readonly listenerArn: string;
  public readonly connections: Connections;
  public readonly url: string;

  private readonly routes: SideRoutes;

  constructor(scope: Construct, id: string, attributes: GatewaySideAttributes, { sharedAs }: SharedSide = {}) {
    super(scope, id);
    const { loadBalancer, listener, internetFacing, idleTimeout } = attributes;
    requireResolved(this, 'idleTimeout', idleTimeout);
    requireSeconds(this, 'IdleTimeout', 'idleTimeout', idleTimeout, 1, 4000);
    const { scheme, port } = this.entrance(attributes);
    this.loadBalancerArn = loadBalancer.loadBalancerArn;
    this.listenerArn = listener.listenerArn;
    this.connections = listener.connections;
    const dnsName = dnsNameOf(this, loadBalancer);
    requireOneLoadBalancer(this, attributes);
    this.url = `${scheme}://${dnsName}${port === (scheme === 'https' ? 443 : 80) ? '' : `:${numberText(port)}`}`;
    this.routes = new SideRoutes(this, {
      ...attributes,
      scheme,
      port,
      label: internetFacing ? 'External ALB' : 'Internal ALB',
      details: [`${scheme.toUpperCase()} :${Token.isUnresolved(port) ? '?' : port}`, 'existing'],
      publicFacing: internetFacing,
      vpc: attributes.network.vpc,
      ids: this.node.path.split('/').slice(1),
      loadBalancerFullName: fullNameOf(loadBalancer),
      testListeners: { testListener: (testPort) => this.refuseTestListener(testPort) },
      server: listener,
      zoneProp: 'zone',
      isShared: true,
      topologyId: sharedAs,
    });
  }

  public route(id: string, props: RouteProps): GatewayRoute {
    return this.routes.add(id, props);
  }

  private entrance({ listener, internetFacing, protocol, port }: GatewaySideAttributes): {
    scheme: 'http' | 'https';
    port: number;
  } {
    requireInteger(this, 'PortOutOfRange', 'port', port, 1, 65535);
    const own = listener instanceof ApplicationListener ? listener : undefined;
    const known = protocol ?? own?.protocol ?? (internetFacing ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP);
    const scheme = known === ApplicationProtocol.HTTPS ? 'https' : 'http';
    return { scheme, port: port ?? own?.port ?? (scheme === 'https' ? 443 : 80) };
  }

  private refuseTestListener(port: number): never {
    throw validationError(this, 'TestListenerOfOwner', {
      prop: 'testTraffic',
      must: 'be TestTraffic.header on a load balancer that exists already, whose listeners and certificates belong to its owner',
      got: `port ${port}`,
      fix: 'use TestTraffic.header(name, value), whose rule is on the same listener',
    });
  }
}

/** Returns the DNS name, which CDK does not know of a load balancer that was imported without it. */
function dnsNameOf(scope: Construct, loadBalancer: IApplicationLoadBalancer): string {
  try {
    return loadBalancer.loadBalancerDnsName;
  } catch {
    throw validationError(scope, 'SideWithoutDnsName', {
      prop: 'loadBalancer',
      must: 'have a DNS name, at which clients call it',
      got: loadBalancer.node.path,
      fix: 'pass `loadBalancerDnsName`, and for records `loadBalancerCanonicalHostedZoneId`, to ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes',
    });
  }
}

/** Returns the name of a load balancer in metrics, which is the last part of its ARN. */
function fullNameOf(loadBalancer: IApplicationLoadBalancer): string {
  if (loadBalancer instanceof ApplicationLoadBalancer) return loadBalancer.loadBalancerFullName;
  const { loadBalancerArn } = loadBalancer;
  if (Token.isUnresolved(loadBalancerArn)) return Fn.select(1, Fn.split(':loadbalancer/', loadBalancerArn));
  return Arn.split(loadBalancerArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
}
