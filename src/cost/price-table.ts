import { IRELAND } from './private/prices-ireland';
import { VIRGINIA } from './private/prices-virginia';

/**
 * List prices of one region, in USD, without taxes, free tiers and discounts.
 *
 * The two tables that ship were collected in November 2026; docs/costs.md says from where, and what they lack. Prices are keyed like
 * `nat-gateway/hour`, `fargate/vcpu-hour` or `ec2/t3.small/hour`; a report names the key of every price that it uses, and of every one that it
 * lacks.
 *
 * @see https://aws.amazon.com/pricing/
 *
 * @example
 * const prices = PriceTable.euWest1().with({ 'fargate/vcpu-hour': 0.03 }); // by a contract of your own
 */
export class PriceTable {
  /** Prices of N. Virginia, November 2026. */
  public static usEast1(): PriceTable {
    return new PriceTable('us-east-1', '2026-11', VIRGINIA);
  }

  /** Prices of Ireland, November 2026. */
  public static euWest1(): PriceTable {
    return new PriceTable('eu-west-1', '2026-11', IRELAND);
  }

  /**
   * Prices of your own, for another region or by your own contract.
   *
   * @param region region that the prices are of
   * @param date when they were collected, such as `2026-11`
   * @param prices USD by key
   */
  public static of(region: string, date: string, prices: { [key: string]: number }): PriceTable {
    return new PriceTable(region, date, prices);
  }

  private constructor(
    /** Region that the prices are of. */
    public readonly region: string,
    /** When they were collected. */
    public readonly date: string,
    private readonly prices: { [key: string]: number },
  ) {}

  /**
   * The same table with some prices replaced or added.
   *
   * @param prices USD by key
   */
  public with(prices: { [key: string]: number }): PriceTable {
    return new PriceTable(this.region, this.date, { ...this.prices, ...prices });
  }

  /**
   * A price in USD; undefined where the table has none.
   *
   * @param key such as `nat-gateway/hour`
   */
  public price(key: string): number | undefined {
    return this.prices[key];
  }
}
