import { Duration, Size } from 'aws-cdk-lib';
import { ISecurityGroup, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { DatabaseRotation } from './database-rotation';
import { IMesh } from '../core/mesh';
import { OfficeHours } from '../core/office-hours';

/** Properties for a PostgreSQL database. */
export interface PostgresDatabaseProps {
  /** The mesh of the database, which is in its isolated subnets. */
  readonly mesh: IMesh;

  /**
   * The name of the database to create.
   *
   * @default 'app'
   */
  readonly databaseName?: string;

  /**
   * The engine version. Specify only the major version: RDS then creates the instance with its default minor version, and upgrades minor
   * versions in the maintenance window. RDS eventually stops accepting a specific minor version for new instances, and never downgrades to
   * it.
   *
   * Upgrading to another major version requires `allowMajorVersionUpgrade`;
   * https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/data.md describes the steps.
   *
   * @default PostgresEngineVersion.VER_17
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
   */
  readonly version?: PostgresEngineVersion;

  /**
   * Specifies whether a deployment can upgrade the instance to another major version. The upgrade stops the instance for minutes and cannot
   * be undone.
   *
   * @default false
   */
  readonly allowMajorVersionUpgrade?: boolean;

  /**
   * The instance type.
   *
   * @default - db.t4g.micro: 2 vCPU, 1 GiB
   */
  readonly instanceType?: InstanceType;

  /**
   * The gp3 storage, 20 GiB to 64 TiB. It can be increased but not decreased.
   *
   * @default Size.gibibytes(20)
   */
  readonly storage?: Size;

  /**
   * Specifies whether a standby instance in another Availability Zone takes over when the primary fails, within one to two minutes.
   *
   * @default true
   */
  readonly multiAz?: boolean;

  /**
   * The retention period of daily backups, 1 to 35 days.
   *
   * @default Duration.days(7)
   */
  readonly backupRetention?: Duration;

  /**
   * The identifier or ARN of a snapshot that the instance is restored from, such as the one that a deleted stack has left. Database,
   * encryption and user are those of the snapshot: `databaseName` says which database clients use, and a `username` of `rotation` must be
   * that of the snapshot. A template cannot say whether a snapshot is encrypted, so rule packs report it (`AwsSolutions-RDS2`):
   * acknowledge that once you have seen that it is.
   *
   * Keep it after the deployment: CloudFormation replaces the instance by an empty one if it is removed, and by another restored one if it is changed, and so
   * it does if it is added to an instance that exists.
   *
   * @default - a new, empty database
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
   */
  readonly snapshotIdentifier?: string;

  /**
   * Specifies how the password is rotated. The stack of a client redeploys it after each rotation, unless its connection says that the code
   * reads the secret again; new connections fail meanwhile, for some minutes.
   *
   * @default DatabaseRotation.managedByRds()
   */
  readonly rotation?: DatabaseRotation;

  /**
   * The hours outside of which the instance is stopped. It starts 15 minutes before they begin and stops 15 minutes after they end. A
   * deployment cannot modify a stopped instance. While stopped, only its storage is billed.
   *
   * @default - the office hours of the mesh; if it has none, the instance always runs
   */
  readonly officeHours?: OfficeHours;

  /**
   * A security group that exists already. The stacks of clients add their rules to it; for a group from
   * `SecurityGroup.fromSecurityGroupId(..., { mutable: false })`, warnings name the rules that its owner must add.
   *
   * @default - a group of its own, which admits connected clients only
   */
  readonly securityGroup?: ISecurityGroup;
}
