import { Resource } from '../app-templates';
import { Change, Refusal } from './change';

interface Rules {
  readonly downgrade: string;
  /** The page that requires `AllowMajorVersionUpgrade`. */
  readonly major?: string;
}

const RDS = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html';
const MODIFY = 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html';
const MODIFY_CLUSTER = 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html';
const ELASTICACHE = 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Modify.html';

const ENGINES: Readonly<Record<string, Rules | undefined>> = {
  'AWS::RDS::DBInstance': { downgrade: RDS, major: MODIFY },
  'AWS::RDS::DBCluster': { downgrade: RDS, major: MODIFY_CLUSTER },
  'AWS::ElastiCache::ReplicationGroup': { downgrade: ELASTICACHE },
};

/** Finds older versions of an engine, and newer major versions that nobody has allowed. A replaced resource is created with any version. */
export function refusedVersions({ id, type, outcome, causes, before, after }: Change): Refusal[] {
  const rules = ENGINES[type];
  if (!rules || !before || !after || outcome === 'replaced') return [];
  if (!causes.some(({ path }) => path === 'EngineVersion')) return [];
  const [from, to] = [before, after].map(versionOf);
  if (!from || !to) return [];
  const isCertain = outcome !== 'may be replaced';
  if (isOlder(to, from)) {
    const says = `${from.join('.')} cannot become ${to.join('.')}: an engine is not downgraded; restore a snapshot to another one`;
    return [{ rule: 'downgrade', id, isCertain, source: rules.downgrade, says }];
  }
  if (!rules.major || majorOf(after, to) === majorOf(before, from) || after.at('AllowMajorVersionUpgrade').isTrue) return [];
  const says = `${from.join('.')} becomes ${to.join('.')} without AllowMajorVersionUpgrade; set it for this deployment`;
  return [{ rule: 'major upgrade', id, isCertain, source: rules.major, says }];
}

function versionOf(resource: Resource): number[] | undefined {
  const text = resource.at('EngineVersion').text;
  return text && /^\d+(?:\.\d+)*$/.test(text) ? text.split('.').map(Number) : undefined;
}

/** A version that says less than the other one is not older: 17 is the default minor version of 17. */
function isOlder(version: number[], than: number[]): boolean {
  const at = version.findIndex((part, i) => i < than.length && part !== than[i]);
  return at >= 0 && version[at] < than[at];
}

/** MySQL, MariaDB and PostgreSQL before version 10 have majors of two numbers. */
function majorOf(resource: Resource, version: number[]): string {
  const isTwo =
    /mysql|mariadb/.test(resource.at('Engine').text ?? '') ||
    (version[0] < 10 && /postgres/.test(resource.at('Engine').text ?? ''));
  return version.slice(0, isTwo ? 2 : 1).join('.');
}
