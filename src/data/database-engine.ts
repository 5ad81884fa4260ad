/** The engine of a relational database, which decides the default port and the variable for TLS. */
export enum DatabaseEngine {
  /** PostgreSQL, on RDS, Aurora or elsewhere. */
  POSTGRESQL = 'postgresql',
  /** MySQL, on RDS, Aurora or elsewhere. */
  MYSQL = 'mysql',
  /** MariaDB. */
  MARIADB = 'mariadb',
}
