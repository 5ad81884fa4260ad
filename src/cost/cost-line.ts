/** One position of a cost report. */
export interface CostLine {
  /** Construct path of the resource. */
  readonly path: string;

  /** CloudFormation type of the resource. */
  readonly resourceType: string;

  /** What is paid for, such as `NAT gateway` or `traffic`. */
  readonly item: string;

  /** How many units a month, at the lower end of scaling. */
  readonly quantity: number;

  /** How many units a month, at the upper end of scaling. */
  readonly maxQuantity: number;

  /** Unit, such as `hour` or `GB`. */
  readonly unit: string;

  /** Key of the price in the price table. */
  readonly priceKey: string;

  /**
   * USD per unit.
   *
   * @default - the table has no such price
   */
  readonly unitPrice?: number;

  /**
   * USD a month at the lower end of scaling.
   *
   * @default - the table has no such price
   */
  readonly monthly?: number;

  /**
   * USD a month at the upper end of scaling.
   *
   * @default - the table has no such price
   */
  readonly maxMonthly?: number;

  /** Whether the quantity is an assumption about use, rather than a fact of the template. */
  readonly assumed: boolean;
}
