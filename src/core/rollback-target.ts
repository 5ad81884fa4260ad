import { IConstruct } from 'constructs';

/** A component whose deployments roll back on alarms, such as a service. */
export interface IRollbackTarget extends IConstruct {
  /**
   * Rolls back deployments when this alarm goes off.
   *
   * @param alarmName literal name of the alarm: a reference to an alarm on this service would be a circular dependency
   */
  addRollbackAlarm(alarmName: string): void;
}
