/** Specifies whether a self-hosted server requires a password. */
export enum RedisAuthentication {
  /** A generated password, passed by reference. Clients receive `REDIS_USERNAME` and `REDIS_PASSWORD`. */
  PASSWORD = 'password',
  /**
   * No password: every client that the security group admits can connect. For applications that support only `REDIS_URL`, which never
   * contains credentials.
   */
  NONE = 'none',
}
