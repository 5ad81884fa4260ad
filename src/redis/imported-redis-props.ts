import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** What there is to know of a server that exists. */
export interface ImportedRedisProps {
  /** Host name or address of the primary; in cluster mode the configuration endpoint. */
  readonly host: string;

  /** Whether the server speaks TLS. A wrong answer shows as connections that are reset, so there is no default. */
  readonly tls: boolean;

  /**
   * TCP port.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Whether clients must speak the cluster protocol.
   *
   * @default false
   */
  readonly clusterMode?: boolean;

  /**
   * Host name that spreads reads over replicas, on the same port.
   *
   * @default - none; in cluster mode clients find replicas by themselves
   */
  readonly readerHost?: string;

  /**
   * Security group of the server, in which each client is let in.
   *
   * @default - clients may call the port on any IPv4 address; letting them in is up to the owner of the server
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * JSON secret with the credentials.
   *
   * @default - the server asks for none
   */
  readonly secret?: ISecret;

  /**
   * Field of `secret` with the password.
   *
   * @default 'password'
   */
  readonly passwordField?: string;

  /**
   * Field of `secret` with the user name.
   *
   * @default - clients authenticate by password alone
   */
  readonly usernameField?: string;
}
