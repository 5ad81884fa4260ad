/**
 * What a store does when its memory is full.
 *
 * @see https://valkey.io/topics/lru-cache/
 */
export enum MaxMemoryPolicy {
  /** Refuse writes; nothing is ever dropped. For queues, locks and anything that is not a copy. */
  NO_EVICTION = 'noeviction',
  /** Drop the least recently used key among those with an expiry; refuse writes when there is none. */
  VOLATILE_LRU = 'volatile-lru',
  /** Drop the least frequently used key among those with an expiry; refuse writes when there is none. */
  VOLATILE_LFU = 'volatile-lfu',
  /** Drop the key that expires next; refuse writes when there is none. */
  VOLATILE_TTL = 'volatile-ttl',
  /** Drop a random key among those with an expiry; refuse writes when there is none. */
  VOLATILE_RANDOM = 'volatile-random',
  /** Drop the least recently used key, whatever it is. For pure caches. */
  ALLKEYS_LRU = 'allkeys-lru',
  /** Drop the least frequently used key, whatever it is. For pure caches. */
  ALLKEYS_LFU = 'allkeys-lfu',
  /** Drop a random key, whatever it is. */
  ALLKEYS_RANDOM = 'allkeys-random',
}
