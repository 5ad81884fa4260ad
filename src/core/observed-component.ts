import { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct, IDependable } from 'constructs';
import { ComponentKind } from './topology-record';

/** Properties for an alarm on a metric. */
export interface MetricAlarm {
  /** The threshold of the alarm. */
  readonly threshold: number;

  /** The alarm description for the on-call engineer. */
  readonly description: string;

  /**
   * The comparison of the metric with the threshold.
   *
   * @default ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
   */
  readonly comparisonOperator?: ComparisonOperator;

  /**
   * The number of periods over which the metric is compared with the threshold, 1 or more.
   *
   * @default 5
   */
  readonly evaluationPeriods?: number;

  /**
   * The number of evaluation periods that must breach the threshold.
   *
   * @default - all
   */
  readonly datapointsToAlarm?: number;

  /**
   * Specifies how the alarm treats periods without data. AWS reports many metrics only while there is something to report.
   *
   * @default TreatMissingData.NOT_BREACHING
   */
  readonly treatMissingData?: TreatMissingData;

  /**
   * The resources after which the alarm is created. An alarm for which missing data is breaching would otherwise go off before its metric
   * has data.
   *
   * @default - none
   */
  readonly createdAfter?: IDependable[];

  /**
   * Specifies how the alarm treats a percentile of few samples: `ignore` keeps the current state, `evaluate` evaluates the alarm anyway.
   *
   * @default evaluate
   */
  readonly evaluateLowSampleCountPercentile?: string;

  /**
   * Specifies whether a deployment rolls back when the alarm goes off. Use it for metrics that tell a faulty version from a busy one.
   *
   * @default false
   */
  readonly rollsBack?: boolean;
}

/** A metric of a component. */
export interface ObservedMetric {
  /** The name of the metric, such as `Cpu`, unique among the metrics of its owner. Alarms are named after it, and overrides refer to it. */
  readonly id: string;

  /** The title of the graph, with its unit, such as `CPU (%)`. Metrics with the same title share a graph. */
  readonly title: string;

  /** The metric. */
  readonly metric: IMetric;

  /**
   * The alarm on the metric.
   *
   * @default - no alarm; the dashboard shows the metric
   */
  readonly alarm?: MetricAlarm;
}

/** A component of the mesh that has metrics and alarms. */
export interface ObservedComponent {
  /** The construct that the metrics belong to. */
  readonly owner: IConstruct;

  /** The mesh of the component, or its network if it belongs to no mesh. */
  readonly home: IConstruct;

  /** The section of the dashboard. */
  readonly kind: ComponentKind;

  /** A short display name. */
  readonly label: string;

  /** The metrics, in the order of their graphs. */
  readonly metrics: ObservedMetric[];

  /**
   * The service whose deployments affect these metrics.
   *
   * @default - no service
   */
  readonly service?: IConstruct;
}
