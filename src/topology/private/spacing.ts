/** A thing on a line: where it wants to be, how much that matters, and how far it must keep from the one before it. */
export interface Wish {
  readonly at: number;
  readonly weight: number;
  readonly distance: number;
}

/**
 * The places nearest to all wishes (least squares) that keep order and distances: neighbours that want to overlap form a block, which
 * stands at the mean of its wishes.
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
