import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';

/** When a store needs a person, and who is told. */
export interface RedisAlarmOptions {
  /**
   * What an alarm does, such as `new SnsAction(topic)`; also when it is over.
   *
   * @default - nothing: the alarms are seen in CloudWatch only
   */
  readonly actions?: IAlarmAction[];

  /**
   * Memory in use that is too much, 1 to 100 percent. A server needs room for forks, buffers and failover.
   *
   * @default 80
   */
  readonly memoryPercent?: number;

  /**
   * CPU in use that is too much, 1 to 100 percent; of one core where the server's own is measured.
   *
   * @default 90
   */
  readonly cpuPercent?: number;

  /**
   * Connections that are too many, 1 to 65000, the most that a node takes.
   *
   * @default 50000
   */
  readonly maxConnections?: number;

  /**
   * Keys dropped in a minute that are too many, 1 or more.
   *
   * @default 100
   */
  readonly evictionsPerMinute?: number;
}
