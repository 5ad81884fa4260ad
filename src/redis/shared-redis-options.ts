/** The credentials that a store requires. */
export enum SharedRedisAuthentication {
  /** None. */
  NONE = 'none',
  /** A password. */
  PASSWORD = 'password',
  /** A user name and a password. */
  USERNAME_AND_PASSWORD = 'username-and-password',
}

/** The facts about a store that another app shares. `Reachability.ofAssemblies` holds them against those of the owner. */
export interface SharedRedisOptions {
  /**
   * Specifies whether the server uses TLS. `ElastiCacheRedis` and `ServerlessRedis` do, the others do not.
   *
   * @default true
   */
  readonly tls?: boolean;

  /**
   * The TCP port.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Specifies whether clients must use the Redis Cluster protocol, as those of `ServerlessRedis` must.
   *
   * @default false
   */
  readonly clusterMode?: boolean;

  /**
   * The credentials of the store. `ElastiCacheRedis` requires a password, the other stores a user name and a password.
   *
   * @default SharedRedisAuthentication.PASSWORD
   */
  readonly authentication?: SharedRedisAuthentication;
}
