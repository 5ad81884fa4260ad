import { Duration } from 'aws-cdk-lib';
import { Alarm, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { invalid, requireInteger } from '../../core/private/errors';
import { RedisAlarmOptions } from '../redis-alarm-options';

/** One thing to watch: five bad minutes in a row, unless `minutes` says otherwise. */
export interface Watch {
  readonly id: string;
  readonly metric: IMetric;
  /** At or above this is bad. */
  readonly threshold: number;
  readonly description: string;
  readonly minutes?: number;
  /** Silence is bad too: what is watched reports as long as it lives. */
  readonly silenceIsBad?: boolean;
}

/** The options with their defaults, checked. */
export type AlarmLimits = Required<Omit<RedisAlarmOptions, 'actions'>>;

/** Metrics of a store are summed up by the minute, the finest that CloudWatch keeps for them. */
export const MINUTE = Duration.minutes(1);

/** Creates the alarms of a store, once. */
export function createRedisAlarms(
  store: Construct,
  options: RedisAlarmOptions,
  watches: (limits: AlarmLimits) => Watch[],
): Alarm[] {
  if (store.node.tryFindChild('Alarms')) {
    throw invalid(store, 'RedisAlarmsTwice', {
      prop: 'addAlarms',
      must: 'be called once for a store',
      fix: 'give all actions and limits in one call',
    });
  }
  const scope = new Construct(store, 'Alarms');
  return watches(resolveLimits(store, options)).map((watch) => createAlarm(scope, watch, options));
}

function createAlarm(scope: Construct, watch: Watch, { actions = [] }: RedisAlarmOptions): Alarm {
  const alarm = new Alarm(scope, watch.id, {
    metric: watch.metric,
    threshold: watch.threshold,
    evaluationPeriods: watch.minutes ?? 5,
    alarmDescription: watch.description,
    treatMissingData: watch.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(...actions);
  alarm.addOkAction(...actions);
  return alarm;
}

function resolveLimits(store: Construct, options: RedisAlarmOptions): AlarmLimits {
  const { memoryPercent = 80, cpuPercent = 90, maxConnections = 50_000, evictionsPerMinute = 100 } = options;
  requireInteger(store, 'RedisAlarmLimit', 'memoryPercent', memoryPercent, 1, 100);
  requireInteger(store, 'RedisAlarmLimit', 'cpuPercent', cpuPercent, 1, 100);
  requireInteger(store, 'RedisAlarmLimit', 'maxConnections', maxConnections, 1, 65_000);
  requireInteger(store, 'RedisAlarmLimit', 'evictionsPerMinute', evictionsPerMinute, 1, 1_000_000_000);
  return { memoryPercent, cpuPercent, maxConnections, evictionsPerMinute };
}
