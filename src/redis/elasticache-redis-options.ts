import { ElastiCacheEngine } from './elasticache-engine';
import { MaxMemoryPolicy } from './max-memory-policy';
import { IMesh } from '../core/mesh';

/** Choices of an ElastiCache store. */
export interface ElastiCacheRedisOptions {
  /**
   * Engine and version. A change upgrades the nodes in place.
   *
   * @default ElastiCacheEngine.VALKEY_8_1
   */
  readonly engine?: ElastiCacheEngine;

  /**
   * Type of each node. A change moves the data to new nodes behind the same names.
   *
   * @default 'cache.t4g.micro'
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
   */
  readonly nodeType?: string;

  /**
   * Replicas beside the primary, 0 to 5, spread over zones. With none there is no failover and no reader endpoint.
   *
   * @default 1
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
   */
  readonly numReplicas?: number;

  /**
   * TCP port, 1024 to 65535. A change replaces the store, and its data is left behind in a snapshot.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * What happens when the memory is full. The default never drops a key that has no expiry.
   *
   * @default MaxMemoryPolicy.VOLATILE_LRU
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;

  /**
   * Days that daily snapshots are kept, 0 to 35; 0 makes none. The default meets the 15 days that the NIST 800-53 and HIPAA rule packs
   * ask for.
   *
   * @default 15
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html
   */
  readonly snapshotRetentionDays?: number;

  /**
   * When the daily snapshot is made, in UTC, at least an hour: `03:00-04:00`. Must not overlap with the maintenance window.
   *
   * @default - AWS chooses an hour
   */
  readonly snapshotWindow?: string;

  /**
   * When AWS may patch the nodes, in UTC, at least an hour: `sun:05:00-sun:06:00`. Must not overlap with the daily snapshot window.
   *
   * @default - AWS chooses an hour of the week
   */
  readonly maintenanceWindow?: string;
}

/** Properties of `ElastiCacheRedis`. */
export interface ElastiCacheRedisProps extends ElastiCacheRedisOptions {
  /** Where the nodes live: in the store subnets of the mesh. */
  readonly mesh: IMesh;
}
