import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { CostLine } from './cost-line';
import { MonthlyBudget } from './monthly-budget';
import { MonthlyUsage } from './monthly-usage';
import { PriceTable } from './price-table';
import { BudgetCheck } from './private/budget-check';
import { renderMarkdown } from './private/cost-markdown';
import { assumptions, priceApp, PricedApp } from './private/price-app';
import { ReportWriter } from './private/report-writer';
import { UnknownValue } from './unknown-value';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { AppTemplates } from '../template/private/app-templates';
import { readAssembly } from '../template/private/assembly';
import { readTree } from '../template/private/construct-tree';

/** Properties for a cost report. */
export interface CostReportProps {
  /**
   * The price table.
   *
   * @default - the prices of the stacks' Region if it is us-east-1 or eu-west-1; otherwise those of us-east-1, which the report states
   */
  readonly prices?: PriceTable;

  /**
   * The assumed monthly usage.
   *
   * @default - a small web app, see `MonthlyUsage`
   */
  readonly usage?: MonthlyUsage;

  /**
   * The monthly budget. Synthesis fails if the report exceeds it.
   *
   * @default - no limit
   */
  readonly budget?: MonthlyBudget;
}

/**
 * Estimates the monthly cost of an app from its templates: the fixed part, the part that depends on usage with the assumptions made, and
 * both at the upper bound of scaling. Schedules that stop services or databases are taken into account.
 *
 * The report lists every item without a price, every resource type without a rule, and every value that is known only at deployment. It
 * does not include taxes, free tiers, discounts, data transfer to the internet, AWS Support, and charges below one cent a month in a small
 * app.
 *
 * @see https://aws.amazon.com/pricing/
 *
 * @example
 * CostReport.attach(this, { budget: MonthlyBudget.usd(150), usage: { networkGb: 50 } });
 */
export class CostReport {
  /**
   * Writes `cost-report.json` and `cost-report.md` into the cloud assembly whenever the app is synthesized, and checks the budget.
   *
   * The budget is checked by a CDK validation plugin, which `CDK_VALIDATION=false` disables together with all validations.
   *
   * @param scope any construct of the app, or of the stage
   * @param props prices, usage and budget
   */
  public static attach(scope: IConstruct, props: CostReportProps = {}): void {
    if (props.budget && !(props.budget._amount > 0)) {
      throw validationError(scope, 'BudgetNotPositive', {
        prop: 'budget',
        must: 'be above 0 USD',
        got: props.budget._amount,
        fix: 'leave `budget` out for a report without a limit',
      });
    }
    const report = ReportWriter.of(scope).add((stage) => CostReport.ofTemplates(readTree(stage), props));
    if (props.budget) Validations.of(scope).addPlugins(new BudgetCheck(report, props.budget));
  }

  /**
   * Creates the report of a synthesized app.
   *
   * @param directory folder of the cloud assembly, such as `cdk.out`
   * @param props prices and usage; the budget is ignored
   */
  public static fromAssembly(directory: string, props: CostReportProps = {}): CostReport {
    return CostReport.ofTemplates(readAssembly(directory), props);
  }

  private static ofTemplates(app: AppTemplates, props: CostReportProps): CostReport {
    const region = app.templates.map(({ source }) => source.region).find((one) => one !== undefined);
    const prices = props.prices ?? (region === 'eu-west-1' ? PriceTable.euWest1() : PriceTable.usEast1());
    const usage = assumptions(props.usage);
    return new CostReport(priceApp(app, prices, usage), prices, usage);
  }

  /** The Region and date of the prices, such as `us-east-1, 2026-11`. */
  public readonly pricesOf: string;

  private constructor(
    private readonly app: PricedApp,
    private readonly prices: PriceTable,
    private readonly usage: Required<MonthlyUsage>,
  ) {
    this.pricesOf = `${prices.region}, ${prices.date}`;
  }

  /** A copy of the line items, in the order of the templates. */
  public get lines(): CostLine[] {
    return [...this.app.lines];
  }

  /** The monthly cost in USD that does not depend on usage, with every service at its minimum number of tasks. */
  public get fixed(): number {
    return sum(this.app.lines.filter(({ assumed }) => !assumed).map(({ monthly }) => monthly));
  }

  /** The monthly cost in USD of the assumed usage. */
  public get byUse(): number {
    return sum(this.app.lines.filter(({ assumed }) => assumed).map(({ monthly }) => monthly));
  }

  /** The monthly cost in USD, fixed and usage-based, with every service at its minimum number of tasks. */
  public get total(): number {
    return this.fixed + this.byUse;
  }

  /**
   * The monthly cost in USD, fixed and usage-based, with every service at its maximum number of tasks and every group at its maximum number
   * of hosts.
   */
  public get maxTotal(): number {
    return sum(this.app.lines.map(({ maxMonthly }) => maxMonthly));
  }

  /**
   * Returns the monthly cost in USD, fixed and usage-based, of everything under a construct path, such as that of a stack.
   *
   * @param path construct path, such as `Shop` or `Shop/Api`
   */
  public totalUnder(path: string): number {
    const within = this.app.lines.filter((line) => `${line.path}/`.startsWith(`${path}/`));
    return sum(within.map(({ monthly }) => monthly));
  }

  /** The keys of the prices that the table does not have. */
  public get missingPrices(): string[] {
    return [...new Set(this.unpriced().map(({ priceKey }) => priceKey))].sort();
  }

  /** The resource types that may be billed and for which there is no pricing rule. */
  public get unknownTypes(): string[] {
    return [...this.app.unknownTypes];
  }

  /**
   * The values that are known only at deployment, with the values that the report uses instead. Parameters have their default values, as in
   * a deployment that specifies none. If a condition is unknown, the most expensive branch counts.
   */
  public get unknownValues(): UnknownValue[] {
    return [...this.app.unknownValues];
  }

  /** Returns the report as JSON. */
  public toJson(): string {
    const { fixed, byUse, total, maxTotal, lines, missingPrices, unknownTypes, unknownValues } = this;
    const { region, date } = this.prices;
    const report = {
      version: 1,
      region,
      date,
      usage: this.usage,
      fixed,
      byUse,
      total,
      maxTotal,
      missingPrices,
      unknownTypes,
      unknownValues,
      lines,
    };
    return `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(6)) : value), 2)}\n`;
  }

  /** Returns the report as a Markdown table. */
  public toMarkdown(): string {
    const { region, date } = this.prices;
    return renderMarkdown({
      region,
      date,
      lines: this.app.lines,
      fixed: this.fixed,
      usage: this.byUse,
      atMost: this.maxTotal,
      unpriced: this.unpriced(),
      unknownTypes: this.app.unknownTypes,
      unknownValues: this.app.unknownValues,
    });
  }

  private unpriced(): CostLine[] {
    return this.app.lines.filter(({ unitPrice }) => unitPrice === undefined);
  }
}

guard({ CostReport });

function sum(amounts: (number | undefined)[]): number {
  return amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
}
