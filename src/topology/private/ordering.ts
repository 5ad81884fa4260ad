import { arrival, countCrossings, Positions, positionsIn, updatePositions } from './crossings';
import { LayoutGraph, LayoutItem } from './layout-graph';
import { sift } from './sifting';

const ROUNDS = 24;
const SIFTS = 4;

/** Orders each column so that few lines cross: barycenter sweeps in both directions; the best order is kept. */
export function orderLayers({ layers, segments }: LayoutGraph): void {
  layers.forEach((layer) => layer.sort((a, b) => a.rank - b.rank));
  const numbers = new Map(layers.flat().map((item, number) => [item, number]));
  const seen = new Set<string>();
  const positions = positionsIn(layers);
  let best = { crossings: countCrossings(layers, segments), layers: layers.map((layer) => [...layer]) };
  for (let round = 0; round < ROUNDS && best.crossings > 0; round++) {
    const rightwards = round % 2 === 0;
    for (const layer of rightwards ? layers.slice(1) : layers.slice(0, -1).reverse()) {
      sortByNeighbours(layer, positions, rightwards);
    }
    for (let again = 0; again < SIFTS; again++) if (!sift(layers, positions)) break;
    const crossings = countCrossings(layers, segments);
    if (crossings < best.crossings) best = { crossings, layers: layers.map((layer) => [...layer]) };
    // A round decides by the order alone, so that one which ends like an earlier one starts a circle.
    const state = `${rightwards} ${layers.map((layer) => layer.map((item) => numbers.get(item)).join(' ')).join('|')}`;
    if (seen.has(state)) break;
    seen.add(state);
  }
  best.layers.forEach((layer, index) => layers.splice(index, 1, layer));
}

function sortByNeighbours(layer: LayoutItem[], positions: Positions, leftNeighbours: boolean): void {
  const centre = new Map(
    layer.map((item) => {
      const near = leftNeighbours
        ? item.incoming.map(({ from }) => positions.get(from)!)
        : item.outgoing.map((segment) => arrival(segment, positions));
      // An item without neighbours keeps its place.
      return [item, near.length === 0 ? positions.get(item)! : near.reduce((sum, place) => sum + place, 0) / near.length];
    }),
  );
  layer.sort((a, b) => a.rank - b.rank || centre.get(a)! - centre.get(b)!);
  updatePositions(layer, positions);
}
