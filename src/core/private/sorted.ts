/** By name: not every language keeps the order in which a map was written, and a task definition must not change with it. */
export function sorted<T>(map: { [name: string]: T } = {}): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
