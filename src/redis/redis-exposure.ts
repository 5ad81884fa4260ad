/** Choices of a server with a Service Connect alias. */
export interface RedisServiceConnectOptions {
  /**
   * DNS name that clients use, unique in the namespace. Set it where something expects a short name, such as `redis`.
   *
   * @default - `<discoveryName>.<namespace>`
   */
  readonly dnsName?: string;
}

/**
 * How clients reach a server that runs in containers.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const redis = new ContainerRedis(this, 'Redis', { mesh, exposure: RedisExposure.networkLoadBalancer() });
 */
export class RedisExposure {
  /**
   * By its Service Connect alias, such as `redis.care-ns:6379`. Costs nothing; clients need a Service Connect proxy.
   *
   * @param options name of the alias
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
   */
  public static serviceConnect(options: RedisServiceConnectOptions = {}): RedisExposure {
    return new RedisExposure(true, options.dnsName);
  }

  /**
   * By the DNS name of an internal Network Load Balancer of its own, which anything in the network can resolve. Clients need no proxy.
   *
   * About 16.43 USD per month in us-east-1 (list price, November 2026), capacity units apart. A connection without traffic for 350
   * seconds is closed; the server's keepalive of 300 seconds prevents that.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
   */
  public static networkLoadBalancer(): RedisExposure {
    return new RedisExposure(false);
  }

  private constructor(
    /** Whether clients need a Service Connect proxy; otherwise there is a load balancer. */
    public readonly usesServiceConnect: boolean,
    /** DNS name of the alias, where one was chosen. */
    public readonly dnsName?: string,
  ) {}
}
