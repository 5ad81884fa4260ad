import { guard } from '../core/private/guard';

/**
 * A monthly budget for an app. Synthesis fails if the cost report exceeds it.
 *
 * @example
 * CostReport.attach(this, { budget: MonthlyBudget.usd(150) });
 */
export class MonthlyBudget {
  /**
   * A budget for the fixed cost and the assumed usage together, with every service at its minimum number of tasks.
   *
   * @param amount USD, above 0
   */
  public static usd(amount: number): MonthlyBudget {
    return new MonthlyBudget(amount, false);
  }

  /**
   * A budget that must also hold with every service at its maximum number of tasks and every group at its maximum number of hosts.
   *
   * @param amount USD, above 0
   */
  public static maxUsd(amount: number): MonthlyBudget {
    return new MonthlyBudget(amount, true);
  }

  private constructor(
    /** The budget in USD. @internal */
    public readonly _amount: number,
    /** Indicates whether the budget must also hold at the upper bounds of scaling. @internal */
    public readonly _atMost: boolean,
  ) {}
}

guard({ MonthlyBudget });
