/**
 * Converts a name to kebab case, such as `RedisBackedApi` to `redis-backed-api`. Other characters than letters and digits become one
 * hyphen.
 */
export function kebabCase(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}

/** Returns the prefix of the variables that a connection injects, such as `API_SERVICE` for `api-service`. */
export function variablePrefix(name: string): string {
  return kebabCase(name).replace(/-/g, '_').toUpperCase();
}

/** Returns the entries of `names` that are most similar to `wanted`, for "did you mean". */
export function closest(wanted: string, names: string[]): string | undefined {
  const ranked = names.map((name) => ({ name, distance: editDistance(wanted, name) })).sort((a, b) => a.distance - b.distance);
  return ranked.length > 0 && ranked[0].distance <= Math.max(2, wanted.length / 3) ? ranked[0].name : undefined;
}

/** Returns true if `wanted` is `name` with up to two wrong characters, or in another case. */
export function isTypo(wanted: string, name: string): boolean {
  return editDistance(wanted.toLowerCase(), name.toLowerCase()) <= 2;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
