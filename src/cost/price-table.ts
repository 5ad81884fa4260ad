import { IRELAND } from './private/prices-ireland';
import { VIRGINIA } from './private/prices-virginia';
import { guard } from '../core/private/guard';

/**
 * The list prices of a Region, in USD, without taxes, free tiers and discounts.
 *
 * The two tables that ship were collected in November 2026; https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/costs.md lists
 * their sources and gaps. Prices have keys such as `nat-gateway/hour`, `fargate/vcpu-hour` or `ec2/t3.small/hour`. A report names the key
 * of every price that it uses or that is missing.
 *
 * @see https://aws.amazon.com/pricing/
 *
 * @example
 * const prices = PriceTable.euWest1().with({ 'fargate/vcpu-hour': 0.03 }); // by a contract of your own
 */
export class PriceTable {
  /** The prices of US East (N. Virginia), November 2026. */
  public static usEast1(): PriceTable {
    return new PriceTable('us-east-1', '2026-11', VIRGINIA);
  }

  /** The prices of Europe (Ireland), November 2026. */
  public static euWest1(): PriceTable {
    return new PriceTable('eu-west-1', '2026-11', IRELAND);
  }

  /**
   * Creates a price table for another Region or for your own contract.
   *
   * @param region Region of the prices
   * @param date date of the prices, such as `2026-11`
   * @param prices USD by key
   */
  public static of(region: string, date: string, prices: { [key: string]: number }): PriceTable {
    return new PriceTable(region, date, prices);
  }

  private constructor(
    /** The Region of the prices. */
    public readonly region: string,
    /** The date on which the prices were collected. */
    public readonly date: string,
    private readonly prices: { [key: string]: number },
  ) {}

  /**
   * Returns a copy of the table with some prices replaced or added.
   *
   * @param prices USD by key
   */
  public with(prices: { [key: string]: number }): PriceTable {
    return new PriceTable(this.region, this.date, { ...this.prices, ...prices });
  }

  /**
   * Returns a price in USD; undefined if the table does not have it.
   *
   * @param key such as `nat-gateway/hour`
   */
  public price(key: string): number | undefined {
    return this.prices[key];
  }
}

guard({ PriceTable });
