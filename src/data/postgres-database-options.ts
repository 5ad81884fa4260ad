import { Duration, Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { IMesh } from '../core/mesh';
import { OfficeHours } from '../core/office-hours';

/** Choices of a PostgreSQL database. */
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
   * Version. Minor versions are kept up by AWS.
   *
   * @default PostgresEngineVersion.VER_17_6
   */
  readonly version?: PostgresEngineVersion;

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
   * How often the password is changed, 1 to 365 days. Running tasks read the new one at `DATABASE_SECRET_ARN`.
   *
   * @default Duration.days(30)
   */
  readonly rotateEvery?: Duration;

  /**
   * Hours outside of which the instance is stopped: it starts 15 minutes before they begin, and stops 15 minutes after they end. A stopped
   * instance cannot be changed by a deployment, and costs its disk only.
   *
   * @default - those of the mesh; without any it runs always
   */
  readonly officeHours?: OfficeHours;
}
