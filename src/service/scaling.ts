import { Duration } from 'aws-cdk-lib';
import { BaseService } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { ServiceScaling } from './private/service-scaling';
import { invalid, requireInteger } from '../core/private/errors';

/** What a service scales on, and how fast. */
export interface ScalingTargets {
  /**
   * Average CPU use to keep, 1 to 100 percent.
   *
   * @default 70 - unless another target is given
   */
  readonly cpuPercent?: number;

  /**
   * Average memory use to keep, 1 to 100 percent.
   *
   * @default - memory is not a reason to scale
   */
  readonly memoryPercent?: number;

  /**
   * Requests per minute and task to keep, counted at the load balancer of the service's first route.
   *
   * @default - requests are not a reason to scale
   */
  readonly requestsPerTarget?: number;

  /**
   * Least time between two additions of tasks.
   *
   * @default Duration.seconds(60)
   */
  readonly scaleOutCooldown?: Duration;

  /**
   * Least time between two removals of tasks.
   *
   * @default Duration.seconds(300)
   */
  readonly scaleInCooldown?: Duration;
}

/**
 * How many tasks a service runs.
 *
 * @example
 * const scaling = Scaling.between(2, 10, { cpuPercent: 60, requestsPerTarget: 1000 });
 */
export class Scaling {
  /**
   * Always the same number of tasks.
   *
   * @param count tasks, 0 to 5000
   */
  public static fixed(count: number): Scaling {
    return new Scaling(count, count);
  }

  /**
   * Target tracking between two bounds. `DesiredCount` is not rendered, so a deployment never undoes what scaling did.
   *
   * @param min fewest tasks, 0 to 5000
   * @param max most tasks, above `min`
   * @param targets what to scale on
   */
  public static between(min: number, max: number, targets: ScalingTargets = {}): Scaling {
    return new Scaling(min, max, targets);
  }

  private constructor(
    /** Fewest tasks. */
    public readonly minTasks: number,
    /** Most tasks. */
    public readonly maxTasks: number,
    private readonly targets?: ScalingTargets,
    private readonly boundsOnly = false,
  ) {}

  /**
   * What it scales on; absent with a fixed number.
   *
   * @internal
   */
  public get _targets(): ScalingTargets | undefined {
    return this.targets;
  }

  /**
   * The same bounds without policies, for a service that scales on something of its own.
   *
   * @internal
   */
  public _withoutPolicies(): Scaling {
    return new Scaling(this.minTasks, this.maxTasks, this.targets, true);
  }

  /**
   * What `DesiredCount` says; absent while scaling is on.
   *
   * @internal
   */
  public get _desiredCount(): number | undefined {
    return this.targets ? undefined : this.minTasks;
  }

  /** @internal */
  public _validate(scope: IConstruct): void {
    requireInteger(scope, 'TaskCountOutOfRange', this.targets ? 'scaling.min' : 'scaling.count', this.minTasks, 0, 5000);
    if (!this.targets) return;
    requireInteger(scope, 'TaskCountOutOfRange', 'scaling.max', this.maxTasks, 1, 5000);
    if (this.maxTasks <= this.minTasks) {
      throw invalid(scope, 'ScalingBoundsReversed', {
        prop: 'scaling.max',
        must: `be above \`scaling.min\` (${this.minTasks})`,
        got: this.maxTasks,
        fix: 'use Scaling.fixed(count) for a constant number of tasks',
      });
    }
    requireInteger(scope, 'PercentOutOfRange', 'scaling.cpuPercent', this.targets.cpuPercent, 1, 100);
    requireInteger(scope, 'PercentOutOfRange', 'scaling.memoryPercent', this.targets.memoryPercent, 1, 100);
    requireInteger(scope, 'RequestsOutOfRange', 'scaling.requestsPerTarget', this.targets.requestsPerTarget, 1, 1_000_000);
  }

  /**
   * Creates target and policies. Scaling on requests waits for the first route, which `onRoute` reports.
   *
   * @internal
   */
  public _bind(service: BaseService): ServiceScaling {
    if (!this.targets) return new ServiceScaling();
    const { cpuPercent, memoryPercent, requestsPerTarget } = this.targets;
    const cooldown = {
      scaleOutCooldown: this.targets.scaleOutCooldown ?? Duration.seconds(60),
      scaleInCooldown: this.targets.scaleInCooldown ?? Duration.seconds(300),
    };
    const count = service.autoScaleTaskCount({ minCapacity: this.minTasks, maxCapacity: this.maxTasks });
    if (this.boundsOnly) return new ServiceScaling(count);
    const onlyDefault = memoryPercent === undefined && requestsPerTarget === undefined;
    const cpu = cpuPercent ?? (onlyDefault ? 70 : undefined);
    if (cpu !== undefined) count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpu, ...cooldown });
    if (memoryPercent !== undefined) {
      count.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: memoryPercent, ...cooldown });
    }
    return new ServiceScaling(count, requestsPerTarget, cooldown);
  }
}
