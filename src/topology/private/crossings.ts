import { LayoutItem, Segment } from './layout-graph';

/** The place of each item as a share of its column, so that columns of any length compare. */
export type Positions = Map<LayoutItem, number>;

/** The ends of an item's lines in the neighboring columns, in ascending order. */
export interface Ends {
  readonly left: number[];
  readonly right: number[];
}

export function positionsIn(layers: LayoutItem[][]): Positions {
  const positions: Positions = new Map();
  layers.forEach((layer) => updatePositions(layer, positions));
  return positions;
}

export function updatePositions(layer: LayoutItem[], positions: Positions): void {
  layer.forEach((item, index) => positions.set(item, (index + 0.5) / layer.length));
}

/** Returns the arrival of a line: lines to the addresses of one server arrive in the order of its addresses. */
export function arrival({ to, door }: Segment, positions: Positions): number {
  const addresses = to.serverAddresses;
  const share = addresses.length > 1 ? (addresses.indexOf(door) / addresses.length) * 1e-3 : 0;
  return positions.get(to)! + share;
}

export function endsOf({ incoming, outgoing }: LayoutItem, positions: Positions): Ends {
  return {
    left: ascending(incoming.map(({ from }) => positions.get(from)!)),
    right: ascending(outgoing.map((segment) => arrival(segment, positions))),
  };
}

/** Counts the crossings that go if the upper of two neighbors in a column moves below the other. */
export function gain(upper: Ends, lower: Ends): number {
  return inversions(upper.left, lower.left) + inversions(upper.right, lower.right);
}

/** Pairs in which `a` is above, less those in which `b` is. */
function inversions(a: number[], b: number[]): number {
  if (a.length === 1 && b.length === 1) return Math.sign(a[0] - b[0]);
  let [sum, less, lessOrEqual] = [0, 0, 0];
  for (const end of a) {
    while (less < b.length && b[less] < end) less++;
    while (lessOrEqual < b.length && b[lessOrEqual] <= end) lessOrEqual++;
    sum += less - (b.length - lessOrEqual);
  }
  return sum;
}

/** Counts the pairs of lines between the same columns whose ends are in opposite order. */
export function countCrossings(layers: LayoutItem[][], segments: Segment[]): number {
  const positions = positionsIn(layers);
  const lines = layers.map((): [number, number][] => []);
  for (const segment of segments) lines[segment.from.layer].push([positions.get(segment.from)!, arrival(segment, positions)]);
  return lines.reduce((sum, between) => {
    // Lines from one place do not cross, so that they are put in the order of their ends.
    between.sort(([from, to], [otherFrom, otherTo]) => from - otherFrom || to - otherTo);
    return sum + countInverted(between.map(([, to]) => to)).count;
  }, 0);
}

/** Pairs in the wrong order, counted while they are merged. */
function countInverted(values: number[]): { readonly count: number; readonly sorted: number[] } {
  if (values.length < 2) return { count: 0, sorted: values };
  const middle = Math.floor(values.length / 2);
  const [left, right] = [countInverted(values.slice(0, middle)), countInverted(values.slice(middle))];
  const sorted: number[] = [];
  let count = left.count + right.count;
  let i = 0;
  for (const value of right.sorted) {
    while (i < left.sorted.length && left.sorted[i] <= value) sorted.push(left.sorted[i++]);
    count += left.sorted.length - i;
    sorted.push(value);
  }
  return { count, sorted: [...sorted, ...left.sorted.slice(i)] };
}

function ascending(values: number[]): number[] {
  return values.sort((a, b) => a - b);
}
