import { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmOverride } from './alarm-override';
import { IMesh } from '../core/mesh';

/** Choices for the alarms of a mesh. */
export interface MeshAlarmsProps {
  /** Mesh whose components get alarms. */
  readonly mesh: IMesh;

  /**
   * What each alarm does when it begins and when it is over, such as `new SnsAction(topic)`; an empty list for alarms that are only seen.
   *
   * @default - a message to an encrypted topic of their own, `topic`
   */
  readonly actions?: IAlarmAction[];

  /**
   * Other thresholds, and alarms to leave out.
   *
   * @default - every alarm of docs/observability.md, with the threshold there
   */
  readonly overrides?: AlarmOverride[];
}
