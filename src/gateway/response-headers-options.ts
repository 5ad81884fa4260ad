import { Duration } from 'aws-cdk-lib';

/** The sites that can show pages in a frame. */
export enum FrameOptions {
  /** No site can show the pages in a frame. */
  DENY = 'DENY',
  /** Pages of the same origin. */
  SAMEORIGIN = 'SAMEORIGIN',
}

/** Options for secure response headers. */
export interface SecureHeadersOptions {
  /**
   * The time for which browsers use only HTTPS for a name after they have received the header: whole seconds, 0 to two years. With 0,
   * browsers discard the setting, which is the way back to plain HTTP; browsers that do not visit the site in the meantime continue to
   * require HTTPS.
   *
   * @default Duration.days(365)
   */
  readonly maxAge?: Duration;

  /**
   * Specifies whether the setting also applies to all subdomains. Each of them must then use HTTPS, including those that are not behind
   * this gateway.
   *
   * @default false
   */
  readonly includeSubDomains?: boolean;

  /**
   * Specifies which sites can show the pages in a frame (`X-Frame-Options`).
   *
   * @default - the services decide
   */
  readonly frameOptions?: FrameOptions;

  /**
   * The content security policy of the pages (`Content-Security-Policy`): 1 to 1,024 printable ASCII characters.
   *
   * @default - the services decide
   */
  readonly contentSecurityPolicy?: string;
}
