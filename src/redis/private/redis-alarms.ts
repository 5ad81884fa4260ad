import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { MAX_CONNECTIONS } from './node-connections';
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
export function observeRedis(
  store: Construct,
  mesh: IMesh,
  metrics: (limits: AlarmLimits) => ObservedMetric[],
  acceptsConnections?: number,
): void {
  MetricRecord.of(store)._observe(() => ({
    owner: store,
    home: mesh,
    kind: ComponentKind.REDIS,
    label: store.node.id,
    metrics: metrics(resolveLimits(store, {}, acceptsConnections)),
  }));
}

/** Creates the alarms of a store, once. */
export function createRedisAlarms(
  store: Construct,
  options: RedisAlarmOptions,
  metrics: (limits: AlarmLimits) => ObservedMetric[],
  acceptsConnections?: number,
): Alarm[] {
  if (!MetricRecord.of(store)._claimAlarms(store)) {
    throw validationError(store, 'RedisAlarmsTwice', {
      prop: 'addAlarms',
      must: 'be called once for a store',
      fix: 'give all actions and limits in one call; with MeshAlarms leave the call out, or put it before them',
    });
  }
  const scope = new Construct(store, 'Alarms');
  return metrics(resolveLimits(store, options, acceptsConnections)).flatMap(({ id, metric, alarm }) =>
    alarm ? [createAlarm(scope, id, metric, alarm, options.actions ?? [])] : [],
  );
}

/** The default leaves a fifth of the connections that a node accepts: above that number, an alarm could never go off. */
function resolveLimits(store: Construct, options: RedisAlarmOptions, accepts = MAX_CONNECTIONS): AlarmLimits {
  const { memoryPercent = 80, cpuPercent = 90, maxConnections = 0.8 * accepts, evictionsPerMinute = 100 } = options;
  requireInteger(store, 'RedisAlarmLimit', 'memoryPercent', memoryPercent, 1, 100);
  requireInteger(store, 'RedisAlarmLimit', 'cpuPercent', cpuPercent, 1, 100);
  requireInteger(store, 'RedisAlarmLimit', 'maxConnections', maxConnections, 1, accepts);
  requireInteger(store, 'RedisAlarmLimit', 'evictionsPerMinute', evictionsPerMinute, 1, 1_000_000_000);
  return { memoryPercent, cpuPercent, maxConnections, evictionsPerMinute };
}
