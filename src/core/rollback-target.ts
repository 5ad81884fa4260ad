import { IConstruct } from 'constructs';

/** Something whose deployments roll back on alarms, such as a service. */
export interface IRollbackTarget extends IConstruct {
  /**
   * Roll back a deployment when this alarm goes off.
   *
   * @param alarmName name of the alarm, written out: a reference to an alarm on this very service would close a circle
   */
  addRollbackAlarm(alarmName: string): void;
}
