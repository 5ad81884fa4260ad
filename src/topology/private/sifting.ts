import { Ends, endsOf, gain, Positions, updatePositions } from './crossings';
import { LayoutItem } from './layout-graph';

/** Resolves crossings that barycenters leave, by moving one item at a time to its best place in the column. Returns whether one moved. */
export function sift(layers: LayoutItem[][], positions: Positions): boolean {
  const moved = layers.map((layer) => siftLayer(layer, positions));
  return moved.includes(true);
}

function siftLayer(layer: LayoutItem[], positions: Positions): boolean {
  const column = layer.map((item) => new Slot(item, endsOf(item, positions)));
  measure(column, 0, column.length - 1);
  const moved = [...column].filter((slot) => moveToBestPlace(slot, column));
  if (moved.length === 0) return false;
  column.forEach(({ item }, place) => (layer[place] = item));
  updatePositions(layer, positions);
  return true;
}

/** An item of a column while the others are moved around it. */
class Slot {
  public readonly rank: number;
  /** The furthest down that a line ends on either side, of this item and of those of its zone above it. */
  public lowestLeft = -Infinity;
  public lowestRight = -Infinity;
  /** The furthest up that a line ends on either side, of this item and of those of its zone below it. */
  public highestLeft = Infinity;
  public highestRight = Infinity;

  constructor(
    public readonly item: LayoutItem,
    public readonly ends: Ends,
  ) {
    this.rank = item.rank;
  }
}

function moveToBestPlace(slot: Slot, column: Slot[]): boolean {
  const index = column.indexOf(slot);
  const up = bestPlace(slot, column, index, -1);
  const down = bestPlace(slot, column, index, 1);
  const { place } = down.gain > up.gain ? down : up;
  if (place === index) return false;
  column.splice(index, 1);
  column.splice(place, 0, slot);
  measure(column, Math.min(index, place), Math.max(index, place));
  return true;
}

function bestPlace({ rank, ends }: Slot, column: Slot[], index: number, step: 1 | -1): { place: number; gain: number } {
  const best = { place: index, gain: 0 };
  let sum = 0;
  for (let place = index + step; column[place]?.rank === rank; place += step) {
    const other = column[place];
    if (!(step < 0 ? endsBelow(other, ends) : endsAbove(other, ends))) break;
    sum += step < 0 ? gain(other.ends, ends) : gain(ends, other.ends);
    if (sum > best.gain) Object.assign(best, { place, gain: sum });
  }
  return best;
}

/** Returns true if a line of the slot, or of one above it, ends below one of these; otherwise, moving the item that far has no effect. */
function endsBelow({ lowestLeft, lowestRight }: Slot, { left, right }: Ends): boolean {
  return (left.length > 0 && lowestLeft > left[0]) || (right.length > 0 && lowestRight > right[0]);
}

function endsAbove({ highestLeft, highestRight }: Slot, { left, right }: Ends): boolean {
  return (left.length > 0 && highestLeft < left[left.length - 1]) || (right.length > 0 && highestRight < right[right.length - 1]);
}

/** The furthest ends change only between the two places of what has moved. */
function measure(column: Slot[], from: number, to: number): void {
  for (let place = from; place <= to; place++) {
    const { ends, rank } = column[place];
    const before = column[place - 1]?.rank === rank ? column[place - 1] : undefined;
    column[place].lowestLeft = Math.max(ends.left.at(-1) ?? -Infinity, before?.lowestLeft ?? -Infinity);
    column[place].lowestRight = Math.max(ends.right.at(-1) ?? -Infinity, before?.lowestRight ?? -Infinity);
  }
  for (let place = to; place >= from; place--) {
    const { ends, rank } = column[place];
    const after = column[place + 1]?.rank === rank ? column[place + 1] : undefined;
    column[place].highestLeft = Math.min(ends.left[0] ?? Infinity, after?.highestLeft ?? Infinity);
    column[place].highestRight = Math.min(ends.right[0] ?? Infinity, after?.highestRight ?? Infinity);
  }
}
