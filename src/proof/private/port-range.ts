/** TCP ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export const ANY_PORT: PortRange = { from: 0, to: 65535 };

export function single(port: number): PortRange {
  return { from: port, to: port };
}

/** Returns the ports that are in both lists, sorted and without overlaps. */
export function common(left: PortRange[], right: PortRange[]): PortRange[] {
  return merged(
    left
      .flatMap((a) => right.map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })))
      .filter(({ from, to }) => from <= to),
  );
}

export function merged(ranges: PortRange[]): PortRange[] {
  const found: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = found[found.length - 1];
    if (last && range.from <= last.to + 1) found[found.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else found.push(range);
  }
  return found;
}

/** Returns true if the list covers every port of `wanted`. */
export function covers(ranges: PortRange[], wanted: PortRange): boolean {
  return merged(ranges).some(({ from, to }) => from <= wanted.from && wanted.to <= to);
}

export function portText({ from, to }: PortRange): string {
  if (from === 0 && to === 65535) return 'any port';
  return from === to ? `${from}` : `${from}-${to}`;
}
