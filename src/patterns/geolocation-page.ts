import { Certificate, CertificateValidation, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { guard } from '../core/private/guard';
import { zoneNameOf } from '../core/private/of-import';

/** Options for a page with a name in a public hosted zone. */
export interface GeolocationPageOptions {
  /**
   * The name of the page in the zone.
   *
   * @default 'frontend'
   */
  readonly recordName?: string;

  /**
   * The certificate for the name of the page.
   *
   * @default - a certificate that the zone validates
   */
  readonly certificate?: ICertificate;
}

/**
 * The public address of the reference app's page.
 *
 * @example
 * declare const zone: route53.IHostedZone;
 * new GeolocationReferenceApp(this, 'Geolocation', { page: GeolocationPage.inZone(zone, { recordName: 'geo' }) });
 */
export class GeolocationPage {
  /**
   * A record in a public hosted zone, over HTTPS.
   *
   * @param zone the public hosted zone
   * @param options name and certificate
   */
  public static inZone(zone: IHostedZone, options: GeolocationPageOptions = {}): GeolocationPage {
    return new GeolocationPage(zone, options.recordName ?? 'frontend', options.certificate);
  }

  /**
   * HTTPS with a certificate, for a name whose DNS is elsewhere: create an alias or CNAME record for the load balancer there.
   *
   * @param certificate the certificate for the name
   */
  public static withCertificate(certificate: ICertificate): GeolocationPage {
    return new GeolocationPage(undefined, undefined, certificate);
  }

  private constructor(
    /** @internal */
    public readonly _zone?: IHostedZone,
    /** @internal */
    public readonly _recordName?: string,
    private readonly certificate?: ICertificate,
  ) {}

  /** The given certificate, or one that the zone validates. @internal */
  public _certificate(scope: Construct): ICertificate | undefined {
    if (this.certificate || !this._zone) return this.certificate;
    return new Certificate(scope, 'Certificate', {
      domainName: `${this._recordName}.${zoneNameOf(scope, 'page.zone', this._zone)}`,
      validation: CertificateValidation.fromDns(this._zone),
    });
  }
}

guard({ GeolocationPage });
