import { CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import { IConstruct } from 'constructs';
import { validateAtSynth, validationError } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';
import { ElastiCacheEngine } from '../elasticache-engine';
import { MaxMemoryPolicy } from '../max-memory-policy';

/** The only policies for data tiering, https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html */
const TIERED_POLICIES = [MaxMemoryPolicy.NO_EVICTION, MaxMemoryPolicy.VOLATILE_LRU, MaxMemoryPolicy.ALLKEYS_LRU];

/** Returns true for the one node family with data tiering. ElastiCache rejects it without data tiering, and any other family with it. */
export function isTiered(nodeType: string | undefined): boolean {
  return nodeType !== undefined && !isUnknown(nodeType) && nodeType.startsWith('cache.r6gd.');
}

export function requireTierable(scope: IConstruct, engine: ElastiCacheEngine, policy: MaxMemoryPolicy): void {
  if (isBefore(engine, 7, 2, 6, 2)) {
    throw validationError(scope, 'RedisDataTiering', {
      prop: 'engine',
      must: 'be Valkey 7.2, Redis OSS 6.2 or later on nodes of the r6gd family, which keep data on disks too',
      got: `${engine.name} ${engine.version}`,
      fix: 'choose a later engine, or a node type such as cache.r7g.large',
    });
  }
  if (isUnknown(policy) || TIERED_POLICIES.includes(policy)) return;
  throw validationError(scope, 'RedisDataTiering', {
    prop: 'maxMemoryPolicy',
    must: `be ${TIERED_POLICIES.join(', ')} on nodes of the r6gd family, which move the least recently used values to disks`,
    got: policy,
    fix: 'choose one of these, or a node type such as cache.r7g.large',
  });
}

/** Rejects shards that were set on the L1: a group of shards has no primary endpoint, which is what clients are given. */
export function refuseShards(scope: IConstruct, group: CfnReplicationGroup): void {
  validateAtSynth(scope, 'RedisShards', () =>
    (['numNodeGroups', 'replicasPerNodeGroup', 'nodeGroupConfiguration'] as const)
      .filter((property) => group[property] !== undefined)
      .map((property) => ({
        prop: `replicationGroup.${property}`,
        must: 'be left out: the store is one shard with a primary endpoint, which clients connect to and shards do not have',
        fix: 'use ServerlessRedis, which shards by itself, or ImportedRedis with `mode: RedisMode.cluster()` for a group of shards of your own',
      })),
  );
}

/** Returns the log types that an engine can deliver: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html */
export function logTypesOf(engine: ElastiCacheEngine): string[] {
  return [...(isBefore(engine, 7, 0, 6, 0) ? [] : ['slow-log']), ...(isBefore(engine, 7, 0, 6, 2) ? [] : ['engine-log'])];
}

/**
 * Returns true if an engine version is known to be older than a version of Valkey, or a version of Redis OSS. `6.x` is the newest of its
 * major version.
 */
function isBefore(
  { name, version }: ElastiCacheEngine,
  valkey: number,
  valkeyMinor: number,
  redis: number,
  redisMinor: number,
): boolean {
  if (isUnknown(name) || isUnknown(version)) return false;
  const [major, minor] = version.split('.').map((part) => (part === 'x' ? Infinity : Number(part)));
  const [least, leastMinor] = name === 'valkey' ? [valkey, valkeyMinor] : [redis, redisMinor];
  return major < least || (major === least && minor < leastMinor);
}
