/** Whether a load balancer reads `*` or `?` in the text as a wildcard. */
export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/**
 * Whether every text that matches `inner` also matches `outer`; in both, `*` stands for any characters and `?` for exactly one.
 *
 * `inner` is read letter by letter: its own `*` can only be taken by a `*` of `outer`, its `?` by a `*` or `?`. It can say no where the
 * answer is yes (`*a*` and `*?a*` in disguise), never yes where the answer is no, so nobody's valid route is refused.
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

/** `**` is `*`, and `*?` is `?*`: one spelling per meaning. */
function normalise(pattern: string): string {
  return pattern.replace(/[*?]{2,}/g, (run) => run.replace(/\*/g, '') + (run.includes('*') ? '*' : ''));
}
