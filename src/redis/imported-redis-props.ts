import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { RedisMode } from './redis-mode';

/** The credentials of an existing Redis server. */
export interface ImportedRedisCredentials {
  /** The JSON secret with the credentials. */
  readonly secret: ISecret;

  /**
   * The field of the secret that contains the password.
   *
   * @default 'password'
   */
  readonly passwordField?: string;

  /**
   * The field of the secret that contains the user name.
   *
   * @default - clients authenticate with the password only
   */
  readonly usernameField?: string;
}

/** Properties for an existing Redis server. */
export interface ImportedRedisProps {
  /** The host name or address of the primary; in cluster mode, the configuration endpoint. */
  readonly host: string;

  /** Specifies whether the server uses TLS. A wrong value shows as connections that are reset, so there is no default. */
  readonly tls: boolean;

  /**
   * The TCP port.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * The mode of the server: a single primary, one with a reader endpoint, or a cluster.
   *
   * @default RedisMode.single()
   */
  readonly mode?: RedisMode;

  /**
   * The security group of the server. Each client is added to its ingress rules.
   *
   * @default - clients have egress on the port to all IPv4 addresses; the owner of the server must admit them
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * The credentials of the server.
   *
   * @default - no authentication
   */
  readonly credentials?: ImportedRedisCredentials;
}
