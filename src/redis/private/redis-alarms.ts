import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { MetricRecord } from '../../core/metric-record';
import { ObservedMetric } from '../../core/observed-component';
import { createAlarm } from '../../core/private/alarms';
import { validationError, requireInteger } from '../../core/private/errors';
import { ComponentKind } from '../../core/topology-record';
import { RedisAlarmOptions } from '../redis-alarm-options';

/** The alarm options after defaults and validation. */
export type AlarmLimits = Required<Omit<RedisAlarmOptions, 'actions'>>;

/** Registers a store for alarms and dashboards of the mesh, with the default limits of `addAlarms`. */
export function observeRedis(store: Construct, mesh: IMesh, metrics: (limits: AlarmLimits) => ObservedMetric[]): void {
  MetricRecord.of(store)._observe(() => ({
    owner: store,
    home: mesh,
    kind: ComponentKind.REDIS,
    label: store.node.id,
    metrics: metrics(resolveLimits(store, {})),
  }));
}

/** Creates the alarms of a store, once. */
export function createRedisAlarms(
  store: Construct,
  options: RedisAlarmOptions,
  metrics: (limits: AlarmLimits) => ObservedMetric[],
): Alarm[] {
  if (!MetricRecord.of(store)._claimAlarms(store)) {
    throw validationError(store, 'RedisAlarmsTwice', {
      prop: 'addAlarms',
      must: 'be called once for a store',
      fix: 'give all actions and limits in one call; with MeshAlarms leave the call out, or put it before them',
    });
  }
  const scope = new Construct(store, 'Alarms');
  return metrics(resolveLimits(store, options)).flatMap(({ id, metric, alarm }) =>
    alarm ? [createAlarm(scope, id, metric, alarm, options.actions ?? [])] : [],
  );
}

function resolveLimits(store: Construct, options: RedisAlarmOptions): AlarmLimits {
  const { memoryPercent = 80, cpuPercent = 90, maxConnections = 50_000, evictionsPerMinute = 100 } = options;
  requireInteger(store, 'RedisAlarmLimit', 'memoryPercent', memoryPercent, 1, 100);
  requireInteger(store, 'RedisAlarmLimit', 'cpuPercent', cpuPercent, 1, 100);
  requireInteger(store, 'RedisAlarmLimit', 'maxConnections', maxConnections, 1, 65_000);
  requireInteger(store, 'RedisAlarmLimit', 'evictionsPerMinute', evictionsPerMinute, 1, 1_000_000_000);
  return { memoryPercent, cpuPercent, maxConnections, evictionsPerMinute };
}
