import { group, instance, service } from './compute-positions';
import { CostResource, CostTemplate } from './cost-template';
import { isFree, OTHER } from './other-positions';
import { Position, Positions } from './position';
import { CostLine } from '../cost-line';
import { MonthlyUsage } from '../monthly-usage';
import { PriceTable } from '../price-table';

const PRICED: Record<string, Positions> = {
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
  /** Types of resources that may cost something, and for which there is no rule. */
  readonly unknownTypes: string[];
}

export function assumptions(usage: MonthlyUsage = {}): Required<MonthlyUsage> {
  const given = Object.entries(usage).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

/** Every position of every resource. */
export function priceApp(templates: CostTemplate[], prices: PriceTable, usage: Required<MonthlyUsage>): PricedApp {
  const lines: CostLine[] = [];
  const unknown = new Set<string>();
  for (const template of templates) {
    for (const resource of template.resources) {
      const positions = PRICED[resource.type];
      if (positions) lines.push(...positions(resource, { template, usage }).map((one) => priced(resource, one, prices)));
      else if (!isFree(resource)) unknown.add(resource.type);
    }
  }
  return { lines, unknownTypes: [...unknown].sort() };
}

function priced({ path, type }: CostResource, position: Position, prices: PriceTable): CostLine {
  const { item, unit, priceKey, quantity, quantityAtMost = quantity, share = 1, assumed = false } = position;
  const price = prices.price(priceKey);
  const unitPrice = price === undefined ? undefined : price * share;
  const cost = (count: number) => (unitPrice === undefined ? undefined : count * unitPrice);
  return {
    path: path.replace(/\/(Resource|Default|ASG)$/, ''),
    resourceType: type,
    item,
    quantity,
    quantityAtMost,
    unit,
    priceKey,
    unitPrice,
    monthly: cost(quantity),
    monthlyAtMost: cost(quantityAtMost),
    assumed,
  };
}
