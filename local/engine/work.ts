/** What is being made for a run. Once it is closed nothing more begins, and what has begun is waited for before anything is removed. */
export class Work {
  private readonly pending = new Set<Promise<unknown>>();
  private readonly end = new AbortController();

  public get closed(): boolean {
    return this.end.signal.aborted;
  }

  /** For what may be broken off in the middle. */
  public get signal(): AbortSignal {
    return this.end.signal;
  }

  public async begin<T>(make: () => Promise<T>): Promise<T> {
    if (this.closed) throw new Error('the run is over; nothing is started');
    const promise = make();
    this.pending.add(promise);
    try {
      return await promise;
    } finally {
      this.pending.delete(promise);
    }
  }

  public close(): void {
    this.end.abort();
  }

  /** Resolves when nothing is under way. */
  public async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending);
  }
}
