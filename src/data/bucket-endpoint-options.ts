/** The access of a service to the objects of a bucket. */
export enum BucketAccess {
  /** List and read objects. */
  READ = 'read',
  /** List and write objects, and abort multipart uploads. No read or delete access. */
  WRITE = 'write',
  /** List, read, write and delete objects. */
  READ_WRITE = 'read-write',
}

/** Options for a connection to a bucket. */
export interface BucketEndpointOptions {
  /**
   * The access to the objects of the bucket.
   *
   * @default BucketAccess.READ
   */
  readonly access?: BucketAccess;

  /**
   * The key prefix that access is limited to.
   *
   * @default - all keys
   */
  readonly keyPrefix?: string;
}
