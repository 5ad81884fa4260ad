import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationLoadBalancer, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { MetricRecord } from '../../core/metric-record';
import { MINUTE } from '../../core/private/alarms';
import { ComponentKind } from '../../core/topology-record';

/** Fewer errors in a minute are no rate: one of two requests at night would be 50 percent. */
const FEWEST_ERRORS = 5;

/** Which load balancer, in which network, and of which name for people. */
interface Observed {
  readonly owner: IConstruct;
  readonly vpc: IConstruct;
  readonly label: string;
  readonly loadBalancer: ApplicationLoadBalancer;
}

/** Lets alarms and dashboards see one side: what the load balancer itself does. */
export function observeSide({ owner, vpc, label, loadBalancer }: Observed): void {
  const metric = metricsOf({ LoadBalancer: loadBalancer.loadBalancerFullName });
  const requests = metric('RequestCount', 'Sum');
  MetricRecord.of(owner).add({
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
  });
}

/** Lets alarms and dashboards see one route: what its targets answer. */
export function observeRoute(observed: Observed, targetGroup: ApplicationTargetGroup, service: IConstruct): void {
  const { owner, vpc, label, loadBalancer } = observed;
  const metric = metricsOf({
    LoadBalancer: loadBalancer.loadBalancerFullName,
    TargetGroup: targetGroup.targetGroupFullName,
  });
  const requests = metric('RequestCount', 'Sum');
  MetricRecord.of(owner).add({
    owner,
    home: vpc,
    kind: ComponentKind.LOAD_BALANCER,
    label,
    service,
    metrics: [
      { id: 'Requests', title: 'Requests', metric: requests },
      {
        id: 'ErrorRate',
        title: 'Errors of targets (%)',
        metric: new MathExpression({
          expression: `IF(errors >= ${FEWEST_ERRORS}, 100 * errors / requests, 0)`,
          usingMetrics: { errors: metric('HTTPCode_Target_5XX_Count', 'Sum'), requests },
          label: '5xx',
          period: MINUTE,
        }),
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
        metric: metric('TargetResponseTime', 'p95'),
        alarm: {
          threshold: 2,
          evaluateLowSampleCountPercentile: 'ignore',
          description: `${label}: one of twenty requests waits for two seconds or more`,
        },
      },
      {
        id: 'UnhealthyTargets',
        title: 'Unhealthy targets',
        metric: metric('UnHealthyHostCount', 'Maximum'),
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
  });
}

function metricsOf(dimensionsMap: Record<string, string>) {
  return (metricName: string, statistic: string) =>
    new Metric({ namespace: 'AWS/ApplicationELB', metricName, statistic, dimensionsMap, period: MINUTE });
}
