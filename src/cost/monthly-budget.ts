/**
 * A limit for what an app may cost in a month; the synthesis fails above it.
 *
 * @example
 * CostReport.attach(this, { budget: MonthlyBudget.usd(150) });
 */
export class MonthlyBudget {
  /**
   * A limit for the fixed part and the assumed usage together, with every service at its fewest tasks.
   *
   * @param amount USD, above 0
   */
  public static usd(amount: number): MonthlyBudget {
    return new MonthlyBudget(amount, false);
  }

  /**
   * A limit that must also hold when every service runs its most tasks and every group its most hosts.
   *
   * @param amount USD, above 0
   */
  public static maxUsd(amount: number): MonthlyBudget {
    return new MonthlyBudget(amount, true);
  }

  private constructor(
    /** The limit in USD. */
    public readonly amount: number,
    /** Whether it must hold at the upper ends of scaling. */
    public readonly atMost: boolean,
  ) {}
}
