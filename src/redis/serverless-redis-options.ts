import { Size } from 'aws-cdk-lib';
import { IMesh } from '../core/mesh';

/** Choices of a serverless ElastiCache store. */
export interface ServerlessRedisOptions {
  /**
   * Major version of Valkey. AWS keeps minor versions and patches up to date.
   *
   * @default '8'
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
   */
  readonly majorEngineVersion?: string;

  /**
   * Most data that the store takes, in whole GiB, 1 to 5000: a bound on the bill. When it is full, keys with an expiry are dropped.
   *
   * @default - no bound but the quota of the account, 5000
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
   */
  readonly maxDataStorage?: Size;

  /**
   * Most ElastiCache Processing Units a second, 1000 to 15000000: a bound on the bill. Requests beyond it are refused. A simple read or
   * write of up to 1 KB is one unit.
   *
   * @default - no bound but the quota of the account
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
   */
  readonly maxEcpuPerSecond?: number;

  /**
   * Days that daily snapshots are kept, 0 to 35; 0 makes none. The default meets the 15 days that the NIST 800-53 and HIPAA rule packs
   * ask for.
   *
   * @default 15
   */
  readonly snapshotRetentionDays?: number;

  /**
   * When the daily snapshot is made, in UTC: `03:00`.
   *
   * @default - AWS chooses a time
   */
  readonly dailySnapshotTime?: string;
}

/** Properties of `ServerlessRedis`. */
export interface ServerlessRedisProps extends ServerlessRedisOptions {
  /** Where the endpoints live: in the store subnets of the mesh, in two or three zones. */
  readonly mesh: IMesh;
}
