/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const ALL_PORTS: PortRange = { from: 0, to: 65_535 };

export function includes(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(({ from, to }) => from <= port && port <= to);
}

/** The ports that are in both lists, in order, each once. */
export function shared(left: readonly PortRange[], right: readonly PortRange[]): PortRange[] {
  const parts = left.flatMap((one) =>
    right.map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })),
  );
  return joined(parts.filter(({ from, to }) => from <= to));
}

/** The same ports in as few ranges as possible. */
function joined(ranges: readonly PortRange[]): PortRange[] {
  const result: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.to + 1) result.splice(-1, 1, { from: last.from, to: Math.max(last.to, range.to) });
    else result.push(range);
  }
  return result;
}
