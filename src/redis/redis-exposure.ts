import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { guard } from '../core/private/guard';

/** Options for a server with a Service Connect alias. */
export interface RedisServiceConnectOptions {
  /**
   * The DNS name that clients use, unique in the namespace. Set it if an application expects a short name, such as `redis`.
   *
   * @default - `<discoveryName>.<namespace>`
   */
  readonly dnsName?: string;
}

/** Options for a server behind its own load balancer. */
export interface RedisLoadBalancerOptions {
  /**
   * A security group that exists already for the load balancer. The stacks of clients add their rules to it; for a group from
   * `SecurityGroup.fromSecurityGroupId(..., { mutable: false })`, warnings name the rules that its owner must add.
   *
   * @default - a group of its own, which admits connected clients only
   */
  readonly securityGroup?: ISecurityGroup;
}

/**
 * Specifies how clients reach a server that runs in containers.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const redis = new ContainerRedis(this, 'Redis', { mesh, exposure: RedisExposure.networkLoadBalancer() });
 */
export class RedisExposure {
  /**
   * Through a Service Connect alias, such as `redis.care-ns:6379`. It is free of charge; clients need a Service Connect proxy.
   *
   * @param options DNS name of the alias
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
   */
  public static serviceConnect(options: RedisServiceConnectOptions = {}): RedisExposure {
    return new RedisExposure(true, options.dnsName);
  }

  /**
   * Through the DNS name of its own internal Network Load Balancer, which everything in the network can resolve. Clients need no proxy.
   *
   * About 16.43 USD a month in us-east-1 (list price, November 2026), without capacity units. The load balancer closes a connection without
   * traffic for 350 seconds; the server's keepalive of 300 seconds prevents that.
   *
   * @param options security group
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
   */
  public static networkLoadBalancer(options: RedisLoadBalancerOptions = {}): RedisExposure {
    return new RedisExposure(false, undefined, options.securityGroup);
  }

  private constructor(
    /** Indicates whether clients need a Service Connect proxy; otherwise, there is a load balancer. @internal */
    public readonly _usesServiceConnect: boolean,
    /** The DNS name of the alias, if it was specified. @internal */
    public readonly _dnsName?: string,
    /** The security group of the load balancer, if it was specified. @internal */
    public readonly _securityGroup?: ISecurityGroup,
  ) {}
}

guard({ RedisExposure });
