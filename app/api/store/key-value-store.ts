/** The little that is asked of Redis. Every method may reject; GuardedStore is what the service uses. */
export interface KeyValueStore {
  /** Whether a command could be sent at all. */
  readonly connected: boolean;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  increment(key: string, by: number, ttlSeconds: number): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
