import { markdownTable } from 'markdown-table';

/** The middle of some numbers, and how far they spread. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spreadOf(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
  return { min: sorted[0], median, max: sorted[sorted.length - 1] };
}

/** Median of the quotients of runs that were made next to each other, so that a slow minute slows both. */
export function pairedRatio(values: number[], base: number[]): number {
  return pairedSpread(values, base).median;
}

export function pairedSpread(values: number[], base: number[]): Spread {
  return spreadOf(values.map((value, i) => value / base[i]));
}

/** Exponent of growth: 1 is linear, 2 quadratic; from the logarithms of what is above the cost of nothing. */
export function growth(points: { size: number; cost: number }[]): number {
  return slope(points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) })));
}

/** Least squares. */
export function slope(points: { x: number; y: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const top = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return top / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

/** A table in Markdown: names to the left, figures to the right. */
export function table(head: string[], rows: string[][]): string {
  return markdownTable([head, ...rows], { align: head.map((_, column) => (column === 0 ? 'left' : 'right')) });
}
