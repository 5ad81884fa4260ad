import { Log } from '../../common/log';

/** Where the upstream's key comes from. */
export interface ApiKeySource {
  /** The key, or undefined while there is none. Never rejects. */
  current(): Promise<string | undefined>;
  /** The upstream refused the key: read it again before the next `current()`. Never rejects. */
  refresh(): Promise<void>;
}

/** A key that never changes, for local runs. */
export class FixedApiKey implements ApiKeySource {
  constructor(private readonly key: string | undefined) {}

  async current(): Promise<string | undefined> {
    return this.key;
  }

  async refresh(): Promise<void> {
    // there is nowhere to read it again from
  }
}

const FRESH_MS = 60 * 60 * 1000;
/** After a failed read, and between two refreshes on refused keys: Secrets Manager bills and throttles calls. */
const RETRY_MS = 30 * 1000;

/**
 * A key that someone may rotate: read at first use, kept for an hour, read again at once when the upstream refuses it. If reading
 * fails, the last known key stays in use.
 */
export class RotatingApiKey implements ApiKeySource {
  private key: string | undefined;
  private readAgainAt = 0;
  private refreshAllowedAt = 0;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly read: () => Promise<string>,
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  async current(): Promise<string | undefined> {
    if (this.now() >= this.readAgainAt) await this.readOnce();
    return this.key;
  }

  async refresh(): Promise<void> {
    // Requests that were refused together share one read, and all of them then see the new key.
    if (this.reading) return this.reading;
    if (this.now() < this.refreshAllowedAt) return;
    this.refreshAllowedAt = this.now() + RETRY_MS;
    await this.readOnce();
  }

  private async readOnce(): Promise<void> {
    this.reading ??= this.replace().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async replace(): Promise<void> {
    try {
      this.key = await this.read();
      this.readAgainAt = this.now() + FRESH_MS;
    } catch (error) {
      this.readAgainAt = this.now() + RETRY_MS;
      // The SDK's messages name the secret and the cause, never its value.
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.log.error('the API key cannot be read', { reason, stale: this.key !== undefined });
    }
  }
}
