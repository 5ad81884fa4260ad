import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { CostLine } from './cost-line';
import { MonthlyBudget } from './monthly-budget';
import { MonthlyUsage } from './monthly-usage';
import { PriceTable } from './price-table';
import { BudgetCheck } from './private/budget-check';
import { renderMarkdown } from './private/cost-markdown';
import { assumptions, priceApp, PricedApp } from './private/price-app';
import { UnknownValue } from './unknown-value';
import { validationError } from '../core/private/errors';
import { readAssembly } from '../template/private/assembly';

/** Choices of a cost report. */
export interface CostReportProps {
  /**
   * Prices.
   *
   * @default - of the region of the stacks if it is us-east-1 or eu-west-1, else of us-east-1, and the report says so
   */
  readonly prices?: PriceTable;

  /**
   * What is assumed about use.
   *
   * @default - a small web app, see `MonthlyUsage`
   */
  readonly usage?: MonthlyUsage;

  /**
   * What the app may cost; the synthesis fails above it.
   *
   * @default - no limit
   */
  readonly budget?: MonthlyBudget;
}

/**
 * What an app costs in a month, read from its templates: the fixed part, the part that depends on use with what was assumed, and both at
 * the upper end of scaling. Schedules that stop services or databases are counted.
 *
 * A position without a price, a resource without a rule, and a value that only a deployment knows are listed by name; nothing is left out in silence. Left out on purpose are
 * taxes, free tiers, discounts, data transfer to the internet, support, and what costs less than a cent a month in a small app.
 *
 * @see https://aws.amazon.com/pricing/
 *
 * @example
 * CostReport.attach(this, { budget: MonthlyBudget.usd(150), usage: { networkGb: 50 } });
 */
export class CostReport {
  /**
   * Write `cost-report.json` and `cost-report.md` into the cloud assembly whenever the app is synthesised, and hold it to the budget.
   *
   * Runs with the validations of the CDK, after all templates are written; `CDK_VALIDATION=false` switches it off with them.
   *
   * @param scope any construct of the app, or of the stage
   * @param props prices, usage and budget
   */
  public static attach(scope: IConstruct, props: CostReportProps = {}): void {
    if (props.budget && !(props.budget.amount > 0)) {
      throw validationError(scope, 'BudgetNotPositive', {
        prop: 'budget',
        must: 'be above 0 USD',
        got: props.budget.amount,
        fix: 'leave `budget` out for a report without a limit',
      });
    }
    const write = (templatePath: string): CostReport => {
      const folder = dirname(templatePath);
      const report = CostReport.fromAssembly(folder, props);
      writeFileSync(join(folder, 'cost-report.json'), report.toJson());
      writeFileSync(join(folder, 'cost-report.md'), report.toMarkdown());
      return report;
    };
    Validations.of(scope).addPlugins(new BudgetCheck(write, props.budget));
  }

  /**
   * The report of a synthesised app.
   *
   * @param directory folder of the cloud assembly, such as `cdk.out`
   * @param props prices and usage; a budget is not looked at
   */
  public static fromAssembly(directory: string, props: CostReportProps = {}): CostReport {
    const app = readAssembly(directory);
    const region = app.templates.map(({ source }) => source.region).find((one) => one !== undefined);
    const prices = props.prices ?? (region === 'eu-west-1' ? PriceTable.euWest1() : PriceTable.usEast1());
    const usage = assumptions(props.usage);
    return new CostReport(priceApp(app, prices, usage), prices, usage);
  }

  /** Region and date of the prices, such as `us-east-1, 2026-11`. */
  public readonly pricesOf: string;

  private constructor(
    private readonly app: PricedApp,
    private readonly prices: PriceTable,
    private readonly usage: Required<MonthlyUsage>,
  ) {
    this.pricesOf = `${prices.region}, ${prices.date}`;
  }

  /** Every position, in the order of the templates; a copy. */
  public get lines(): CostLine[] {
    return [...this.app.lines];
  }

  /** USD a month that do not depend on use, with every service at its fewest tasks. */
  public get fixed(): number {
    return sum(this.app.lines.filter(({ assumed }) => !assumed).map(({ monthly }) => monthly));
  }

  /** USD a month by the assumed use. */
  public get byUse(): number {
    return sum(this.app.lines.filter(({ assumed }) => assumed).map(({ monthly }) => monthly));
  }

  /** USD a month, fixed and by use, with every service at its fewest tasks. */
  public get total(): number {
    return this.fixed + this.byUse;
  }

  /** USD a month, fixed and by use, with every service at its most tasks and every group at its most hosts. */
  public get maxTotal(): number {
    return sum(this.app.lines.map(({ maxMonthly }) => maxMonthly));
  }

  /**
   * USD a month, fixed and by use, of everything under a construct path, such as a stack's.
   *
   * @param path construct path, such as `Shop` or `Shop/Api`
   */
  public totalUnder(path: string): number {
    const within = this.app.lines.filter((line) => `${line.path}/`.startsWith(`${path}/`));
    return sum(within.map(({ monthly }) => monthly));
  }

  /** Keys of the prices that the table lacks. */
  public get missingPrices(): string[] {
    return [...new Set(this.unpriced().map(({ priceKey }) => priceKey))].sort();
  }

  /** Types of resources that may cost something, and for which there is no rule. */
  public get unknownTypes(): string[] {
    return [...this.app.unknownTypes];
  }

  /**
   * Values that only a deployment knows, with what was counted instead. Parameters have their defaults, as a deployment without values for
   * them takes them; of the branches of a condition that is not known, the dearest counts.
   */
  public get unknownValues(): UnknownValue[] {
    return [...this.app.unknownValues];
  }

  /** The report as JSON. */
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

  /** The report as a Markdown table. */
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

function sum(amounts: (number | undefined)[]): number {
  return amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);
}
