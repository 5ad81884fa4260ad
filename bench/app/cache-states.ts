/** Where the API's answers came from, by its own count. */
export type CacheStates = Readonly<Record<string, number>>;

export async function readCacheStates(origin: string): Promise<CacheStates> {
  const response = await fetch(`${origin}/metrics`);
  return parseCacheStates(await response.text());
}

export function parseCacheStates(metrics: string): CacheStates {
  const states: Record<string, number> = {};
  for (const [, labels, value] of metrics.matchAll(/^geo_lookups_total\{([^}]*)\} (\d+)$/gm)) {
    const state = /cache="(\w+)"/.exec(labels)?.[1] ?? 'unknown';
    states[state] = (states[state] ?? 0) + Number(value);
  }
  return states;
}

/** `L1 99.9 %, BYPASS 0.1 %`, most first. */
export function renderCacheStates(states: CacheStates): string {
  const sum = Object.values(states).reduce((all, value) => all + value, 0);
  const shares = Object.entries(states).sort(([, a], [, b]) => b - a);
  return shares.map(([state, value]) => `${state} ${((100 * value) / sum).toFixed(1)} %`).join(', ');
}
