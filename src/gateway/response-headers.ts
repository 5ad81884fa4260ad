import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { SecureHeadersOptions } from './response-headers-options';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { requireSeconds } from '../core/private/require-seconds';
import { requireResolved } from '../core/private/resolved';
import { isUnknown } from '../core/private/unknown';

/** The maximum size of a header value that the load balancer accepts. */
const MAX_VALUE_BYTES = 1024;
const YEAR = Duration.days(365);

/**
 * The response headers that the load balancer adds and removes on the external side, for all routes alike, so that services do not need to.
 *
 * Services should not send headers that the load balancer adds. Headers that differ between routes, such as those for other origins (CORS),
 * belong in the services.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate, responseHeaders: ResponseHeaders.secure({ frameOptions: FrameOptions.DENY, includeSubDomains: true }) }),
 * });
 */
export class ResponseHeaders {
  /**
   * Adds `Strict-Transport-Security` (one year, HTTPS only) and `X-Content-Type-Options: nosniff`, and removes `Server`, which identifies
   * the load balancer. With options, it also adds `X-Frame-Options` and `Content-Security-Policy`.
   *
   * @param options settings that differ from these defaults
   */
  public static secure(options: SecureHeadersOptions = {}): ResponseHeaders {
    return new ResponseHeaders(options);
  }

  /** Leaves responses as the services send them, with the load balancer's own `Server` header. */
  public static unchanged(): ResponseHeaders {
    return new ResponseHeaders();
  }

  private constructor(private readonly options?: SecureHeadersOptions) {}

  /**
   * Returns the specified options that have no effect on a side with plain HTTP, where browsers ignore the header.
   *
   * @internal
   */
  public get _forHttpsOnly(): string[] {
    const { maxAge, includeSubDomains } = this.options ?? {};
    return Object.entries({ maxAge, includeSubDomains }).flatMap(([name, value]) => (value ? [name] : []));
  }

  /**
   * Returns the attributes of a listener.
   *
   * @internal
   */
  public _attributes(isHttps: boolean): { key: string; value: string }[] {
    const { options } = this;
    const headers = {
      strict_transport_security: options && isHttps ? transportSecurity(options) : undefined,
      x_content_type_options: options && 'nosniff',
      x_frame_options: options?.frameOptions,
      content_security_policy: options?.contentSecurityPolicy,
    };
    return [
      { key: 'routing.http.response.server.enabled', value: `${!options}` },
      ...Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [{ key: `routing.http.response.${name}.header_value`, value }],
      ),
    ];
  }

  /** @internal */
  public _validate(scope: IConstruct, prop: string): void {
    const { maxAge, includeSubDomains, contentSecurityPolicy } = this.options ?? {};
    requireResolved(scope, `${prop}.maxAge`, maxAge);
    requireSeconds(scope, 'TransportSecurityAge', `${prop}.maxAge`, maxAge, 0, YEAR.toSeconds() * 2);
    if (includeSubDomains && maxAge?.toSeconds() === 0) {
      throw validationError(scope, 'TransportSecurityAge', {
        prop: `${prop}.includeSubDomains`,
        must: 'be left out with a `maxAge` of 0, with which browsers discard the setting',
        fix: 'leave out one of the two',
      });
    }
    if (contentSecurityPolicy === undefined || isUnknown(contentSecurityPolicy)) return;
    if (/^[\x20-\x7e]+$/.test(contentSecurityPolicy) && contentSecurityPolicy.length <= MAX_VALUE_BYTES) return;
    throw validationError(scope, 'ContentSecurityPolicy', {
      prop: `${prop}.contentSecurityPolicy`,
      must: `be 1 to ${MAX_VALUE_BYTES} printable ASCII characters on one line`,
      got: contentSecurityPolicy,
      fix: 'shorten it, or let the services send it',
    });
  }
}

guard({ ResponseHeaders });

function transportSecurity({ maxAge = YEAR, includeSubDomains }: SecureHeadersOptions): string {
  return `max-age=${maxAge.toSeconds()}${includeSubDomains ? '; includeSubDomains' : ''}`;
}
