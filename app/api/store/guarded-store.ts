import { KeyValueStore } from './key-value-store';
import { Breaker } from '../../common/breaker';
import { Log } from '../../common/log';

export type Read =
  { readonly state: 'hit'; readonly value: string } | { readonly state: 'miss' } | { readonly state: 'unavailable' };

export interface GuardedStoreProps {
  readonly store: KeyValueStore;
  readonly log: Log;
  readonly now?: () => number;
}

const FAILURES_TO_OPEN = 3;
const OPEN_MS = 3000;

/**
 * A store that cannot hurt: nothing here rejects. After three failures in a row it is left alone for three seconds, so that a
 * frozen Redis costs a few requests 50 ms instead of every request. Only changes of state are logged.
 */
export class GuardedStore {
  private readonly breaker: Breaker;
  private wasUp = true;

  constructor(private readonly props: GuardedStoreProps) {
    this.breaker = new Breaker({ failures: FAILURES_TO_OPEN, openMs: OPEN_MS, now: props.now });
  }

  async read(key: string): Promise<Read> {
    const outcome = await this.attempt(async (store) => store.get(key));
    if (!outcome.ok) return { state: 'unavailable' };
    return outcome.value === undefined ? { state: 'miss' } : { state: 'hit', value: outcome.value };
  }

  async write(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.attempt(async (store) => store.set(key, value, ttlSeconds));
  }

  async count(key: string, by: number, ttlSeconds: number): Promise<void> {
    await this.attempt(async (store) => store.increment(key, by, ttlSeconds));
  }

  /** Asks now, so that a frozen store is noticed without traffic. */
  async status(): Promise<'up' | 'degraded'> {
    const { ok } = await this.attempt(async (store) => store.ping());
    return ok ? 'up' : 'degraded';
  }

  async close(): Promise<void> {
    await this.props.store.close();
  }

  private async attempt<T>(ask: (store: KeyValueStore) => Promise<T>): Promise<{ ok: true; value: T } | { ok: false }> {
    // Without a connection a command costs nothing, so it is no case for the breaker: the store is in use again once it is there.
    if (!this.props.store.connected) {
      this.report(false, 'not connected');
      return { ok: false };
    }
    if (!this.breaker.allows()) return { ok: false };
    try {
      const value = await ask(this.props.store);
      this.breaker.success();
      this.report(true);
      return { ok: true, value };
    } catch (error) {
      this.breaker.failure();
      this.report(false, error instanceof Error ? error.message : String(error));
      return { ok: false };
    }
  }

  private report(up: boolean, reason?: string): void {
    if (up === this.wasUp) return;
    this.wasUp = up;
    if (up) this.props.log.info('Redis is back');
    else this.props.log.warn('Redis does not answer; continuing without it', { reason });
  }
}
