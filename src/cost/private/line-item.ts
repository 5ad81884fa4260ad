import { Reading } from './reading';
import { Resource } from '../../template/private/app-templates';
import { MonthlyUsage } from '../monthly-usage';

export const HOURS = 730;

/** What a resource is billed for, before prices. */
export interface LineItem {
  readonly item: string;
  readonly unit: string;
  readonly priceKey: string;
  readonly quantity: number;
  /** At the upper end of scaling; the same as `quantity` where nothing scales. */
  readonly maxQuantity?: number;
  /** Part of the price that is paid, for Spot. */
  readonly share?: number;
  /** Whether the quantity is an assumption about use. */
  readonly assumed?: boolean;
}

/** What positions may depend on besides their resource. */
export interface Context {
  readonly read: Reading;
  readonly usage: Required<MonthlyUsage>;
}

export type LineItemsOf = (resource: Resource, context: Context) => LineItem[];

/** A price for each hour of the month. */
export function hourly(item: string, priceKey: string, count = 1, atMost = count): LineItem {
  return { item, unit: 'hour', priceKey, quantity: count * HOURS, maxQuantity: atMost * HOURS };
}

/** A price for the month. */
export function monthly(item: string, priceKey: string, count = 1, unit = 'month'): LineItem {
  return { item, unit, priceKey, quantity: count };
}

/** A price for what is used, which is assumed. */
export function used(item: string, unit: string, priceKey: string, quantity: number): LineItem[] {
  return quantity > 0 ? [{ item, unit, priceKey, quantity, assumed: true }] : [];
}
