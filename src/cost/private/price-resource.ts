import { LineItem, LineItemsOf } from './line-item';
import { Reading } from './reading';
import { Resource } from '../../template/private/app-templates';
import { MonthlyUsage } from '../monthly-usage';
import { PriceTable } from '../price-table';
import { UnknownValue } from '../unknown-value';

/** The label of the state that is counted where a resource has several. */
export const DEAREST = 'the most expensive';

/** The billed items of a resource, and the values that are known only at deployment. */
export interface Billed {
  readonly positions: LineItem[];
  readonly unknown: UnknownValue[];
}

/** Prices a resource in each state of the conditions that it depends on. The most expensive one counts, and the report says so. */
export function bill(resource: Resource, rule: LineItemsOf, prices: PriceTable, usage: Required<MonthlyUsage>): Billed {
  const worlds = resource.app.choices.worlds(() => {
    const read = new Reading();
    return { positions: resource.exists ? rule(resource, { read, usage }) : [], unknown: read.unknown };
  });
  if (!worlds) {
    const read = new Reading();
    const positions = rule(resource, { read, usage });
    read.note(resource, 'it depends on too many conditions', 'one of its states');
    return { positions, unknown: read.unknown };
  }
  const cost = ({ positions }: Billed) => positions.reduce((sum, position) => sum + maxCost(position, prices), 0);
  const dearest = worlds.reduce((a, b) => (cost(b.result) > cost(a.result) ? b : a));
  const isOpen = worlds.some(({ result }) => JSON.stringify(result) !== JSON.stringify(dearest.result));
  if (!isOpen) return dearest.result;
  const reason = `it depends on ${[...dearest.chosen.keys()].join(', ')}`;
  return { ...dearest.result, unknown: [...dearest.result.unknown, { path: resource.path, reason, taken: DEAREST }] };
}

/** Returns the cost at the upper bound. An item without a price counts as more expensive than any other, so that it is not lost. */
function maxCost({ priceKey, quantity, maxQuantity = quantity, share = 1 }: LineItem, prices: PriceTable): number {
  return maxQuantity === 0 ? 0 : maxQuantity * share * (prices.price(priceKey) ?? Number.MAX_SAFE_INTEGER);
}
