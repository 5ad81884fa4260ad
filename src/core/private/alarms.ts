import { Duration } from 'aws-cdk-lib';
import { Alarm, IAlarmAction, IMetric, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { MetricAlarm } from '../observed-component';

/** The finest resolution at which CloudWatch keeps the metrics of AWS services. */
export const MINUTE = Duration.minutes(1);

/** Creates an alarm. The `actions` run when it goes off and when it returns to OK. */
export function createAlarm(
  scope: Construct,
  id: string,
  metric: IMetric,
  choices: MetricAlarm,
  actions: IAlarmAction[],
  alarmName?: string,
): Alarm {
  const alarm = new Alarm(scope, id, {
    alarmName,
    metric,
    threshold: choices.threshold,
    comparisonOperator: choices.comparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: choices.evaluationPeriods ?? 5,
    datapointsToAlarm: choices.datapointsToAlarm,
    alarmDescription: choices.description,
    treatMissingData: choices.treatMissingData ?? TreatMissingData.NOT_BREACHING,
    evaluateLowSampleCountPercentile: choices.evaluateLowSampleCountPercentile,
  });
  alarm.node.addDependency(...(choices.createdAfter ?? []));
  alarm.addAlarmAction(...actions);
  alarm.addOkAction(...actions);
  return alarm;
}
