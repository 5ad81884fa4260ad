/** Sorts a map by key: not every language preserves insertion order, and a task definition must not change with it. */
export function sorted<T>(map: { [name: string]: T } = {}): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
