import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { DatabaseEngine } from './database-engine';

/** The facts about an existing database that are not in its attributes. */
export interface ImportedDatabaseOptions {
  /** The engine. */
  readonly engine: DatabaseEngine;

  /** The name of the database, which clients receive in `DATABASE_NAME`. */
  readonly databaseName: string;

  /**
   * The JSON secret with the fields `username` and `password`, as RDS writes it.
   *
   * @default - the secret of a database of the app; otherwise clients receive no credentials
   */
  readonly secret?: ISecret;
}

/** Properties for an existing database. */
export interface ImportedDatabaseProps extends ImportedDatabaseOptions {
  /** The host name of the writer. */
  readonly host: string;

  /**
   * The TCP port.
   *
   * @default - 5432 for PostgreSQL, 3306 for MySQL and MariaDB
   */
  readonly port?: number;

  /**
   * The host name that spreads reads over replicas, such as the reader endpoint of an Aurora cluster.
   *
   * @default - clients receive no `DATABASE_READER_HOST`
   */
  readonly readerHost?: string;

  /**
   * The security group of the database. The client's stack adds its own rule to it.
   *
   * @default - clients have egress on the port to all IPv4 addresses; the owner of the database must admit them
   */
  readonly securityGroup?: ISecurityGroup;
}

/** The facts about a database that another app shares. */
export interface SharedDatabaseOptions {
  /**
   * The engine, which is held against that of the owner.
   *
   * @default DatabaseEngine.POSTGRESQL
   */
  readonly engine?: DatabaseEngine;

  /**
   * The TCP port, which is held against that of the owner.
   *
   * @default - 5432 for PostgreSQL, 3306 for MySQL and MariaDB
   */
  readonly port?: number;
}
