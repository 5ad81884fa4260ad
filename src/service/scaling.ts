import { Duration, TimeZone, Token } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { BaseService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { OfficeHours } from '../core/office-hours';
import { warnOfZero } from './private/scale-from-zero';
import { requireReachableBounds, requireSchedules } from './private/scheduled-bounds';
import { ServiceScaling } from './private/service-scaling';
import { validationError, requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { countWhilePlaceholder } from '../core/private/placeholders';
import { requireSeconds } from '../core/private/require-seconds';
import { sorted } from '../core/private/sorted';

/** The largest integer of Application Auto Scaling. */
const LONGEST_COOLDOWN = 2_147_483_647;

/** The targets and cooldowns for the scaling of a service. */
export interface ScalingTargets {
  /**
   * The target for average CPU utilization, 1 to 100 percent.
   *
   * @default 70 - unless you specify another target
   */
  readonly cpuPercent?: number;

  /**
   * The target for average memory utilization, 1 to 100 percent.
   *
   * @default - no scaling on memory
   */
  readonly memoryPercent?: number;

  /**
   * The target for requests per minute and task, measured at the load balancer of the service's first route.
   *
   * @default - no scaling on requests
   */
  readonly requestsPerTarget?: number;

  /**
   * The minimum time between two scale-out actions.
   *
   * @default Duration.seconds(60)
   */
  readonly scaleOutCooldown?: Duration;

  /**
   * The minimum time between two scale-in actions.
   *
   * @default Duration.seconds(300)
   */
  readonly scaleInCooldown?: Duration;
}

/** The bounds from a scheduled time on. */
export interface ScheduledBounds {
  /** The schedule: `Schedule.cron({ hour: '7', minute: '30', weekDay: 'MON-FRI' })`, `Schedule.rate(duration)` or `Schedule.at(date)`. */
  readonly schedule: Schedule;

  /**
   * The minimum number of tasks from then on, 0 to 5,000.
   *
   * @default - unchanged
   */
  readonly minTasks?: number;

  /**
   * The maximum number of tasks from then on, 0 to 5,000.
   *
   * @default - unchanged
   */
  readonly maxTasks?: number;

  /**
   * The time zone of the schedule. Daylight saving time is observed.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
}

/**
 * Specifies the number of tasks of a service.
 *
 * @example
 * const scaling = Scaling.between(2, 10, { cpuPercent: 60, requestsPerTarget: 1000 });
 */
export class Scaling {
  /**
   * A fixed number of tasks.
   *
   * @param count number of tasks, 0 to 5000
   */
  public static fixed(count: number): Scaling {
    return new Scaling(count, count);
  }

  /**
   * Target tracking between two bounds. `DesiredCount` is not rendered, so a deployment never undoes scaling.
   *
   * @param min minimum number of tasks, 0 to 5000
   * @param max maximum number of tasks, above `min`
   * @param targets targets and cooldowns
   */
  public static between(min: number, max: number, targets: ScalingTargets = {}): Scaling {
    return new Scaling(min, max, targets);
  }

  private constructor(
    /** The minimum number of tasks. */
    public readonly minTasks: number,
    /** The maximum number of tasks. */
    public readonly maxTasks: number,
    private readonly targets?: ScalingTargets,
    private readonly boundsOnly = false,
    private readonly changes: { [name: string]: ScheduledBounds } = {},
    private readonly hours?: OfficeHours,
  ) {}

  /**
   * Returns a copy with other bounds from scheduled times on. The targets continue to apply between them.
   *
   * @param changes scheduled changes by name, unique in the service
   */
  public onSchedule(changes: { [name: string]: ScheduledBounds }): Scaling {
    return new Scaling(this.minTasks, this.maxTasks, this.targets, this.boundsOnly, { ...this.changes, ...changes }, this.hours);
  }

  /**
   * Returns a copy with no tasks outside of these hours. A deployment at night can start tasks until the next end of the hours.
   *
   * @param hours hours in which the service runs; `OfficeHours.always()` if the hours of the mesh do not apply to this service
   */
  public during(hours: OfficeHours): Scaling {
    return new Scaling(this.minTasks, this.maxTasks, this.targets, this.boundsOnly, this.changes, hours);
  }

  /**
   * Returns a copy with the hours of the mesh, unless it has its own.
   *
   * @internal
   */
  public _within(hours?: OfficeHours): Scaling {
    return this.hours || !hours ? this : this.during(hours);
  }

  /**
   * The targets; undefined with a fixed number.
   *
   * @internal
   */
  public get _targets(): ScalingTargets | undefined {
    return this.targets;
  }

  /**
   * Returns the same bounds without policies, for a service with its own scaling.
   *
   * @internal
   */
  public _withoutPolicies(): Scaling {
    return new Scaling(this.minTasks, this.maxTasks, this.targets, true, this.changes, this.hours);
  }

  /**
   * The value of `DesiredCount`; undefined while scaling is on.
   *
   * @internal
   */
  public get _desiredCount(): number | undefined {
    return this.targets || this.hasSchedule ? undefined : this.minTasks;
  }

  /**
   * The minimum and maximum number of tasks over all scheduled changes, but without hours.
   *
   * @internal
   */
  public get _bounds(): { readonly least: number; readonly most: number } {
    const changed = Object.values(this.changes).flatMap(({ minTasks = [], maxTasks = [] }) => [minTasks, maxTasks].flat());
    return { least: Math.min(this.minTasks, ...changed), most: Math.max(this.maxTasks, ...changed) };
  }

  /**
   * Returns true if the targets can leave the service without tasks and nothing starts the first one again: without tasks, their metrics have
   * no values.
   *
   * @internal
   */
  public get _staysAtZero(): boolean {
    if (!this.targets || this.boundsOnly || this._bounds.least > 0) return false;
    const restored = this.hours && !this.hours._isAlways ? this.minTasks : 0;
    return ![{ minTasks: restored }, ...Object.values(this.changes)].some(({ minTasks = 0 }) => minTasks > 0);
  }

  /** @internal */
  public _validate(scope: IConstruct): void {
    requireInteger(scope, 'TaskCountOutOfRange', this.targets ? 'scaling.min' : 'scaling.count', this.minTasks, 0, 5000);
    requireSchedules(scope, this.changes);
    requireReachableBounds(scope, this, this.changes);
    warnOfZero(scope, this);
    this.hours?._validate(scope);
    if (!this.targets) return;
    requireInteger(scope, 'TaskCountOutOfRange', 'scaling.max', this.maxTasks, 1, 5000);
    if (!Token.isUnresolved(this.minTasks) && !Token.isUnresolved(this.maxTasks) && this.maxTasks <= this.minTasks) {
      throw validationError(scope, 'ScalingBoundsReversed', {
        prop: 'scaling.max',
        must: `be above \`scaling.min\` (${this.minTasks})`,
        got: this.maxTasks,
        fix: 'use Scaling.fixed(count) for a constant number of tasks',
      });
    }
    requireInteger(scope, 'PercentOutOfRange', 'scaling.cpuPercent', this.targets.cpuPercent, 1, 100);
    requireInteger(scope, 'PercentOutOfRange', 'scaling.memoryPercent', this.targets.memoryPercent, 1, 100);
    requireInteger(scope, 'RequestsOutOfRange', 'scaling.requestsPerTarget', this.targets.requestsPerTarget, 1, 1_000_000);
    requireSeconds(scope, 'CooldownOutOfRange', 'scaling.scaleOutCooldown', this.targets.scaleOutCooldown, 0, LONGEST_COOLDOWN);
    requireSeconds(scope, 'CooldownOutOfRange', 'scaling.scaleInCooldown', this.targets.scaleInCooldown, 0, LONGEST_COOLDOWN);
  }

  /**
   * Creates the scalable target and its policies. Scaling on requests waits for the first route, which `onRoute` reports.
   *
   * @internal
   */
  public _bind(service: BaseService): ServiceScaling {
    if (!this.targets && !this.hasSchedule) return new ServiceScaling();
    // A placeholder takes nothing off a queue, whose backlog would start all the tasks there may be.
    const bound = (tasks: number) =>
      this.boundsOnly ? countWhilePlaceholder(service.taskDefinition, this.minTasks, tasks) : tasks;
    const count = service.autoScaleTaskCount({ minCapacity: this.minTasks, maxCapacity: bound(this.maxTasks) });
    this.bindSchedules(count, bound);
    if (!this.targets || this.boundsOnly) return new ServiceScaling(count);
    const { cpuPercent, memoryPercent, requestsPerTarget } = this.targets;
    const cooldown = {
      scaleOutCooldown: this.targets.scaleOutCooldown ?? Duration.seconds(60),
      scaleInCooldown: this.targets.scaleInCooldown ?? Duration.seconds(300),
    };
    const onlyDefault = memoryPercent === undefined && requestsPerTarget === undefined;
    const cpu = cpuPercent ?? (onlyDefault ? 70 : undefined);
    if (cpu !== undefined) count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpu, ...cooldown });
    if (memoryPercent !== undefined) {
      count.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: memoryPercent, ...cooldown });
    }
    return new ServiceScaling(count, requestsPerTarget, cooldown);
  }

  private get hasSchedule(): boolean {
    return Object.keys(this.changes).length > 0 || (this.hours !== undefined && !this.hours._isAlways);
  }

  private bindSchedules(count: ScalableTaskCount, bound: (tasks: number) => number): void {
    for (const [name, { schedule, minTasks, maxTasks, timeZone = TimeZone.ETC_UTC }] of sorted(this.changes)) {
      const minCapacity = minTasks === undefined ? undefined : bound(minTasks);
      const maxCapacity = maxTasks === undefined ? undefined : bound(maxTasks);
      count.scaleOnSchedule(name, { schedule, timeZone, minCapacity, maxCapacity });
    }
    if (!this.hours || this.hours._isAlways) return;
    const { timeZone } = this.hours;
    const open = { minCapacity: this.minTasks, maxCapacity: bound(this.maxTasks) };
    count.scaleOnSchedule('OfficeOpens', { schedule: Schedule.cron(this.hours._opening()), timeZone, ...open });
    count.scaleOnSchedule('OfficeCloses', {
      schedule: Schedule.cron(this.hours._closing()),
      timeZone,
      minCapacity: 0,
      maxCapacity: 0,
    });
  }
}

guard({ Scaling });
