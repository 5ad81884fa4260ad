import { GuardedStore } from './guarded-store';

const FLUSH_MS = 1000;
const KEEP_SECONDS = 7 * 24 * 3600;

/**
 * Lookups per day over all tasks, in Redis. Counted in memory and written once a second, for a Redis command per request would
 * cost a third of the throughput. Fire and forget: lost counts are lost. No addresses are kept.
 */
export class HitCounter {
  private pending = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly store: GuardedStore,
    private readonly now: () => number = Date.now,
  ) {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  add(): void {
    this.pending++;
  }

  async flush(): Promise<void> {
    if (this.pending === 0) return;
    const by = this.pending;
    this.pending = 0;
    const day = new Date(this.now()).toISOString().slice(0, 10);
    await this.store.count(`geo:v1:hits:${day}`, by, KEEP_SECONDS);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }
}
