/** A line item of a cost report. */
export interface CostLine {
  /** The construct path of the resource. */
  readonly path: string;

  /** The CloudFormation type of the resource. */
  readonly resourceType: string;

  /** The billed item, such as `NAT gateway` or `traffic`. */
  readonly item: string;

  /** The number of units per month at the lower bound of scaling. */
  readonly quantity: number;

  /** The number of units per month at the upper bound of scaling. */
  readonly maxQuantity: number;

  /** The unit, such as `hour` or `GB`. */
  readonly unit: string;

  /** The key of the price in the price table. */
  readonly priceKey: string;

  /**
   * The price of a unit in USD.
   *
   * @default - no price in the table
   */
  readonly unitPrice?: number;

  /**
   * The monthly cost in USD at the lower bound of scaling.
   *
   * @default - no price in the table
   */
  readonly monthly?: number;

  /**
   * The monthly cost in USD at the upper bound of scaling.
   *
   * @default - no price in the table
   */
  readonly maxMonthly?: number;

  /** Indicates whether the quantity is an assumption about usage rather than a fact from the template. */
  readonly assumed: boolean;
}
