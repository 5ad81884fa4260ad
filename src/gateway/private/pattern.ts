/** Returns true if a load balancer treats `*` or `?` in the text as a wildcard. */
export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/**
 * Returns true if every text that matches `inner` also matches `outer`; in both, `*` matches any characters and `?` exactly one.
 *
 * `inner` is read character by character: its own `*` can match only a `*` of `outer`, its `?` a `*` or `?`. It can return false although
 * the answer is yes (`*a*` and an equivalent `*?a*`), but never true if the answer is no, so no valid route is rejected.
 */
export function covers(outer: string, inner: string): boolean {
  const o = normalise(outer);
  const i = normalise(inner);
  // reach[k]: the part of `outer` read so far can take exactly the first k characters of `inner`
  let reach = Array.from({ length: i.length + 1 }, (_, k) => k === 0);
  for (const symbol of o) {
    const next = reach.map(() => false);
    for (let k = 0; k <= i.length; k++) {
      if (symbol === '*') next[k] = reach[k] || (k > 0 && next[k - 1]);
      else next[k] = k > 0 && reach[k - 1] && i[k - 1] !== '*' && (symbol === '?' || symbol === i[k - 1]);
    }
    reach = next;
  }
  return reach[i.length];
}

/** Normalizes a pattern, so that there is one spelling for each meaning: `**` is `*`, and `*?` is `?*`. */
function normalise(pattern: string): string {
  return pattern.replace(/[*?]{2,}/g, (run) => run.replace(/\*/g, '') + (run.includes('*') ? '*' : ''));
}
