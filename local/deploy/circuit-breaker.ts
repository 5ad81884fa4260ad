import { BreakerPlan } from './deployment-plan';

const BOUNDS = { min: 3, max: 200 };

/**
 * The number of failures that fails a deployment: by default half of the desired count, rounded up, at least 3 and at most 200.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function failureThreshold({ threshold: { type, value } }: Pick<BreakerPlan, 'threshold'>, desiredCount: number): number {
  if (type === 'COUNT') return value;
  const share = Math.ceil((value / 100) * desiredCount);
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(BOUNDS.max, Math.max(BOUNDS.min, share));
}

/** Counts tasks of a deployment that do not start or do not become healthy. */
export class CircuitBreaker {
  public failures = 0;

  constructor(
    private readonly plan: BreakerPlan,
    private readonly desiredCount: number,
  ) {}

  public get threshold(): number {
    return failureThreshold(this.plan, this.desiredCount);
  }

  public get tripped(): boolean {
    return this.plan.enabled && this.failures >= this.threshold;
  }

  public taskFailed(): void {
    this.failures++;
  }

  /** By default, only failures in a row count. */
  public taskIsHealthy(): void {
    if (this.plan.resetOnHealthyTask && !this.tripped) this.failures = 0;
  }
}
