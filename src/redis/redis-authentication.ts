/** Whether a self-hosted server asks its clients for a password. */
export enum RedisAuthentication {
  /** A generated password, passed by reference: clients get `REDIS_USERNAME` and `REDIS_PASSWORD`. */
  PASSWORD = 'password',
  /** None: whoever the security group lets in. For applications that know only `REDIS_URL`, which never has credentials in it. */
  NONE = 'none',
}
