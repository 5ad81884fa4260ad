import { Size } from 'aws-cdk-lib';
import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { IMesh } from '../core/mesh';

/** Properties for `ServerlessRedis`. */
export interface ServerlessRedisProps {
  /** The mesh that contains the cache. The endpoints of the cache are in its store subnets, in two or three Availability Zones. */
  readonly mesh: IMesh;

  /**
   * The major version of Valkey. AWS applies minor versions and patches.
   *
   * @default '8'
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
   */
  readonly majorEngineVersion?: string;

  /**
   * The maximum data storage in whole GiB, 1 to 5,000, which limits the cost. When it is reached, keys with an expiry are evicted.
   *
   * @default - the quota of the account, 5,000
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
   */
  readonly maxDataStorage?: Size;

  /**
   * The maximum number of ElastiCache Processing Units (ECPUs) per second, 1,000 to 15,000,000, which limits the cost. Requests above it
   * are throttled. A simple read or write of up to 1 KB is one unit.
   *
   * @default - the quota of the account
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
   */
  readonly maxEcpuPerSecond?: number;

  /**
   * The retention period of daily snapshots in days, 0 to 35; 0 disables them. The default meets the 15 days that the NIST 800-53 and HIPAA
   * rule packs require.
   *
   * @default 15
   */
  readonly snapshotRetentionDays?: number;

  /**
   * The time of the daily snapshot, in UTC: `03:00`.
   *
   * @default - a time that AWS chooses
   */
  readonly dailySnapshotTime?: string;

  /**
   * A security group that exists already. The stacks of clients add their rules to it; for a group from
   * `SecurityGroup.fromSecurityGroupId(..., { mutable: false })`, warnings name the rules that its owner must add.
   *
   * @default - a group of its own, which admits connected clients only
   */
  readonly securityGroup?: ISecurityGroup;
}
