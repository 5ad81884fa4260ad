import { CfnDBInstance, DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';

/** Identifiers of automated snapshots begin with `rds:`; shared ones are ARNs. */
const SNAPSHOT = /^(arn:[\w-]+:rds:[\w-]+:\d{12}:snapshot:)?(rds:|awsbackup:)?[A-Za-z][A-Za-z0-9-]{0,254}$/;

export function requireSnapshot(scope: IConstruct, snapshotIdentifier: string | undefined): void {
  if (snapshotIdentifier === undefined || isUnknown(snapshotIdentifier) || SNAPSHOT.test(snapshotIdentifier)) return;
  throw validationError(scope, 'BadSnapshotIdentifier', {
    prop: 'snapshotIdentifier',
    must: 'be the identifier or the ARN of a snapshot of an instance',
    got: snapshotIdentifier,
    fix: 'take it from `aws rds describe-db-snapshots`; the snapshot of a cluster cannot become an instance',
  });
}

/**
 * Restores an instance from a snapshot. RDS takes the name of the database, the user and the encryption from it, and rejects them beside it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
 */
export function restoreFrom(snapshotIdentifier: string, instance: DatabaseInstance): void {
  const definition = instance.node.defaultChild as CfnDBInstance;
  definition.dbSnapshotIdentifier = snapshotIdentifier;
  definition.dbName = undefined;
  definition.masterUsername = undefined;
  definition.storageEncrypted = undefined;
  definition.kmsKeyId = undefined;
}
