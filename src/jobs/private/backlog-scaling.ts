import { Duration } from 'aws-cdk-lib';
import { AdjustmentType, CfnScalingPolicy, ScalableTarget, StepScalingAction } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { hasContainerInsights } from '../../core/private/container-insights';
import { Violation, validateAtSynth, validationError, requireInteger } from '../../core/private/errors';
import { requireResolved } from '../../core/private/resolved';
import { MeshService } from '../../service/mesh-service';
import { Scaling } from '../../service/scaling';
import { BacklogOptions } from '../backlog-options';

/**
 * The number of running tasks. Container Insights reports later than SQS, so the most recent datapoint is missing: `FILL` repeats the last
 * known number, because a constant such as 0 would always report that no task is running. If there is no data at all, no task is running,
 * and MAX over a list ignores the missing value.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
const RUNNING = 'FILL(running, REPEAT)';
const BACKLOG_PER_TASK = `waiting / MAX([waiting * 0 + 1, ${RUNNING}])`;
const WAITING_FOR_NOBODY = `IF(MAX([waiting * 0, ${RUNNING}]) < 1, waiting, 0)`;

const FIVE_MINUTES = 300_000;

/** Rejects other targets: only waiting messages are a reason to add or stop tasks, not their utilization. */
export function refuseOtherTargets(scope: IConstruct, scaling: Scaling): void {
  const { cpuPercent, memoryPercent, requestsPerTarget } = scaling._targets ?? {};
  for (const [prop, got] of Object.entries({ cpuPercent, memoryPercent, requestsPerTarget })) {
    if (got === undefined) continue;
    throw validationError(scope, 'WorkerScalesOnBacklog', {
      prop: `scaling.${prop}`,
      must: 'be left out: a worker scales on its backlog, and any other target would stop tasks that are working',
      got,
      fix: 'keep Scaling.between(min, max), and set `backlog`',
    });
  }
}

/** Rejects options that have no effect with a fixed number of tasks; the acceptable latency is also the threshold of an alarm. */
export function refuseIdleBacklog(scope: IConstruct, { averageProcessing, messagesAtOnce }: BacklogOptions = {}): void {
  for (const [prop, got] of Object.entries({ averageProcessing, messagesAtOnce })) {
    if (got === undefined) continue;
    throw validationError(scope, 'BacklogWithoutScaling', {
      prop: `backlog.${prop}`,
      must: 'be left out with a fixed number of tasks, which the backlog does not change',
      got: got instanceof Duration ? got.toHumanString() : got,
      fix: 'use Scaling.between(min, max), or remove it',
    });
  }
}

/** Returns the number of waiting messages per task that scaling aims at. */
export function targetBacklog(scope: IConstruct, longestProcessing: Duration, options: BacklogOptions = {}): number {
  for (const [prop, value] of Object.entries(options)) requireResolved(scope, `backlog.${prop}`, value);
  requireInteger(scope, 'BacklogMessagesAtOnce', 'backlog.messagesAtOnce', options.messagesAtOnce, 1, 1000);
  const messagesAtOnce = options.messagesAtOnce ?? 1;
  const processing = (options.averageProcessing ?? longestProcessing).toMilliseconds();
  const latency = acceptableLatency(longestProcessing, options).toMilliseconds();
  if (processing <= 0) {
    throw validationError(scope, 'BacklogProcessingTime', {
      prop: 'backlog.averageProcessing',
      must: 'be longer than 0 seconds',
      got: `${processing / 1000} s`,
      fix: 'measure it, or leave it out for the longest processing time',
    });
  }
  const target = Math.round((100 * latency * messagesAtOnce) / processing) / 100;
  if (target >= 1) return target;
  throw validationError(scope, 'BacklogLatencyTooShort', {
    prop: 'backlog.acceptableLatency',
    must: 'be long enough for at least one message per task, because scaling would start idle tasks otherwise',
    got: `${latency / 1000} s, with ${processing / 1000} s for a message`,
    fix: 'allow more time, or set `backlog.averageProcessing` to a measured value',
  });
}

