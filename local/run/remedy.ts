/** What a person can do about errors that come from far below, and what to know them by. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /ENOSPC|no space left on device/i,
    'a disk is full: free space where this checkout and the temporary files are, and in the engine (docker system prune)',
  ],
  [/EADDRINUSE|address already in use/i, 'another program took the port while the run started; start it again'],
];

/** The error with what to do about it, where that is known. */
export function withRemedy(error: unknown): Error {
  const known = error instanceof Error ? error : new Error(String(error));
  const remedy = REMEDIES.find(([pattern]) => pattern.test(known.message))?.[1];
  if (remedy !== undefined) known.message = `${known.message}; ${remedy}`;
  return known;
}
