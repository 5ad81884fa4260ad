import { IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { MetricRecord } from '../../core/metric-record';
import { MINUTE } from '../../core/private/alarms';
import { ComponentKind } from '../../core/topology-record';

/** The minimum number of errors in a minute for an error rate: one of two requests at night would be 50 percent. */
const FEWEST_ERRORS = 5;

/** The load balancer that is observed, its network, and its name for people. */
interface Observed {
  readonly owner: IConstruct;
  readonly vpc: IConstruct;
  readonly label: string;
  /** The name of the load balancer in metrics, such as `app/public/50dc6c495c0c9188`. */
  readonly loadBalancerFullName: string;
}

/** Registers one side for alarms and dashboards, with the metrics of the load balancer itself. */
export function observeSide({ owner, vpc, label, loadBalancerFullName }: Observed): void {
  MetricRecord.of(owner)._observe(() => {
    const metric = metricsOf({ LoadBalancer: loadBalancerFullName });
    const requests = metric('RequestCount', 'Sum');
    return {
      owner,
      home: vpc,
      kind: ComponentKind.LOAD_BALANCER,
      label,
      metrics: [
        { id: 'Requests', title: 'Requests', metric: requests },
        {
          id: 'ErrorRate',
          title: 'Errors of the load balancer (%)',
          metric: new MathExpression({
            // Requests that reach no target are not among its requests.
            expression: `IF(errors >= ${FEWEST_ERRORS}, 100 * errors / SUM([errors, requests]), 0)`,
            usingMetrics: { errors: metric('HTTPCode_ELB_5XX_Count', 'Sum'), requests },
            label: '5xx',
            period: MINUTE,
          }),
          alarm: {
            threshold: 5,
            evaluationPeriods: 5,
            datapointsToAlarm: 3,
            description: `${label}: requests find no target, or targets break off or time out`,
          },
        },
        { id: 'Latency', title: 'Response time of targets (s)', metric: metric('TargetResponseTime', 'p95') },
        { id: 'Connections', title: 'Connections', metric: metric('ActiveConnectionCount', 'Sum') },
      ],
    };
  });
}

/**
 * Registers one route for alarms and dashboards, with the metrics of its targets. Deployments with two target groups shift traffic between
 * them, so both are observed, and the worse one counts: the few errors of a new version must not be hidden by the requests of the old one.
 */
export function observeRoute(observed: Observed, targetGroups: ApplicationTargetGroup[], service: IConstruct): void {
  const { owner, vpc, label, loadBalancerFullName } = observed;
  MetricRecord.of(owner)._observe(() => {
    const groups = targetGroups.map((group, i) => ({
      metric: metricsOf({ LoadBalancer: loadBalancerFullName, TargetGroup: group.targetGroupFullName }),
      suffix: targetGroups.length > 1 ? String(i + 1) : '',
    }));
    const each = (metricName: string, statistic: string) => groups.map(({ metric }) => metric(metricName, statistic));
    return {
      owner,
      home: vpc,
      kind: ComponentKind.LOAD_BALANCER,
      label,
      service,
      metrics: [
        { id: 'Requests', title: 'Requests', metric: combine('SUM', 'requests', each('RequestCount', 'Sum')) },
        {
          id: 'ErrorRate',
          title: 'Errors of targets (%)',
          metric: combine(
            'MAX',
            'rate',
            groups.map(({ metric, suffix }) => errorRate(metric, suffix)),
          ),
          alarm: {
            threshold: 5,
            evaluationPeriods: 5,
            datapointsToAlarm: 3,
            rollsBack: true,
            description: `${label}: the service answers with 5xx; see its logs`,
          },
        },
        {
          id: 'Latency',
          title: 'Response time (s)',
          metric: combine('MAX', 'latency', each('TargetResponseTime', 'p95')),
          alarm: {
            threshold: 2,
            evaluateLowSampleCountPercentile: groups.length === 1 ? 'ignore' : undefined,
            description: `${label}: one of twenty requests waits for two seconds or more`,
          },
        },
        {
          id: 'UnhealthyTargets',
          title: 'Unhealthy targets',
          metric: combine('MAX', 'unhealthy', each('UnHealthyHostCount', 'Maximum')),
          alarm: {
            threshold: 1,
            // A new task may fail its first checks while it starts.
            evaluationPeriods: 5,
            datapointsToAlarm: 3,
            rollsBack: true,
            description: `${label}: targets fail their health check`,
          },
        },
      ],
    };
  });
}

/** Returns the error rate. The names in an expression must be unique, including those of nested expressions. */
function errorRate(metric: MetricOf, suffix: string): IMetric {
  const [errors, requests] = [`errors${suffix}`, `requests${suffix}`];
  return new MathExpression({
    expression: `IF(${errors} >= ${FEWEST_ERRORS}, 100 * ${errors} / ${requests}, 0)`,
    usingMetrics: { [errors]: metric('HTTPCode_Target_5XX_Count', 'Sum'), [requests]: metric('RequestCount', 'Sum') },
    label: '5xx',
    period: MINUTE,
  });
}

function combine(how: 'SUM' | 'MAX', name: string, metrics: IMetric[]): IMetric {
  if (metrics.length === 1) return metrics[0];
  const usingMetrics = Object.fromEntries(metrics.map((metric, i) => [`${name}${i + 1}`, metric]));
  return new MathExpression({
    expression: `${how}([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    label: name,
    period: MINUTE,
  });
}

type MetricOf = (metricName: string, statistic: string) => Metric;

function metricsOf(dimensionsMap: Record<string, string>): MetricOf {
  return (metricName, statistic) =>
    new Metric({ namespace: 'AWS/ApplicationELB', metricName, statistic, dimensionsMap, period: MINUTE });
}
