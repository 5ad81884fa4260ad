import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { isUnknown } from '../core/private/unknown';

/** The effect on a request whose header has no valid address: it is blocked, never trusted. */
type Fallback = 'MATCH' | 'NO_MATCH';

/**
 * The address that the rate limit, the countries and the address lists of a web ACL judge.
 *
 * Behind a content delivery network or a proxy, the connection comes from its edge, and all users behind that edge would share one limit.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const edges: ec2.IPrefixList;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({
 *     certificate,
 *     peers: [ec2.Peer.prefixList(edges.prefixListId)],
 *     waf: Waf.managedRules({ clientAddress: WafClientAddress.forwarded('CF-Connecting-IP') }),
 *   }),
 * });
 */
export class WafClientAddress {
  /** The address of the connection to the load balancer. */
  public static connection(): WafClientAddress {
    return new WafClientAddress();
  }

  /**
   * The address in a header that the proxy sets, such as `CF-Connecting-IP` of Cloudflare or `X-Forwarded-For`.
   *
   * The rate limit and the countries use the first address in the header, and the address lists the last one. Anyone who reaches the load
   * balancer without the proxy can write the header, so admit only the proxy (`peers`). A proxy that appends to `X-Forwarded-For`, such as
   * CloudFront, leaves the first address to the client: choose a header that the proxy overwrites. A request without a valid address in the
   * header is blocked by each of these rules; AWS WAF does not apply them to a request without the header. The managed group for IP reputation
   * always uses the address of the connection.
   *
   * @param headerName name of the header: 1 to 255 letters, digits and hyphens
   */
  public static forwarded(headerName: string): WafClientAddress {
    return new WafClientAddress(headerName);
  }

  private constructor(
    /** @internal */
    public readonly _headerName?: string,
  ) {}

  /** @internal */
  public _validate(scope: Construct, prop: string): void {
    const name = this._headerName;
    if (name === undefined || isUnknown(name) || /^[A-Za-z0-9-]{1,255}$/.test(name)) return;
    throw validationError(scope, 'WafHeaderName', {
      prop,
      must: 'have the name of a header: 1 to 255 letters, digits and hyphens',
      got: name,
      fix: 'write it as in `WafClientAddress.forwarded("X-Forwarded-For")`',
    });
  }

  /** @internal */
  public _limit(limit: number): CfnWebACL.RateBasedStatementProperty {
    const forwardedIpConfig = this.header('MATCH');
    return { aggregateKeyType: forwardedIpConfig ? 'FORWARDED_IP' : 'IP', evaluationWindowSec: 300, forwardedIpConfig, limit };
  }

  /** @internal */
  public _from(countryCodes: string[], fallbackBehavior: Fallback): CfnWebACL.StatementProperty {
    return { geoMatchStatement: { countryCodes, forwardedIpConfig: this.header(fallbackBehavior) } };
  }

  /** @internal */
  public _in(arn: string, fallbackBehavior: Fallback): CfnWebACL.StatementProperty {
    const header = this.header(fallbackBehavior);
    return { ipSetReferenceStatement: { arn, ipSetForwardedIpConfig: header && { ...header, position: 'LAST' } } };
  }

  private header(fallbackBehavior: Fallback): CfnWebACL.ForwardedIPConfigurationProperty | undefined {
    return this._headerName === undefined ? undefined : { headerName: this._headerName, fallbackBehavior };
  }
}

guard({ WafClientAddress });
