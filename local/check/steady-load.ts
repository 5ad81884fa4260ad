/** What came of a load: how often it succeeded, and each failure in words. */
export interface LoadResult {
  readonly asked: number;
  readonly failures: readonly string[];
  /** When the last request began that failed. */
  readonly lastFailureAt?: number;
}

/** Visitors at a time. */
const VISITORS = 4;
/** A load ends with what happens meanwhile; this is for the case that it does not. */
const MOST = 20_000;

/** Four visitors do `once` again and again, `pauseMs` apart; `during` runs in the middle of it. */
export async function underLoad(pauseMs: number, once: () => Promise<void>, during: () => Promise<void>): Promise<LoadResult> {
  const failures: string[] = [];
  let asked = 0;
  let lastFailureAt: number | undefined;
  let running = true;
  const visit = async () => {
    while (running && asked < MOST) {
      asked++;
      const startedAt = Date.now();
      try {
        await once();
      } catch (error) {
        failures.push((error as Error).message);
        lastFailureAt = Math.max(lastFailureAt ?? 0, startedAt);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const visitors = Array.from({ length: VISITORS }, visit);
  try {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await during();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  } finally {
    running = false;
    await Promise.all(visitors);
  }
  return { asked, failures, lastFailureAt };
}
