import { Placed, Placement } from './placement';
import { Zone, ZONES } from './topology-model';

/** The padding of a zone around its cards. */
export const ZONE = { padX: 14, head: 32, padBottom: 18, gap: 8 };

/** The background area of a zone. */
export interface ZoneBox {
  readonly zone: Zone;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Places zones as bands over their columns. Zones that share a column share its height. */
export function placeZones({ items, columns }: Placement, bottom: number): ZoneBox[] {
  const cards = [...items.values()].filter((placed) => placed.card);
  const zones = ZONES.filter((zone) => cards.some((placed) => zoneOf(placed) === zone));
  const spans = zones.map((zone) => {
    const layers = cards.filter((placed) => zoneOf(placed) === zone).map((placed) => placed.item.layer);
    return { zone, first: Math.min(...layers), last: Math.max(...layers) };
  });
  return spans.map(({ zone, first, last }, index) => {
    const shares = (other?: { first: number }) => other !== undefined && other.first === first;
    const x = first === 0 ? columns[0].left - ZONE.padX : middle(columns, first - 1) + ZONE.gap / 2;
    const right = last === columns.length - 1 ? columns[last].right + ZONE.padX : middle(columns, last) - ZONE.gap / 2;
    const y = shares(spans[index - 1]) ? topOf(cards, zone) - ZONE.head : -ZONE.head;
    const end = shares(spans[index + 1]) ? topOf(cards, spans[index + 1].zone) - ZONE.head - ZONE.gap : bottom + ZONE.padBottom;
    return { zone, x, y, width: right - x, height: end - y };
  });
}

function middle(columns: Placement['columns'], index: number): number {
  return (columns[index].right + columns[index + 1].left) / 2;
}

function topOf(cards: Placed[], zone: Zone): number {
  return Math.min(...cards.filter((placed) => zoneOf(placed) === zone).map(({ y, card }) => y - card!.anchor));
}

function zoneOf(placed: Placed): Zone {
  return placed.item.component!.zone;
}
