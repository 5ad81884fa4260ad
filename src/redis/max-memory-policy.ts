/**
 * The eviction policy of a store whose memory is full.
 *
 * @see https://valkey.io/topics/lru-cache/
 */
export enum MaxMemoryPolicy {
  /** Rejects writes and never evicts a key. For queues, locks and any data that is not a copy. */
  NO_EVICTION = 'noeviction',
  /** Evicts the least recently used key with an expiry; rejects writes if there is none. */
  VOLATILE_LRU = 'volatile-lru',
  /** Evicts the least frequently used key with an expiry; rejects writes if there is none. */
  VOLATILE_LFU = 'volatile-lfu',
  /** Evicts the key that expires next; rejects writes if there is none. */
  VOLATILE_TTL = 'volatile-ttl',
  /** Evicts a random key with an expiry; rejects writes if there is none. */
  VOLATILE_RANDOM = 'volatile-random',
  /** Evicts the least recently used key, with or without an expiry. For pure caches. */
  ALLKEYS_LRU = 'allkeys-lru',
  /** Evicts the least frequently used key, with or without an expiry. For pure caches. */
  ALLKEYS_LFU = 'allkeys-lfu',
  /** Evicts a random key, with or without an expiry. */
  ALLKEYS_RANDOM = 'allkeys-random',
}
