import { Size } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { MetricRecord } from '../../core/metric-record';
import { MINUTE } from '../../core/private/alarms';
import { ComponentKind } from '../../core/topology-record';

/** The fraction of free storage below which RDS counts a disk as nearly full, at 85 percent. A full disk stops the database. */
const FREE_SHARE = 0.15;

/** Registers a database for alarms and dashboards of the mesh. */
export function observeDatabase(owner: IConstruct, mesh: IMesh, label: string, instance: DatabaseInstance, storage: Size): void {
  MetricRecord.of(owner)._observe(() => ({
    owner,
    home: mesh,
    kind: ComponentKind.DATABASE,
    label,
    metrics: [
      {
        id: 'Cpu',
        title: 'CPU (%)',
        metric: instance.metricCPUUtilization({ period: MINUTE, statistic: 'Average' }),
        alarm: { threshold: 90, evaluationPeriods: 10, description: `${label}: the CPU of the database is used up` },
      },
      {
        id: 'FreeStorage',
        title: 'Free storage (bytes)',
        metric: instance.metricFreeStorageSpace({ period: MINUTE, statistic: 'Minimum' }),
        alarm: {
          threshold: Math.round(storage.toBytes() * FREE_SHARE),
          comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
          description: `${label}: the disk is nearly full; a full one stops the database`,
        },
      },
      {
        id: 'Connections',
        title: 'Connections',
        metric: instance.metricDatabaseConnections({ period: MINUTE, statistic: 'Maximum' }),
      },
      {
        id: 'FreeMemory',
        title: 'Free memory (bytes)',
        metric: instance.metricFreeableMemory({ period: MINUTE, statistic: 'Minimum' }),
      },
    ],
  }));
}
