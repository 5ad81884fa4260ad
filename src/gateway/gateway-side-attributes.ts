import { Duration } from 'aws-cdk-lib';
import { ApplicationProtocol, IApplicationListener, IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IMeshNetwork } from '../core/mesh-network';

/** The facts about an existing load balancer that nothing in the app contains. */
export interface ExistingSideOptions {
  /** The network of the load balancer: a mesh, or `MeshNetwork.fromVpc(vpc)`. Targets are registered in its VPC. */
  readonly network: IMeshNetwork;

  /**
   * Specifies whether the load balancer is internet-facing. Services that connect to a route of an internal load balancer are admitted by
   * its security group; to one of an internet-facing load balancer, they leave through the internet.
   */
  readonly internetFacing: boolean;

  /**
   * The protocol of the listener.
   *
   * @default - that of a listener of the app; otherwise HTTPS for an internet-facing load balancer, and HTTP for an internal one
   */
  readonly protocol?: ApplicationProtocol;

  /**
   * The port of the listener.
   *
   * @default - that of a listener of the app; otherwise 443 with HTTPS, and 80 with HTTP
   */
  readonly port?: number;

  /**
   * The hosted zone for the records of routes.
   *
   * @default - routes cannot have a `recordName`
   */
  readonly zone?: IHostedZone;

  /**
   * The idle timeout of the load balancer. The timeouts of the Service Connect proxies behind it are compared with it.
   *
   * @default - not known
   */
  readonly idleTimeout?: Duration;
}

/** A load balancer and a listener of it that exist already. */
export interface GatewaySideAttributes extends ExistingSideOptions {
  /**
   * The load balancer: from `ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes` with its DNS name and, for records, its hosted
   * zone ID, from `ApplicationLoadBalancer.fromLookup`, or one of the app.
   */
  readonly loadBalancer: IApplicationLoadBalancer;

  /**
   * The listener: from `ApplicationListener.fromApplicationListenerAttributes` with the security group of the load balancer, from
   * `ApplicationListener.fromLookup`, or one of the app.
   */
  readonly listener: IApplicationListener;
}
