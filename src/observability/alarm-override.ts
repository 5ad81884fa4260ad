import { IConstruct } from 'constructs';
import { guard } from '../core/private/guard';

/**
 * The settings of one component that differ from the defaults of MeshAlarms.
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
   * Sets another threshold, or creates an alarm for a metric that has none.
   *
   * @param component service, route, side, store, queue worker, job or database
   * @param metric ID of the metric, such as `Cpu`; https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/observability.md lists them
   * @param threshold threshold of the alarm
   */
  public static threshold(component: IConstruct, metric: string, threshold: number): AlarmOverride {
    return new AlarmOverride(component, metric, threshold);
  }

  /**
   * Leaves an alarm out.
   *
   * @param component service, route, side, store, queue worker, job or database
   * @param metric ID of the metric, such as `Cpu`; https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/observability.md lists them
   * @param reason reason, which the dashboard shows
   */
  public static leaveOut(component: IConstruct, metric: string, reason: string): AlarmOverride {
    return new AlarmOverride(component, metric, undefined, reason);
  }

  private constructor(
    /** The component of the alarm. @internal */
    public readonly _component: IConstruct,
    /** The ID of the metric. @internal */
    public readonly _metric: string,
    /**
     * The threshold that replaces the default; undefined if the alarm is left out.
     *
     * @internal
     */
    public readonly _threshold?: number,
    /** The reason why the alarm is left out; undefined if it is not. @internal */
    public readonly _reason?: string,
  ) {}
}

guard({ AlarmOverride });
