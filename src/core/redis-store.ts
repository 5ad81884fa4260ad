import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { IEndpoint } from './endpoint';

/**
 * A Redis or Valkey server under the one contract that makes stores interchangeable.
 *
 * A connected container gets `REDIS_HOST`, `REDIS_PORT`, `REDIS_TLS` (`true` or `false`), `REDIS_URL` (without credentials), where the
 * store has them the secrets `REDIS_USERNAME` and `REDIS_PASSWORD`, `REDIS_READER_HOST` where there are readers, and
 * `REDIS_CLUSTER_MODE` where the client must be cluster-aware.
 */
export interface IRedisStore extends IConstruct, IConnectable, IEndpoint {
  /** Host name of the primary, as clients use it. */
  readonly host: string;

  /** TCP port. */
  readonly port: number;

  /** Whether clients must speak TLS. */
  readonly tls: boolean;

  /** Whether clients must speak the cluster protocol. */
  readonly clusterMode: boolean;

  /** Host name that spreads reads over replicas, where the store has one. */
  readonly readerHost?: string;
}
