import { CfnDBCluster, CfnDBInstance, IDatabaseCluster, IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { CfnRotationSchedule, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { DatabaseEngine } from '../database-engine';
import { ImportedDatabaseOptions } from '../imported-database-props';

/** A database of the CDK: of this app, of any class of it, or imported. */
export type CdkDatabase = IDatabaseInstance | IDatabaseCluster;

const FAMILIES: Record<DatabaseEngine, string> = {
  [DatabaseEngine.POSTGRESQL]: 'POSTGRESQL',
  [DatabaseEngine.MYSQL]: 'MYSQL',
  [DatabaseEngine.MARIADB]: 'MYSQL',
};

/** Returns the secret of a database of the app, created or restored from a snapshot. An import has none. */
export function secretOf(database: CdkDatabase): ISecret | undefined {
  return (database as CdkDatabase & { readonly secret?: ISecret }).secret;
}

/** Indicates whether the app rotates the secret, or RDS, which created it. */
export function isRotated({ node }: IConstruct): boolean {
  const { manageMasterUserPassword } = (node.defaultChild ?? {}) as Partial<CfnDBInstance | CfnDBCluster>;
  return manageMasterUserPassword === true || node.findAll().some((each) => each instanceof CfnRotationSchedule);
}

/** Returns the host name for reads, which an import may lack. */
export function readerHostOf(cluster: IDatabaseCluster): string | undefined {
  try {
    return cluster.clusterReadEndpoint.hostname;
  } catch {
    return undefined;
  }
}

/** Rejects another engine than that of the database, if CDK knows it. */
export function requireEngine(scope: IConstruct, id: string, database: CdkDatabase, { engine }: ImportedDatabaseOptions): void {
  const { engineType, engineFamily } = database.engine ?? {};
  if (engineType === undefined || engineFamily === FAMILIES[engine]) return;
  const right = Object.keys(FAMILIES).find((each) => FAMILIES[each as DatabaseEngine] === engineFamily);
  throw validationError(`${scope.node.path}/${id}`, 'DatabaseEngineDiffers', {
    prop: 'engine',
    must: `be the engine of ${database.node.path}, which is ${engineType}`,
    got: engine,
    fix: right
      ? `use DatabaseEngine.${right.toUpperCase()}`
      : 'connect to its address with `Endpoint.externalHost`; ImportedDatabase has variables for PostgreSQL, MySQL and MariaDB only',
  });
}
