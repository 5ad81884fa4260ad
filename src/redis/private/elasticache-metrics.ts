import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmLimits } from './redis-alarms';
import { ObservedMetric } from '../../core/observed-component';
import { MINUTE } from '../../core/private/alarms';
import { isUnknown } from '../../core/private/unknown';

/**
 * Returns the metrics of every node, because after a failover another one is the primary.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 */
export function nodeMetrics(
  { replicationGroupId, nodeType, nodes }: { replicationGroupId: string; nodeType: string; nodes: number },
  limits: AlarmLimits,
): ObservedMetric[] {
  const cpu = cpuOf(nodeType, limits.cpuPercent);
  return Array.from({ length: nodes }, (_, i) => i + 1).flatMap((node) => {
    // AWS numbers the nodes of a replication group in three digits.
    const dimensionsMap = { CacheClusterId: `${replicationGroupId}-${String(node).padStart(3, '0')}` };
    const watch = (
      name: string,
      title: string,
      [metricName, statistic]: [string, string],
      threshold: number,
      description: string,
    ) => ({
      id: `Node${node}${name}`,
      title,
      metric: new Metric({
        namespace: 'AWS/ElastiCache',
        metricName,
        statistic,
        dimensionsMap,
        period: MINUTE,
      }),
      alarm: { threshold, description: `Redis node ${node}: ${description}` },
    });
    return [
      watch('Memory', 'Memory (%)', ['DatabaseMemoryUsagePercentage', 'Maximum'], limits.memoryPercent, 'memory is nearly full'),
      watch('Cpu', cpu.title, [cpu.metricName, 'Average'], cpu.threshold, 'the one core that serves commands is busy'),
      watch('Connections', 'Connections', ['CurrConnections', 'Maximum'], limits.maxConnections, 'connections are nearly used up'),
      watch('Evictions', 'Evictions', ['Evictions', 'Sum'], limits.evictionsPerMinute, 'keys are dropped for want of memory'),
      ...(nodes > 1
        ? [
            watch(
              'ReplicationLag',
              'Replication lag (s)',
              ['ReplicationLag', 'Maximum'],
              10,
              'ten seconds behind, which a failover would lose',
            ),
          ]
        : []),
    ];
  });
}

/**
 * Returns the metric for the core that serves commands: of nodes with up to two cores that of the whole node, on which other processes take the
 * engine's time, with a fraction of the threshold.
 */
function cpuOf(nodeType: string, percent: number) {
  const [, family, size] = isUnknown(nodeType) ? [] : nodeType.split('.');
  if (!/^(nano|micro|small|medium|large)$/.test(size ?? '')) {
    return { title: 'CPU of the engine (%)', metricName: 'EngineCPUUtilization', threshold: percent };
  }
  const cores = /^(t2\.(nano|micro|small)|t1\.micro|m[13]\.(small|medium))$/.test(`${family}.${size}`) ? 1 : 2;
  return { title: 'CPU of the node (%)', metricName: 'CPUUtilization', threshold: percent / cores };
}

/** Returns the metrics of a serverless cache, which has no nodes and no CPU of its own. */
export function serverlessMetrics(cacheName: string, maxDataStorageGiB: number | undefined, limits: AlarmLimits): ObservedMetric[] {
  const metric = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/ElastiCache',
      metricName,
      statistic,
      dimensionsMap: { clusterId: cacheName },
      period: MINUTE,
    });
  const bytes = (maxDataStorageGiB ?? 0) * 1024 ** 3 * (limits.memoryPercent / 100);
  return [
    {
      id: 'Memory',
      title: 'Data (bytes)',
      metric: metric('BytesUsedForCache', 'Maximum'),
      // Without a limit of its own a cache grows to five terabytes; there is nothing to be nearly full.
      alarm: bytes > 0 ? { threshold: bytes, description: 'Redis: data nears the limit of the cache' } : undefined,
    },
    {
      id: 'Throttled',
      title: 'Refused commands',
      metric: metric('ThrottledCmds', 'Sum'),
      alarm: { threshold: 1, description: 'Redis: commands are refused, the limit of ECPUs is reached' },
    },
    {
      id: 'Connections',
      title: 'Connections',
      metric: metric('CurrConnections', 'Maximum'),
      alarm: { threshold: limits.maxConnections, description: 'Redis: connections are nearly used up' },
    },
    {
      id: 'Evictions',
      title: 'Evictions',
      metric: metric('Evictions', 'Sum'),
      alarm: { threshold: limits.evictionsPerMinute, description: 'Redis: keys are dropped for want of memory' },
    },
  ];
}
