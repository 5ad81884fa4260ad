import { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { ComponentKind } from './topology-record';

/** When a metric needs a person. */
export interface MetricAlarm {
  /** Value that is bad. */
  readonly threshold: number;

  /** What it means, for whom it wakes up. */
  readonly description: string;

  /**
   * Which side of the threshold is bad.
   *
   * @default ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
   */
  readonly comparisonOperator?: ComparisonOperator;

  /**
   * Periods of the metric that are looked at, 1 or more.
   *
   * @default 5
   */
  readonly evaluationPeriods?: number;

  /**
   * How many of them must be bad.
   *
   * @default - all
   */
  readonly datapointsToAlarm?: number;

  /**
   * What a period without data is. AWS reports many metrics only while there is something to report.
   *
   * @default TreatMissingData.NOT_BREACHING
   */
  readonly treatMissingData?: TreatMissingData;

  /**
   * What a percentile of a few samples is: `ignore` keeps the state, `evaluate` believes it.
   *
   * @default evaluate
   */
  readonly evaluateLowSampleCountPercentile?: string;

  /**
   * Whether a deployment should roll back on it: it tells a bad version from a busy one.
   *
   * @default false
   */
  readonly rollsBack?: boolean;
}

/** One metric of a component. */
export interface ObservedMetric {
  /** Name of the metric, unique among those of its owner, such as `Cpu`. Alarms are named and excepted by it. */
  readonly id: string;

  /** What the graph shows, with its unit, such as `CPU (%)`; metrics of one title share a graph. */
  readonly title: string;

  /** The metric. */
  readonly metric: IMetric;

  /**
   * When it needs a person.
   *
   * @default - it is shown, and nobody is called
   */
  readonly alarm?: MetricAlarm;
}

/** A component of the mesh whose metrics can be seen and alarmed on. */
export interface ObservedComponent {
  /** Construct that the metrics are about. */
  readonly owner: IConstruct;

  /** Mesh that it belongs to, or the network where it knows no mesh. */
  readonly home: IConstruct;

  /** Section of the dashboard. */
  readonly kind: ComponentKind;

  /** Short name for people. */
  readonly label: string;

  /** The metrics, in the order of their graphs. */
  readonly metrics: ObservedMetric[];

  /**
   * Service whose deployments change these metrics.
   *
   * @default - none, or not known
   */
  readonly service?: IConstruct;
}
