import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmLimits, MINUTE, Watch } from './redis-alarms';

/**
 * Alarms of every node: after a failover another one is the primary.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 */
export function watchNodes(replicationGroupId: string, nodes: number, limits: AlarmLimits): Watch[] {
  return Array.from({ length: nodes }, (_, i) => i + 1).flatMap((node) => {
    // AWS numbers the nodes of a replication group in three digits.
    const dimensionsMap = { CacheClusterId: `${replicationGroupId}-${String(node).padStart(3, '0')}` };
    const metric = (metricName: string, statistic: string) =>
      new Metric({ namespace: 'AWS/ElastiCache', metricName, statistic, dimensionsMap, period: MINUTE });
    const watch = (name: string, metricName: string, statistic: string, threshold: number, description: string): Watch => ({
      id: `Node${node}${name}`,
      metric: metric(metricName, statistic),
      threshold,
      description: `Redis node ${node}: ${description}`,
    });
    return [
      watch('Memory', 'DatabaseMemoryUsagePercentage', 'Maximum', limits.memoryPercent, 'memory is nearly full'),
      watch('Cpu', 'EngineCPUUtilization', 'Average', limits.cpuPercent, 'the one core that serves commands is busy'),
      watch('Connections', 'CurrConnections', 'Maximum', limits.maxConnections, 'connections are nearly used up'),
      watch('Evictions', 'Evictions', 'Sum', limits.evictionsPerMinute, 'keys are dropped for want of memory'),
      ...(nodes > 1
        ? [watch('ReplicationLag', 'ReplicationLag', 'Maximum', 10, 'ten seconds behind, which a failover would lose')]
        : []),
    ];
  });
}

/** Alarms of a serverless cache, which has no nodes and no CPU of its own. */
export function watchServerless(cacheName: string, maxDataStorageGiB: number | undefined, limits: AlarmLimits): Watch[] {
  const metric = (metricName: string, statistic: string) =>
    new Metric({ namespace: 'AWS/ElastiCache', metricName, statistic, dimensionsMap: { clusterId: cacheName }, period: MINUTE });
  const bytes = (maxDataStorageGiB ?? 0) * 1024 ** 3 * (limits.memoryPercent / 100);
  return [
    // Without a limit of its own a cache grows to five terabytes; there is nothing to be nearly full.
    ...(bytes > 0
      ? [
          {
            id: 'Memory',
            metric: metric('BytesUsedForCache', 'Maximum'),
            threshold: bytes,
            description: 'Redis: data nears the limit of the cache',
          },
        ]
      : []),
    {
      id: 'Throttled',
      metric: metric('ThrottledCmds', 'Sum'),
      threshold: 1,
      description: 'Redis: commands are refused, the limit of ECPUs is reached',
    },
    {
      id: 'Connections',
      metric: metric('CurrConnections', 'Maximum'),
      threshold: limits.maxConnections,
      description: 'Redis: connections are nearly used up',
    },
    {
      id: 'Evictions',
      metric: metric('Evictions', 'Sum'),
      threshold: limits.evictionsPerMinute,
      description: 'Redis: keys are dropped for want of memory',
    },
  ];
}
