import { Reading } from './reading';
import { Resource } from '../../template/private/app-templates';
import { MonthlyUsage } from '../monthly-usage';

export const HOURS = 730;

/** A billed item of a resource, before prices. */
export interface LineItem {
  readonly item: string;
  readonly unit: string;
  readonly priceKey: string;
  readonly quantity: number;
  /** The quantity at the upper bound of scaling; `quantity` if it does not scale. */
  readonly maxQuantity?: number;
  /** The fraction of the price that is paid, for Spot. */
  readonly share?: number;
  /** Indicates whether the quantity is an assumption about usage. */
  readonly assumed?: boolean;
}

/** The inputs of a pricing rule besides its resource. */
export interface Context {
  readonly read: Reading;
  readonly usage: Required<MonthlyUsage>;
}

export type LineItemsOf = (resource: Resource, context: Context) => LineItem[];

/** Creates a line item that is billed for each hour of the month. */
export function hourly(item: string, priceKey: string, count = 1, atMost = count): LineItem {
  return { item, unit: 'hour', priceKey, quantity: count * HOURS, maxQuantity: atMost * HOURS };
}

/** Creates a line item that is billed per month. */
export function monthly(item: string, priceKey: string, count = 1, unit = 'month'): LineItem {
  return { item, unit, priceKey, quantity: count };
}

/** Creates a line item for assumed usage. */
export function used(item: string, unit: string, priceKey: string, quantity: number): LineItem[] {
  return quantity > 0 ? [{ item, unit, priceKey, quantity, assumed: true }] : [];
}
