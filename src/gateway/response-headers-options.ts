import { Duration } from 'aws-cdk-lib';

/** Who may show the pages of a site in a frame. */
export enum FrameOptions {
  /** Nobody. */
  DENY = 'DENY',
  /** Pages of the same origin. */
  SAMEORIGIN = 'SAMEORIGIN',
}

/** What differs from the secure headers of every answer. */
export interface SecureHeadersOptions {
  /**
   * For how long browsers use HTTPS only for a name once they have seen it there: whole seconds, 0 to two years. 0 makes them forget it, which is
   * the way back to plain HTTP: browsers that were not there meanwhile stick to HTTPS.
   *
   * @default Duration.days(365)
   */
  readonly maxAge?: Duration;

  /**
   * Whether that holds for all names below it, too; each of them must then speak HTTPS, also those that are not behind this gateway.
   *
   * @default false
   */
  readonly includeSubDomains?: boolean;

  /**
   * Who may show the pages in a frame (`X-Frame-Options`).
   *
   * @default - the services decide
   */
  readonly frameOptions?: FrameOptions;

  /**
   * What pages may load and run (`Content-Security-Policy`): 1 to 1024 printable ASCII characters.
   *
   * @default - the services decide
   */
  readonly contentSecurityPolicy?: string;
}
