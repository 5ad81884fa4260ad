import Redis, { Cluster, RedisOptions } from 'ioredis';
import { KeyValueStore } from './key-value-store';

export interface RedisSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  /** The store is a cluster, or a serverless cache that looks like one. */
  readonly cluster: boolean;
  /** How long a server may leave a command unanswered before it is dialled anew; 3 s unless a test is in a hurry. */
  readonly silenceMs?: number;
  /** How long a command may take; 50 ms unless a test must not depend on how busy the machine is. */
  readonly commandMs?: number;
}

/** Redis through ioredis, alone or as a cluster. */
export class RedisStore implements KeyValueStore {
  private readonly client: Redis | Cluster;
  private readonly commandMs: number;

  constructor(settings: RedisSettings) {
    this.commandMs = settings.commandMs ?? 50;
    const options: RedisOptions = {
      // Without these three, ioredis keeps commands waiting for a server that is gone (571 of 571 were still hanging after 3 s); with
      // them a killed server fails a command at once and a frozen one after the limit.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: this.commandMs,
      username: settings.username,
      password: settings.password,
      tls: settings.tls ? { servername: settings.host } : undefined,
      connectTimeout: 1000,
      // A host that vanished never closes its connection: redial, and so resolve its name again, instead of waiting for TCP's 15 min.
      socketTimeout: settings.silenceMs ?? 3000,
      disconnectTimeout: 100, // nothing is in flight by then that would be worth two more seconds
      enableAutoPipelining: true,
      retryStrategy: backOff,
      reconnectOnError: (error) => error.message.startsWith('READONLY'), // a failover left us at the old primary
    };
    this.client = settings.cluster
      ? cluster(settings, options)
      : new Redis({ ...options, host: settings.host, port: settings.port });
    // Connection errors reach the callers as failed commands; without a listener they would end the process.
    this.client.on('error', () => undefined);
  }

  get connected(): boolean {
    return this.client.status === 'ready';
  }

  /** Gives the first connection some time, so that a start does not begin with misses; never rejects. */
  async settle(timeoutMs: number): Promise<void> {
    if (this.connected) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
      this.client.once('ready', () => resolve());
    });
    clearTimeout(timer);
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.within(this.client.get(key))) ?? undefined;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.within(this.client.set(key, value, 'EX', ttlSeconds));
  }

  async increment(key: string, by: number, ttlSeconds: number): Promise<void> {
    await this.within(Promise.all([this.client.incrby(key, by), this.client.expire(key, ttlSeconds)]));
  }

  async ping(): Promise<void> {
    await this.within(this.client.ping());
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  /** A second limit, for the cluster client's own waiting (slot refreshes, redirections) is outside `commandTimeout`. */
  private async within<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), this.commandMs * 2);
    });
    try {
      return await Promise.race([answer, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function cluster(settings: RedisSettings, redisOptions: RedisOptions): Cluster {
  return new Redis.Cluster([{ host: settings.host, port: settings.port }], {
    enableOfflineQueue: false,
    clusterRetryStrategy: backOff,
    slotsRefreshTimeout: 1000,
    // Certificates name the endpoint, not the addresses behind it: connect by name.
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: { ...redisOptions, enableAutoPipelining: undefined },
    enableAutoPipelining: true,
  });
}

function backOff(attempt: number): number {
  return Math.min(attempt * 100, 2000);
}
