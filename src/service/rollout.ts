import { DeploymentCircuitBreaker } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { invalid, requireInteger } from '../core/private/errors';

/** How many tasks may run during a rolling deployment. */
export interface RollingOptions {
  /**
   * Share of the desired tasks that stay healthy, 0 to 100 percent.
   *
   * @default 100
   */
  readonly minHealthyPercent?: number;

  /**
   * Share of the desired tasks that may run at once, 100 to 200 percent.
   *
   * @default 200
   */
  readonly maxHealthyPercent?: number;
}

/** What a service is told about its deployments. */
interface RolloutConfig {
  readonly minHealthyPercent: number;
  readonly maxHealthyPercent: number;
  readonly circuitBreaker: DeploymentCircuitBreaker;
}

/**
 * How a new version replaces the old one.
 *
 * @example
 * const rollout = Rollout.rolling({ minHealthyPercent: 50 });
 */
export abstract class Rollout {
  /**
   * New tasks start before old ones stop. The circuit breaker ends a deployment that cannot become healthy, and rolls it back,
   * instead of retrying for three hours.
   *
   * @param options bounds of healthy tasks
   */
  public static rolling(options: RollingOptions = {}): Rollout {
    return new RollingRollout(options);
  }

  /** @internal */
  public abstract _bind(scope: IConstruct): RolloutConfig;
}

class RollingRollout extends Rollout {
  public constructor(private readonly options: RollingOptions) {
    super();
  }

  /** @internal */
  public _bind(scope: IConstruct): RolloutConfig {
    const { minHealthyPercent = 100, maxHealthyPercent = 200 } = this.options;
    requireInteger(scope, 'PercentOutOfRange', 'rollout.minHealthyPercent', minHealthyPercent, 0, 100);
    requireInteger(scope, 'PercentOutOfRange', 'rollout.maxHealthyPercent', maxHealthyPercent, 100, 200);
    if (minHealthyPercent === maxHealthyPercent) {
      throw invalid(scope, 'RolloutCannotMove', {
        prop: 'rollout.maxHealthyPercent',
        must: 'be above `rollout.minHealthyPercent`, or no task can be replaced',
        got: maxHealthyPercent,
        fix: 'lower `minHealthyPercent` to replace in place, or raise `maxHealthyPercent`',
      });
    }
    return { minHealthyPercent, maxHealthyPercent, circuitBreaker: { enable: true, rollback: true } };
  }
}
