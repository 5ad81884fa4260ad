import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmOverride } from './alarm-override';
import { IMesh } from '../core/mesh';

/** Properties for the alarms of a mesh. */
export interface MeshAlarmsProps {
  /** The mesh whose components have alarms. */
  readonly mesh: IMesh;

  /**
   * The actions of each alarm when it goes off and when it returns to OK, such as `new SnsAction(topic)`. Pass an empty list for alarms
   * that only show in the console.
   *
   * @default - publish to an encrypted topic that is created, `topic`
   */
  readonly actions?: IAlarmAction[];

  /**
   * The overrides: other thresholds, and alarms to leave out.
   *
   * @default - every alarm in https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/observability.md, with its threshold
   */
  readonly overrides?: AlarmOverride[];
}
