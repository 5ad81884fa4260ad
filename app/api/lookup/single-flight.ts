/** Lets concurrent callers of one key share one piece of work: a thousand misses of an address are one upstream call. */
export class SingleFlight<T> {
  private readonly running = new Map<string, Promise<T>>();

  async do(key: string, work: () => Promise<T>): Promise<T> {
    const joined = this.running.get(key);
    if (joined) return joined;
    const started = work().finally(() => this.running.delete(key));
    this.running.set(key, started);
    return started;
  }
}
