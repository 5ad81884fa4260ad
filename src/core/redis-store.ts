import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { IEndpoint } from './endpoint';

/**
 * A Redis or Valkey server, under the contract that makes stores interchangeable.
 *
 * A connected container receives `REDIS_HOST`, `REDIS_PORT`, `REDIS_TLS` (`true` or `false`) and `REDIS_URL` (without credentials); the
 * secrets `REDIS_USERNAME` and `REDIS_PASSWORD` if the store has them; `REDIS_READER_HOST` if there are readers; and `REDIS_CLUSTER_MODE`
 * if the client must be cluster-aware.
 */
export interface IRedisStore extends IConstruct, IConnectable, IEndpoint {
  /** The host name of the primary. */
  readonly host: string;

  /** The TCP port. */
  readonly port: number;

  /** Indicates whether clients must use TLS. */
  readonly tls: boolean;

  /** Indicates whether clients must use the Redis Cluster protocol. */
  readonly clusterMode: boolean;

  /** The host name that spreads reads over replicas, if the store has one. */
  readonly readerHost?: string;
}
