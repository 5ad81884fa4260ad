import { group, instance, service } from './compute-line-items';
import { LineItem, LineItemsOf } from './line-item';
import { isFree, OTHER } from './other-line-items';
import { bill } from './price-resource';
import { AppTemplates, Resource } from '../../template/private/app-templates';
import { CostLine } from '../cost-line';
import { MonthlyUsage } from '../monthly-usage';
import { PriceTable } from '../price-table';
import { UnknownValue } from '../unknown-value';

const PRICED: Record<string, LineItemsOf> = {
  'AWS::ECS::Service': service,
  'AWS::AutoScaling::AutoScalingGroup': group,
  'AWS::EC2::Instance': instance,
  ...OTHER,
};

const DEFAULTS: Required<MonthlyUsage> = {
  networkGb: 10,
  loadBalancerUnits: 0.1,
  millionRequests: 1,
  logGb: 1,
  storedGb: 1,
  insightsMetrics: 10,
  spotShare: 0.35,
};

export interface PricedApp {
  readonly lines: CostLine[];
  /** The resource types that may be billed and for which there is no pricing rule. */
  readonly unknownTypes: string[];
  readonly unknownValues: UnknownValue[];
}

export function assumptions(usage: MonthlyUsage = {}): Required<MonthlyUsage> {
  const given = Object.entries(usage).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

/** Prices every resource of an app. */
export function priceApp(app: AppTemplates, prices: PriceTable, usage: Required<MonthlyUsage>): PricedApp {
  const lines: CostLine[] = [];
  const unknownTypes = new Set<string>();
  const unknownValues = new Map<string, UnknownValue>();
  for (const resource of app.resources.filter(({ exists }) => exists)) {
    const rule = PRICED[resource.type];
    if (rule) {
      const { positions, unknown } = bill(resource, rule, prices, usage);
      lines.push(...positions.map((one) => priced(resource, one, prices)));
      unknown.forEach((value) => unknownValues.set(value.path, value));
    } else if (!isFree(resource)) {
      unknownTypes.add(resource.type);
    }
  }
  return { lines, unknownTypes: [...unknownTypes].sort(), unknownValues: [...unknownValues.values()] };
}

function priced({ path, type }: Resource, position: LineItem, prices: PriceTable): CostLine {
  const { item, unit, priceKey, quantity, maxQuantity = quantity, share = 1, assumed = false } = position;
  const price = prices.price(priceKey);
  const unitPrice = price === undefined ? undefined : price * share;
  const cost = (count: number) => (unitPrice === undefined ? undefined : count * unitPrice);
  return {
    path: path.replace(/\/(Resource|Default|ASG)$/, ''),
    resourceType: type,
    item,
    quantity,
    maxQuantity,
    unit,
    priceKey,
    unitPrice,
    monthly: cost(quantity),
    maxMonthly: cost(maxQuantity),
    assumed,
  };
}
