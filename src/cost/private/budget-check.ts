import { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { money } from './cost-markdown';
import { DEAREST } from './price-resource';
import { MonthlyBudget } from '../monthly-budget';
import { UnknownValue } from '../unknown-value';

/** The totals of a report that a budget is compared with. */
export interface Totals {
  readonly total: number;
  readonly maxTotal: number;
  readonly missingPrices: string[];
  readonly unknownValues: UnknownValue[];
}

/** Fails synthesis if the report exceeds the budget. */
export class BudgetCheck implements IPolicyValidationPlugin {
  public readonly name = 'CostReport';
  public readonly ruleIds = ['OverBudget', 'BudgetUnknown'];

  constructor(
    private readonly report: () => Totals,
    private readonly budget: MonthlyBudget,
  ) {}

  public validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    if (templatePaths.length === 0) return { success: true, violations: [] };
    const complaint = complain(this.report(), this.budget);
    if (!complaint) return { success: true, violations: [] };
    const violatingResources = templatePaths.map((templatePath) => ({ resourceLogicalId: '', templatePath, locations: [] }));
    return { success: false, violations: [{ ...complaint, violatingResources }] };
  }
}

function complain({ total, maxTotal, missingPrices, unknownValues }: Totals, { _amount: amount, _atMost: atMost }: MonthlyBudget) {
  const cost = atMost ? maxTotal : total;
  if (cost > amount) {
    return {
      ruleName: 'OverBudget',
      description: `The app costs ${money(cost)} USD a month, ${money(cost - amount)} above its budget of ${money(amount)}.`,
      fix: 'cost-report.md in the cloud assembly lists every item; reduce the cost, or increase `budget`.',
    };
  }
  if (missingPrices.length > 0) {
    return {
      ruleName: 'BudgetUnknown',
      description: `The budget cannot be held, since there is no price for ${missingPrices.join(', ')}.`,
      fix: 'Give `prices` with `PriceTable.usEast1().with({ ... })`.',
    };
  }
  // The most expensive branch is known to be enough.
  const open = unknownValues.filter(({ taken }) => taken !== DEAREST);
  if (open.length > 0) {
    return {
      ruleName: 'BudgetUnknown',
      description: `The budget cannot be held, since only a deployment knows ${open.map(({ path }) => path).join(', ')}.`,
      fix: 'cost-report.md lists the reasons and the values that were used instead; specify the values in the template, such as with a default for a parameter.',
    };
  }
  return undefined;
}
