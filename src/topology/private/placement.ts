import { Card, measureCard } from './card';
import { ServerAddress, LayoutGraph, LayoutItem } from './layout-graph';
import { spaceOut, Wish } from './spacing';

const GAP = { cards: 24, cardAndLine: 18, lines: 10, zones: 58 };
const GUTTER = { least: 46, most: 150, perHeight: 0.14 };
const SWEEPS = 24;

/** An item with its position: `y` is the height of its main line, `x` its left edge. */
export interface Placed {
  readonly item: LayoutItem;
  readonly card?: Card;
  x: number;
  y: number;
  width: number;
}

/** The columns of placed items and the x coordinates of their edges. */
export interface Placement {
  readonly items: Map<LayoutItem, Placed>;
  readonly columns: { readonly left: number; readonly right: number }[];
}

/** Assigns a position to every item. The order within each column must be settled. */
export function placeItems(graph: LayoutGraph): Placement {
  const items = new Map(graph.layers.flat().map((item): [LayoutItem, Placed] => [item, place(item)]));
  graph.layers.forEach((layer) => stack(layer, items));
  for (let sweep = 0; sweep <= SWEEPS; sweep++) {
    const layers = sweep % 2 === 0 ? graph.layers : [...graph.layers].reverse();
    for (const layer of layers) {
      settle(layer, items, sweep === SWEEPS ? 'both' : sweep % 2 === 0 ? 'left' : 'right');
    }
  }
  const top = [...items.values()].reduce((least, placed) => Math.min(least, placed.y - above(placed)), Infinity);
  items.forEach((placed) => (placed.y -= top));
  return { items, columns: placeColumns(graph, items) };
}

/** Returns the offset of the arrow to `door` from the item's main line. */
export function serverAddressOffset(placed: Placed, door: ServerAddress): number {
  const box = placed.card?.serverAddresses.find((candidate) => candidate.door === door);
  return box ? box.top + box.height / 2 - placed.card!.anchor : 0;
}

function place(item: LayoutItem): Placed {
  const { component } = item;
  const card = component && measureCard({ ...item, component });
  return { item, card, x: 0, y: 0, width: card?.width ?? 0 };
}

function above(placed: Placed): number {
  return placed.card?.anchor ?? 0;
}

function below(placed: Placed): number {
  return placed.card ? placed.card.height - placed.card.anchor : 0;
}

function stack(layer: LayoutItem[], items: Map<LayoutItem, Placed>): void {
  const places = spaceOut(layer.map((_, index) => ({ at: 0, weight: 1, distance: distance(layer, index, items) })));
  layer.forEach((item, index) => (items.get(item)!.y = places[index]));
}

function settle(layer: LayoutItem[], items: Map<LayoutItem, Placed>, side: 'left' | 'right' | 'both'): void {
  const wishes = layer.map((item, index): Wish => {
    const placed = items.get(item)!;
    const left = side === 'right' ? [] : item.incoming;
    const right = side === 'left' ? [] : item.outgoing;
    const near = [
      ...left.map(({ from, door }) => items.get(from)!.y - serverAddressOffset(placed, door)),
      ...right.map(({ to, door }) => items.get(to)!.y + serverAddressOffset(items.get(to)!, door)),
    ];
    const at = near.length === 0 ? placed.y : near.reduce((sum, y) => sum + y, 0) / near.length;
    // a line that only passes through should stay straight, so it pulls harder than a card
    return { at, weight: near.length === 0 ? 0.1 : item.component ? near.length : 4, distance: distance(layer, index, items) };
  });
  const places = spaceOut(wishes);
  layer.forEach((item, index) => (items.get(item)!.y = places[index]));
}

function distance(layer: LayoutItem[], index: number, items: Map<LayoutItem, Placed>): number {
  if (index === 0) return 0;
  const [one, two] = [items.get(layer[index - 1])!, items.get(layer[index])!];
  const gap = one.card && two.card ? GAP.cards : one.card || two.card ? GAP.cardAndLine : GAP.lines;
  return below(one) + (one.item.rank === two.item.rank ? gap : GAP.zones) + above(two);
}

/** Places columns from left to right. The gutters grow with the height that their lines must climb, so that lines stay apart. */
function placeColumns({ layers }: LayoutGraph, items: Map<LayoutItem, Placed>): { left: number; right: number }[] {
  let left = 0;
  return layers.map((layer) => {
    const width = layer.reduce((most, item) => Math.max(most, items.get(item)!.width), -Infinity);
    for (const item of layer) {
      const placed = items.get(item)!;
      placed.x = left;
      placed.width = width; // cards of one column share their width: edges line up
    }
    const climbs = layer.flatMap(({ outgoing }) => outgoing.map(({ from, to }) => Math.abs(items.get(from)!.y - items.get(to)!.y)));
    const climb = climbs.reduce((most, one) => Math.max(most, one), 0);
    const column = { left, right: left + width };
    left = column.right + Math.min(GUTTER.most, GUTTER.least + GUTTER.perHeight * climb);
    return column;
  });
}
