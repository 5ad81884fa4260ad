/** Waits until something holds, for as long as the test may take: how long it takes is up to the machine. */
export async function eventually<T>(work: () => T | Promise<T>, limitMs = 60_000): Promise<T> {
  for (const end = Date.now() + limitMs; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
