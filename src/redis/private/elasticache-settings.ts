import { IConstruct } from 'constructs';
import { warnIfEnded } from '../../core/private/ends-of-support';
import { validationError, requireInteger, warn } from '../../core/private/errors';
import { requireResolved } from '../../core/private/resolved';
import { meshSubnets, spanTwoZones, zonesText } from '../../core/private/subnets';
import { ElastiCacheEngine } from '../elasticache-engine';
import { ElastiCacheRedisProps } from '../elasticache-redis-props';
import { MaxMemoryPolicy } from '../max-memory-policy';
import { isTiered, logTypesOf, requireTierable } from './elasticache-features';
import { validateWindows } from './windows';
import { isUnknown } from '../../core/private/unknown';

/** The props after defaults and validation. */
export interface ElastiCacheSettings {
  readonly engine: ElastiCacheEngine;
  readonly nodeType: string;
  readonly numReplicas: number;
  readonly port: number;
  readonly maxMemoryPolicy: MaxMemoryPolicy;
  readonly snapshotName?: string;
  readonly snapshotRetentionDays: number;
  readonly snapshotWindow?: string;
  readonly maintenanceWindow?: string;
  readonly subnetIds: string[];
  /** Indicates whether nodes move rarely read data to their own disks. */
  readonly dataTiering: boolean;
  /** The logs that the engine can deliver. */
  readonly logTypes: string[];
}

export function resolveElastiCache(scope: IConstruct, props: ElastiCacheRedisProps): ElastiCacheSettings {
  requireResolved(scope, 'numReplicas', props.numReplicas);
  const numReplicas = props.numReplicas ?? 1;
  requireInteger(scope, 'RedisReplicas', 'numReplicas', numReplicas, 0, 5);
  requireInteger(scope, 'RedisPort', 'port', props.port, 1024, 65535);
  requireInteger(scope, 'RedisSnapshotRetention', 'snapshotRetentionDays', props.snapshotRetentionDays, 0, 35);
  validateNodeType(scope, props.nodeType);
  validateWindows(scope, props);
  validateEngine(scope, props.engine);
  if (props.engine) warnIfEnded(scope, 'engine', `elasticache/${props.engine.name}`, props.engine.version);
  if (numReplicas === 0) {
    warn(
      scope,
      'RedisSingleNode',
      'numReplicas is 0: without a replica in a second Availability Zone, the loss of the node causes data loss and an outage',
    );
  }
  const engine = props.engine ?? ElastiCacheEngine.VALKEY_8_1;
  const maxMemoryPolicy = props.maxMemoryPolicy ?? MaxMemoryPolicy.VOLATILE_LRU;
  const dataTiering = isTiered(props.nodeType);
  if (dataTiering) requireTierable(scope, engine, maxMemoryPolicy);
  return {
    engine,
    dataTiering,
    logTypes: logTypesOf(engine),
    nodeType: props.nodeType ?? 'cache.t4g.micro',
    numReplicas,
    port: props.port ?? 6379,
    maxMemoryPolicy,
    snapshotName: props.snapshotName,
    snapshotRetentionDays: props.snapshotRetentionDays ?? 15,
    snapshotWindow: props.snapshotWindow,
    maintenanceWindow: props.maintenanceWindow,
    subnetIds: chooseSubnets(scope, props, numReplicas),
  };
}

/** Rejects an engine that has no replication groups, and parameters of another engine or major version. */
function validateEngine(scope: IConstruct, engine: ElastiCacheEngine | undefined): void {
  if (!engine || [engine.name, engine.version, engine.parameterFamily].some((text) => isUnknown(text))) return;
  const { name, version, parameterFamily } = engine;
  const fail = (must: string, got: string, fix: string) =>
    validationError(scope, 'RedisEngine', { prop: 'engine', must, got, fix });
  if (name !== 'valkey' && name !== 'redis') {
    throw fail(
      'be `valkey` or `redis`; replication groups have no other engine',
      name,
      'use a constant such as ElastiCacheEngine.VALKEY_8_1',
    );
  }
  if (!/^\d+\.(\d+|x)(\.\d+)?$/.test(version)) {
    throw fail('have a version of numbers', version, `write it as in ElastiCacheEngine.valkey('8.1')`);
  }
  const [major, minor] = version.split('.');
  // Before version 7, a family is that of a minor version, or of `6.x`.
  const family = Number(major) >= 7 ? `${name}${major}` : `${name}${major}.${major === '6' ? 'x' : minor}`;
  if (parameterFamily === family) return;
  throw fail(
    `have the parameter group family of its version, ${family}`,
    parameterFamily,
    `pass ${JSON.stringify(family)} to ElastiCacheEngine.of`,
  );
}

function validateNodeType(scope: IConstruct, nodeType: string | undefined): void {
  if (nodeType === undefined || isUnknown(nodeType)) return;
  if (!/^cache\.[a-z0-9-]+\.[a-z0-9]+$/.test(nodeType)) {
    throw validationError(scope, 'RedisNodeType', {
      prop: 'nodeType',
      must: 'be an ElastiCache node type',
      got: nodeType,
      fix: `write it like ${nodeType.startsWith('cache.') ? 'cache.t4g.micro' : `cache.${nodeType}`}`,
    });
  }
}

function chooseSubnets(scope: IConstruct, props: ElastiCacheRedisProps, numReplicas: number): string[] {
  const { vpc, storeSubnets } = props.mesh;
  const found = meshSubnets(scope, vpc, storeSubnets, 'store');
  if (numReplicas > 0 && spanTwoZones(found) === false) {
    throw validationError(scope, 'RedisNeedsTwoZones', {
      prop: 'mesh',
      must: 'have store subnets in two Availability Zones, so that a replica survives the loss of one',
      got: zonesText(found),
      fix: 'give the mesh a second zone, or set numReplicas to 0',
    });
  }
  return found.subnets.map(({ subnetId }) => subnetId);
}
