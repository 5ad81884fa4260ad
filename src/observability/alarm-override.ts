import { IConstruct } from 'constructs';

/**
 * What one component of a mesh does differently from the defaults of MeshAlarms.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const report: MeshService;
 * new MeshAlarms(this, 'Alarms', {
 *   mesh,
 *   overrides: [
 *     AlarmOverride.threshold(report, 'Memory', 97),
 *     AlarmOverride.leaveOut(report, 'Cpu', 'It computes all night, and nobody waits for it'),
 *   ],
 * });
 */
export class AlarmOverride {
  /**
   * Another threshold; for a metric that has no alarm, one at this value.
   *
   * @param component the service, route, side, store, queue worker, job or database
   * @param metric id of the metric, such as `Cpu`; docs/observability.md lists them
   * @param threshold the value that is bad
   */
  public static threshold(component: IConstruct, metric: string, threshold: number): AlarmOverride {
    return new AlarmOverride(component, metric, threshold);
  }

  /**
   * No alarm.
   *
   * @param component the service, route, side, store, queue worker, job or database
   * @param metric id of the metric, such as `Cpu`; docs/observability.md lists them
   * @param reason why nobody needs to know; the dashboard shows it
   */
  public static leaveOut(component: IConstruct, metric: string, reason: string): AlarmOverride {
    return new AlarmOverride(component, metric, undefined, reason);
  }

  private constructor(
    /** Whose alarm it is. */
    public readonly component: IConstruct,
    /** Id of the metric. */
    public readonly metric: string,
    /** The other threshold; absent where there is no alarm. */
    public readonly thresholdValue?: number,
    /** Why there is no alarm; absent where there is one. */
    public readonly reason?: string,
  ) {}
}
