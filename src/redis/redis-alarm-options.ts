import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';

/** Options for the alarms of a store. */
export interface RedisAlarmOptions {
  /**
   * The actions of an alarm when it goes off and when it returns to OK, such as `new SnsAction(topic)`.
   *
   * @default - none; the alarms show only in CloudWatch
   */
  readonly actions?: IAlarmAction[];

  /**
   * The threshold for memory usage, 1 to 100 percent. A server needs free memory for forks, buffers and failover.
   *
   * @default 80
   */
  readonly memoryPercent?: number;

  /**
   * The threshold for CPU utilization, 1 to 100 percent; for ElastiCache that of the one core that serves commands. Of node types with one or
   * two cores, the utilization of the node is measured, with half of the threshold for two cores.
   *
   * @default 90
   */
  readonly cpuPercent?: number;

  /**
   * The threshold for connections, from 1 to the number that a node accepts: 65,000, or 20,000 for cache.t2, cache.t3.micro and
   * cache.t4g.micro, or 46,000 for cache.t3.small and cache.t3.medium.
   *
   * @default - four fifths of what the node accepts: 52,000, 16,000 or 36,800
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
   */
  readonly maxConnections?: number;

  /**
   * The threshold for evicted keys per minute, 1 or more.
   *
   * @default 100
   */
  readonly evictionsPerMinute?: number;
}
