import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ElastiCacheEngine } from './elasticache-engine';
import { MaxMemoryPolicy } from './max-memory-policy';
import { IMesh } from '../core/mesh';

/** Properties for `ElastiCacheRedis`. */
export interface ElastiCacheRedisProps {
  /** The mesh of the nodes, which are in its store subnets. */
  readonly mesh: IMesh;

  /**
   * The engine and version. Changing the version upgrades the nodes in place.
   *
   * @default ElastiCacheEngine.VALKEY_8_1
   */
  readonly engine?: ElastiCacheEngine;

  /**
   * The node type. Changing it moves the data to new nodes behind the same names.
   *
   * @default 'cache.t4g.micro'
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
   */
  readonly nodeType?: string;

  /**
   * The number of replicas in addition to the primary, 0 to 5, spread over Availability Zones. With 0, there is no failover and no reader
   * endpoint.
   *
   * @default 1
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
   */
  readonly numReplicas?: number;

  /**
   * The TCP port, 1024 to 65535. Changing it replaces the store, whose data remains only in a snapshot.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * The eviction policy when the memory is full. The default never evicts a key without an expiry.
   *
   * @default MaxMemoryPolicy.VOLATILE_LRU
   */
  readonly maxMemoryPolicy?: MaxMemoryPolicy;

  /**
   * The retention period of daily snapshots in days, 0 to 35; 0 disables them. The default meets the 15 days that the NIST 800-53 and HIPAA
   * rule packs require.
   *
   * @default 15
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html
   */
  readonly snapshotRetentionDays?: number;

  /**
   * The daily window for snapshots, in UTC, at least one hour: `03:00-04:00`. It must not overlap the maintenance window.
   *
   * @default - a window that AWS chooses
   */
  readonly snapshotWindow?: string;

  /**
   * The weekly window in which AWS can patch the nodes, in UTC, at least one hour: `sun:05:00-sun:06:00`. It must not overlap the daily
   * snapshot window.
   *
   * @default - a window that AWS chooses
   */
  readonly maintenanceWindow?: string;

  /**
   * The name of a snapshot whose data the new store begins with, such as the one that a deleted stack has left. Keep it after the
   * deployment: CloudFormation replaces the store if it is removed, changed, or added to a store that exists. The engine of the snapshot
   * must not be newer than `engine`.
   *
   * @default - an empty store
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-restoring.html
   */
  readonly snapshotName?: string;

  /**
   * A security group that exists already. The stacks of clients add their rules to it; for a group from
   * `SecurityGroup.fromSecurityGroupId(..., { mutable: false })`, warnings name the rules that its owner must add.
   *
   * @default - a group of its own, which admits connected clients only
   */
  readonly securityGroup?: ISecurityGroup;
}
