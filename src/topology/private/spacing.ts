/** An item on a line: its preferred position, its weight, and its minimum distance to the previous item. */
export interface Wish {
  readonly at: number;
  readonly weight: number;
  readonly distance: number;
}

/**
 * Returns the positions closest to all preferences (least squares) that keep order and distances. Neighbors whose preferences overlap form
 * a block at the mean of its preferences.
 */
export function spaceOut(wishes: Wish[]): number[] {
  const offsets: number[] = [];
  const blocks: { sum: number; weight: number; count: number }[] = [];
  let offset = 0;
  for (const { at, weight, distance } of wishes) {
    offset += offsets.length === 0 ? 0 : distance;
    offsets.push(offset);
    blocks.push({ sum: (at - offset) * weight, weight, count: 1 });
    while (blocks.length > 1 && mean(blocks[blocks.length - 2]) > mean(blocks[blocks.length - 1])) {
      const last = blocks.pop()!;
      const before = blocks.pop()!;
      blocks.push({ sum: before.sum + last.sum, weight: before.weight + last.weight, count: before.count + last.count });
    }
  }
  return blocks.flatMap((block) => Array<number>(block.count).fill(mean(block))).map((place, index) => place + offsets[index]);
}

function mean({ sum, weight }: { sum: number; weight: number }): number {
  return sum / weight;
}
