import { LayoutGraph, LayoutItem, Segment } from './layout-graph';

const ROUNDS = 24;

/** Orders each column so that few lines cross: barycenter sweeps in both directions; the best order is kept. */
export function orderLayers({ layers, segments }: LayoutGraph): void {
  layers.forEach((layer) => layer.sort((a, b) => a.rank - b.rank));
  let best = { crossings: countCrossings(layers, segments), layers: layers.map((layer) => [...layer]) };
  for (let round = 0; round < ROUNDS && best.crossings > 0; round++) {
    const rightwards = round % 2 === 0;
    for (const layer of rightwards ? layers.slice(1) : layers.slice(0, -1).reverse()) {
      sortByNeighbours(layer, layers, segments, rightwards);
    }
    for (let again = 0; again < 4; again++) sift(layers, segments);
    const crossings = countCrossings(layers, segments);
    if (crossings < best.crossings) best = { crossings, layers: layers.map((layer) => [...layer]) };
  }
  best.layers.forEach((layer, index) => layers.splice(index, 1, layer));
}

function sortByNeighbours(layer: LayoutItem[], layers: LayoutItem[][], segments: Segment[], leftNeighbours: boolean): void {
  const position = positions(layers);
  const centre = new Map(
    layer.map((item) => {
      const near = leftNeighbours
        ? segments.filter((s) => s.to === item).map((s) => position.get(s.from)!)
        : segments.filter((s) => s.from === item).map((s) => position.get(s.to)! + doorShare(s));
      // an item without neighbours keeps its place; positions are shares of the column, so that columns of any length compare
      return [item, near.length === 0 ? position.get(item)! : near.reduce((sum, p) => sum + p, 0) / near.length];
    }),
  );
  layer.sort((a, b) => a.rank - b.rank || centre.get(a)! - centre.get(b)!);
}

/** Resolves crossings that barycenters leave, by moving one item at a time to its best place in the column. */
function sift(layers: LayoutItem[][], segments: Segment[]): void {
  for (const layer of layers) {
    const position = positions(layers);
    const ends = new Map(layer.map((item) => [item, farEnds(item, segments, position)]));
    for (const item of [...layer]) moveToBestPlace(item, layer, ends);
  }
}

function moveToBestPlace(item: LayoutItem, layer: LayoutItem[], ends: Map<LayoutItem, FarEnds>): void {
  const own = ends.get(item)!;
  const index = layer.indexOf(item);
  const gain = (upper: FarEnds, lower: FarEnds) => knots(upper, lower) - knots(lower, upper);
  let best = { place: index, gain: 0 };
  for (const step of [-1, 1]) {
    let sum = 0;
    for (let place = index + step; layer[place]?.rank === item.rank; place += step) {
      const other = ends.get(layer[place])!;
      sum += step < 0 ? gain(other, own) : gain(own, other);
      if (sum > best.gain) best = { place, gain: sum };
    }
  }
  layer.splice(index, 1);
  layer.splice(best.place, 0, item);
}

interface FarEnds {
  readonly left: number[];
  readonly right: number[];
}

function farEnds(item: LayoutItem, segments: Segment[], position: Map<LayoutItem, number>): FarEnds {
  return {
    left: segments.filter((s) => s.to === item).map((s) => position.get(s.from)!),
    right: segments.filter((s) => s.from === item).map((s) => position.get(s.to)! + doorShare(s)),
  };
}

/** Counts the crossings between the lines of two neighbors in a column. */
function knots(upper: FarEnds, lower: FarEnds): number {
  const inverted = (a: number[], b: number[]) => a.reduce((sum, end) => sum + b.filter((other) => other < end).length, 0);
  return inverted(upper.left, lower.left) + inverted(upper.right, lower.right);
}

function positions(layers: LayoutItem[][]): Map<LayoutItem, number> {
  return new Map(layers.flatMap((layer) => layer.map((item, index): [LayoutItem, number] => [item, (index + 0.5) / layer.length])));
}

/** Returns an offset, so that lines to the addresses of one server arrive in the order of its addresses. */
function doorShare({ to, door }: Segment): number {
  return to.serverAddresses.length > 1 ? (to.serverAddresses.indexOf(door) / to.serverAddresses.length) * 1e-3 : 0;
}

/** Counts the pairs of lines between the same columns whose ends are in opposite order. */
export function countCrossings(layers: LayoutItem[][], segments: Segment[]): number {
  const position = positions(layers);
  const ends = segments.map((s) => ({ layer: s.from.layer, from: position.get(s.from)!, to: position.get(s.to)! + doorShare(s) }));
  let crossings = 0;
  ends.forEach((a, index) => {
    for (const b of ends.slice(index + 1)) if (a.layer === b.layer && (a.from - b.from) * (a.to - b.to) < 0) crossings++;
  });
  return crossings;
}
