import { Duration, Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { DatabaseRotation } from './database-rotation';
import { IMesh } from '../core/mesh';
import { OfficeHours } from '../core/office-hours';

/** Options for a PostgreSQL database. */
export interface PostgresDatabaseProps {
  /** Mesh that the database lives in: its isolated subnets. */
  readonly mesh: IMesh;

  /**
   * Name of the database that is created.
   *
   * @default 'app'
   */
  readonly databaseName?: string;

  /**
   * Version. Give the major version only: RDS then creates the instance with its default minor version, and upgrades minor versions in the
   * maintenance window. A minor version that is named cannot be created any more one day, and RDS never goes back to it.
   *
   * Another major version needs `allowMajorVersionUpgrade`; docs/data.md has the steps.
   *
   * @default PostgresEngineVersion.VER_17
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
   */
  readonly version?: PostgresEngineVersion;

  /**
   * Whether a deployment may upgrade the instance to another major version, which stops it for minutes and cannot be undone.
   *
   * @default false
   */
  readonly allowMajorVersionUpgrade?: boolean;

  /**
   * Type of the instances.
   *
   * @default - db.t4g.micro: 2 vCPU, 1 GiB
   */
  readonly instanceType?: InstanceType;

  /**
   * Disk, gp3, 20 GiB to 64 TiB; it can grow but not shrink.
   *
   * @default Size.gibibytes(20)
   */
  readonly storage?: Size;

  /**
   * Whether a second instance in another zone takes over when the first one fails, within one to two minutes.
   *
   * @default true
   */
  readonly multiAz?: boolean;

  /**
   * How long daily backups are kept, 1 to 35 days.
   *
   * @default Duration.days(7)
   */
  readonly backupRetention?: Duration;

  /**
   * Rotation of the password. Running tasks read the new one at `DATABASE_SECRET_ARN`; an app that reads it once cannot connect after a
   * rotation, and needs `DatabaseRotation.none`.
   *
   * @default DatabaseRotation.managedByRds()
   */
  readonly rotation?: DatabaseRotation;

  /**
   * Hours outside of which the instance is stopped: it starts 15 minutes before they begin, and stops 15 minutes after they end. A stopped
   * instance cannot be changed by a deployment, and costs its disk only.
   *
   * @default - those of the mesh; without any it runs always
   */
  readonly officeHours?: OfficeHours;
}
