/** The access of a service to the items of a table. */
export enum TableAccess {
  /** Get, query and scan items. */
  READ = 'read',
  /** Put, update and delete items. No read access. */
  WRITE = 'write',
  /** Get, query, scan, put, update and delete items. */
  READ_WRITE = 'read-write',
}

/** Options for a connection to a table. */
export interface TableEndpointOptions {
  /**
   * The access to the items of the table.
   *
   * @default TableAccess.READ
   */
  readonly access?: TableAccess;

  /**
   * The names of the secondary indexes that the service queries.
   *
   * @default - none
   */
  readonly indexes?: string[];
}