/** Returns the time that messages can wait. */
export function acceptableLatency(longestProcessing: Duration, options: BacklogOptions = {}): Duration {
  const processing = (options.averageProcessing ?? longestProcessing).toMilliseconds();
  const shortest = Math.ceil(processing / (options.messagesAtOnce ?? 1));
  return options.acceptableLatency ?? Duration.millis(Math.max(FIVE_MINUTES, shortest));
}

/** Adds target tracking on waiting messages per running task. */
export function scaleOnBacklog(worker: MeshService, queue: IQueue, taskCount: ScalableTaskCount, scaling: Scaling, target: number) {
  requireInsights(worker);
  const { scaleInCooldown = Duration.seconds(300), scaleOutCooldown = Duration.seconds(60) } = scaling._targets ?? {};
  const scalingTarget = taskCount.node.findChild('Target') as ScalableTarget;
  const { waiting, running } = metrics(worker, queue);
  // The L2 takes no metric math for target tracking.
  new CfnScalingPolicy(taskCount, 'Backlog', {
    policyName: `${worker.discoveryName}-backlog`,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: scalingTarget.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: target,
      scaleInCooldown: scaleInCooldown.toSeconds(),
      scaleOutCooldown: scaleOutCooldown.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          { id: 'backlog', label: 'Waiting messages per task', expression: BACKLOG_PER_TASK, returnData: true },
          metricQuery('waiting', waiting),
          metricQuery('running', running),
        ],
      },
    },
  });
  if (scaling.minTasks === 0) startFirstTask(taskCount, scalingTarget, { waiting, running });
}

/** Adds a step scaling policy for the first task, because target tracking multiplies the running tasks and cannot start from none. */
function startFirstTask(scope: ScalableTaskCount, scalingTarget: ScalableTarget, usingMetrics: Record<string, Metric>): void {
  const step = new StepScalingAction(scope, 'FirstTask', {
    scalingTarget,
    adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
    // Longer than a task takes to start, or each minute until then would add another.
    cooldown: Duration.seconds(300),
  });
  step.addAdjustment({ adjustment: 1, lowerBound: 0 });
  const alarm = new Alarm(scope, 'FirstTaskAlarm', {
    alarmDescription: 'Messages wait and no task runs',
    metric: new MathExpression({ expression: WAITING_FOR_NOBODY, usingMetrics, period: Duration.minutes(1) }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    // One minute may be one that Container Insights has not reported yet.
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new ApplicationScalingAction(step));
}

function metrics(worker: MeshService, queue: IQueue): { waiting: Metric; running: Metric } {
  return {
    waiting: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
    running: new Metric({
      namespace: 'ECS/ContainerInsights',
      metricName: 'RunningTaskCount',
      dimensionsMap: { ClusterName: worker.mesh.cluster.clusterName, ServiceName: worker.service.serviceName },
      period: Duration.minutes(1),
      statistic: 'Average',
    }),
  };
}

function metricQuery(id: string, metric: Metric): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty {
  const { namespace, metricName, dimensions = {}, statistic } = metric;
  return {
    id,
    metricStat: {
      metric: { namespace, metricName, dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) },
      stat: statistic,
    },
    returnData: false,
  };
}

/** Requires Container Insights: the number of running tasks is one of its metrics, and without it the policy would never have data. */
function requireInsights(worker: MeshService): void {
  const [missing] = missingInsights(worker);
  if (missing) throw validationError(worker, 'BacklogNeedsInsights', missing);
  // An Aspect can still turn it off.
  validateAtSynth(worker, 'BacklogNeedsInsights', () => missingInsights(worker));
}

function missingInsights(worker: MeshService): Violation[] {
  const isOn = hasContainerInsights(worker.mesh);
  if (isOn) return [];
  const violation = {
    prop: 'scaling',
    must:
      isOn === undefined
        ? 'be Scaling.fixed(count) while it is not known that the cluster has Container Insights, which counts the running tasks'
        : 'be Scaling.fixed(count) in a mesh without Container Insights, which counts the running tasks',
    fix:
      isOn === undefined
        ? 'ask the owner of the cluster, and state it with `MeshCluster.existing(cluster, { containerInsights })`'
        : 'leave `containerInsights` of the mesh out',
  };
  return [violation];
}
