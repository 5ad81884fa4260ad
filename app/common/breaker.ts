export interface BreakerProps {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one attempt may probe again. */
  readonly openMs: number;
  readonly now?: () => number;
}

/**
 * Stops asking something that keeps failing, so that callers do not pay a timeout each. After `openMs` one caller probes; its
 * outcome decides whether the rest may follow.
 */
export class Breaker {
  private failures = 0;
  private openUntil = 0;
  private readonly now: () => number;

  constructor(private readonly props: BreakerProps) {
    this.now = props.now ?? Date.now;
  }

  get isOpen(): boolean {
    return this.failures >= this.props.failures;
  }

  allows(): boolean {
    if (!this.isOpen) return true;
    if (this.now() < this.openUntil) return false;
    this.openUntil = this.now() + this.props.openMs; // the probe is under way: the others keep waiting
    return true;
  }

  success(): void {
    this.failures = 0;
  }

  failure(): void {
    this.failures++;
    if (this.isOpen) this.openUntil = this.now() + this.props.openMs;
  }
}
