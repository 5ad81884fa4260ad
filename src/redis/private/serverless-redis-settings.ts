import { Names, Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { validationError, requireInteger } from '../../core/private/errors';
import { inUnit } from '../../core/private/resolved';
import { meshSubnets, spanTwoZones, zonesText } from '../../core/private/subnets';
import { isUnknown } from '../../core/private/unknown';
import { ServerlessRedisProps } from '../serverless-redis-props';

/** The props after defaults and validation. */
export interface ServerlessRedisSettings {
  /** The common name of the cache, the user and the user group. */
  readonly name: string;
  readonly majorEngineVersion: string;
  readonly maxDataStorageGiB?: number;
  readonly maxEcpuPerSecond?: number;
  readonly snapshotRetentionDays: number;
  readonly dailySnapshotTime?: string;
  readonly subnetIds: string[];
}

export function resolveServerlessRedis(scope: Construct, props: ServerlessRedisProps): ServerlessRedisSettings {
  requireInteger(scope, 'RedisEcpuLimit', 'maxEcpuPerSecond', props.maxEcpuPerSecond, 1000, 15_000_000);
  requireInteger(scope, 'RedisSnapshotRetention', 'snapshotRetentionDays', props.snapshotRetentionDays, 0, 35);
  validateTime(scope, props.dailySnapshotTime);
  return {
    name: nameOf(scope),
    majorEngineVersion: props.majorEngineVersion ?? '8',
    maxDataStorageGiB: resolveStorage(scope, props.maxDataStorage),
    maxEcpuPerSecond: props.maxEcpuPerSecond,
    snapshotRetentionDays: props.snapshotRetentionDays ?? 15,
    dailySnapshotTime: props.dailySnapshotTime,
    subnetIds: chooseSubnets(scope, props.mesh),
  };
}

/**
 * Returns a name, because AWS generates none for these: from the construct path, so that every synthesis gives the same, at most 40
 * characters.
 */
function nameOf(scope: Construct): string {
  // Two hyphens in a row, or one at an end, are refused.
  return Names.uniqueResourceName(scope, { maxLength: 40, separator: '-' })
    .toLowerCase()
    .replace(/-+/g, '-')
    .replace(/^[^a-z]+|-$/g, '');
}

function resolveStorage(scope: IConstruct, size: Size | undefined): number | undefined {
  if (size === undefined) return undefined;
  const gibibytes = inUnit(scope, 'maxDataStorage', () => size.toGibibytes({ rounding: SizeRoundingBehavior.NONE }));
  requireInteger(scope, 'RedisDataStorageLimit', 'maxDataStorage', gibibytes, 1, 5000);
  return gibibytes;
}

function validateTime(scope: IConstruct, time: string | undefined): void {
  if (time === undefined || isUnknown(time) || /^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return;
  throw validationError(scope, 'RedisWindow', {
    prop: 'dailySnapshotTime',
    must: 'be a time in UTC',
    got: time,
    fix: 'write it like 03:00',
  });
}

/** Selects two or three subnets, because a serverless cache has an endpoint in each of two or three zones. */
function chooseSubnets(scope: IConstruct, mesh: IMesh): string[] {
  const found = meshSubnets(scope, mesh.vpc, { ...mesh.storeSubnets, onePerAz: true }, 'store');
  if (spanTwoZones(found) === false) {
    throw validationError(scope, 'RedisNeedsTwoZones', {
      prop: 'mesh',
      must: 'have store subnets in two Availability Zones, which a serverless cache always spans',
      got: zonesText(found),
      fix: 'give the mesh a second zone, or choose ElastiCacheRedis with numReplicas 0',
    });
  }
  return found.subnets.slice(0, 3).map(({ subnetId }) => subnetId);
}
