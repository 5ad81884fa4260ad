import { guard } from '../core/private/guard';

/**
 * The mode of an existing Redis server, on which the protocol and the endpoints of its clients depend.
 *
 * @example
 * new ImportedRedis(this, 'Redis', { host: 'redis.example.com', tls: true, mode: RedisMode.withReader('readers.example.com') });
 */
export class RedisMode {
  /** A primary without a reader endpoint. */
  public static single(): RedisMode {
    return new RedisMode(false);
  }

  /**
   * A primary with an endpoint that spreads reads over its replicas, on the same port.
   *
   * @param readerHost the DNS name or IPv4 address of the endpoint
   */
  public static withReader(readerHost: string): RedisMode {
    return new RedisMode(false, readerHost);
  }

  /** A cluster, whose clients use the Redis Cluster protocol and discover replicas themselves. */
  public static cluster(): RedisMode {
    return new RedisMode(true);
  }

  private constructor(
    /** @internal */
    public readonly _isCluster: boolean,
    /** @internal */
    public readonly _readerHost?: string,
  ) {}
}

guard({ RedisMode });
