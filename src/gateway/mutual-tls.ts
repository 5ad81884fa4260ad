import { ITrustStore, MutualAuthentication, MutualAuthenticationMode, TrustStore } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { requireArnPlace } from '../core/private/arn-place';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { isUnknown } from '../core/private/unknown';

/** Options for the bundle of the accepted certificate authorities. */
export interface CaBundleOptions {
  /** The bucket, in the Region of the gateway. The principal that deploys the stack must be able to read it. */
  readonly bucket: IBucket;

  /** The object key of the PEM file with the certificates of the authorities, each after the one that it signed. */
  readonly key: string;

  /**
   * The version of the file. Without one, a new file is read only when another property of the trust store changes.
   *
   * @default - the latest at the time of deployment
   */
  readonly version?: string;
}

/**
 * Specifies whether clients of the external side must present a certificate when they connect (mutual TLS). It applies to all routes of the
 * side.
 *
 * A trust store has an hourly charge (https://aws.amazon.com/elasticloadbalancing/pricing/).
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const bucket: s3.IBucket;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate, mutualTls: MutualTls.verify({ bucket, key: 'partners.pem' }) }),
 * });
 */
export class MutualTls {
  /**
   * The load balancer rejects connections without a valid certificate from one of these authorities before any request. Services can read
   * the client's certificate from the headers `x-amzn-mtls-clientcert-subject`, `-issuer`, `-serial-number` and `-leaf`. Expired
   * certificates are rejected.
   *
   * @param bundle the authorities
   */
  public static verify(bundle: CaBundleOptions): MutualTls {
    const settle = (scope: Construct) => verifying(new TrustStore(scope, 'TrustStore', bundle));
    return new MutualTls(settle, 'client certificates verified', bundle.key);
  }

  /**
   * Verifies certificates with an existing trust store in the Region of the gateway.
   *
   * @param trustStore the trust store
   */
  public static trustStore(trustStore: ITrustStore): MutualTls {
    const settle = (scope: Construct) => {
      requireArnPlace(scope, 'external.mutualTls', trustStore.trustStoreArn, ['region']);
      return verifying(trustStore);
    };
    return new MutualTls(settle, 'client certificates verified');
  }

  /**
   * The load balancer requests a certificate but does not verify it: each service must verify the chain in the header
   * `x-amzn-mtls-clientcert`. Clients without a certificate are admitted too.
   */
  public static passthrough(): MutualTls {
    return new MutualTls(
      () => ({ mutualAuthenticationMode: MutualAuthenticationMode.PASS_THROUGH }),
      'client certificates passed on',
    );
  }

  /** Clients present no certificate. */
  public static off(): MutualTls {
    return new MutualTls(() => undefined);
  }

  /** @internal */
  public readonly _details: string[];

  private constructor(
    private readonly settle: (scope: Construct) => MutualAuthentication | undefined,
    detail?: string,
    private readonly key?: string,
  ) {
    this._details = detail ? [detail] : [];
  }

  /**
   * Returns the settings of the listener; creates the trust store in the scope if it is the gateway's own.
   *
   * @internal
   */
  public _resolve(scope: Construct): MutualAuthentication | undefined {
    return this.settle(scope);
  }

  /** @internal */
  public _validate(scope: IConstruct, prop: string): void {
    if (this.key === undefined || isUnknown(this.key) || /^[^/].{0,1023}$/.test(this.key)) return;
    throw validationError(scope, 'MutualTlsBundle', {
      prop,
      must: 'name the key of a file in the bucket, 1 to 1024 characters without a slash in front',
      got: this.key,
      fix: 'write it as in "authorities/partners.pem"',
    });
  }
}

guard({ MutualTls });

function verifying(trustStore: ITrustStore): MutualAuthentication {
  return {
    mutualAuthenticationMode: MutualAuthenticationMode.VERIFY,
    trustStore,
    ignoreClientCertificateExpiry: false,
    advertiseTrustStoreCaNames: false,
  };
}
