import { Stack } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, ICertificate, KeyAlgorithm } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnHostedZone, IHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { requireArnPlace } from '../core/private/arn-place';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { ofImport, zoneNameOf } from '../core/private/of-import';
import { QUOTAS } from '../core/private/quotas';
import { isUnknown } from '../core/private/unknown';

const { limit: MAX_ADDITIONAL } = QUOTAS.certificatesOfLoadBalancer;
const MAX_NAMES = 10;
/** The characters that the first name of a certificate can have, its common name. */
const MAX_FIRST = 64;
const CERTIFICATE_NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/i;

/** Options for an existing certificate. */
export interface GivenCertificateOptions {
  /**
   * Additional certificates, at most 25. The load balancer presents the one that contains the name that a client requests (SNI), and the
   * main one to clients that request none.
   *
   * @default - none
   */
  readonly additional?: ICertificate[];
}

/** Options for a certificate that the gateway requests from AWS Certificate Manager. */
export interface RequestedCertificateOptions {
  /**
   * The names in the certificate, at most 10, all in `zone`. Wildcards such as `*.example.com` are allowed. Changing the list replaces the
   * certificate, not the load balancer.
   */
  readonly names: string[];

  /** The public hosted zone for validation: the first deployment waits until ACM has found the records in it. */
  readonly zone: IHostedZone;

  /**
   * Additional certificates, at most 25. The load balancer presents the one that contains the name that a client requests (SNI), and the
   * requested certificate to clients that request none.
   *
   * @default - none
   */
  readonly additional?: ICertificate[];
}

/** The certificates of the HTTPS listeners of a side. */
interface ListenerCertificates {
  readonly main: ICertificate;
  readonly additional: ICertificate[];
}

/**
 * The certificates of a side of a gateway, in the Region of its load balancer. Public ACM certificates are free of charge.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const zone: route53.IHostedZone;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({
 *     certificate: SideCertificate.requested({ names: ['www.example.com', 'example.com'], zone }),
 *     zone,
 *   }),
 * });
 */
export class SideCertificate {
  /**
   * Uses an existing certificate.
   *
   * @param certificate ACM certificate, issued in the Region of the stack
   * @param options additional certificates
   */
  public static given(certificate: ICertificate, options: GivenCertificateOptions = {}): SideCertificate {
    return new SideCertificate(options.additional ?? [], certificate);
  }

  /**
   * Requests a certificate from ACM and validates it through records in a hosted zone.
   *
   * @param options names, zone, and additional certificates
   */
  public static requested(options: RequestedCertificateOptions): SideCertificate {
    return new SideCertificate(options.additional ?? [], undefined, options);
  }

  private constructor(
    private readonly additional: ICertificate[],
    private readonly certificate?: ICertificate,
    private readonly request?: RequestedCertificateOptions,
  ) {}

  /**
   * Returns the certificates. A requested one is created in the scope.
   *
   * @internal
   */
  public _resolve(scope: Construct, id: string): ListenerCertificates {
    return { main: this.certificate ?? createCertificate(scope, id, this.request!), additional: this.additional };
  }

  /**
   * Throws for certificates that the load balancer could not use.
   *
   * @internal
   */
  public _validate(scope: Construct, prop: string): void {
    if (this.certificate) requireRegion(scope, prop, this.certificate);
    if (this.request) requireNames(scope, `${prop}.names`, this.request);
    this.additional.forEach((certificate, i) => requireRegion(scope, `${prop}.additional[${i}]`, certificate));
    requireAdditional(scope, `${prop}.additional`, this.additional);
  }
}

guard({ SideCertificate });

function createCertificate(scope: Construct, id: string, { names, zone }: RequestedCertificateOptions): Certificate {
  return new Certificate(scope, id, {
    domainName: names[0],
    subjectAlternativeNames: names.length > 1 ? names.slice(1) : undefined,
    validation: CertificateValidation.fromDns(zone),
    keyAlgorithm: KeyAlgorithm.RSA_2048,
    transparencyLoggingEnabled: true,
  });
}

function requireRegion(scope: Construct, prop: string, certificate: ICertificate): void {
  const { env } = certificate;
  const certificateArn = ofImport(scope, () => certificate.certificateArn, {
    prop,
    needs: 'its ARN',
    got: certificate,
    fix: 'use `Certificate.fromCertificateArn` with the ARN; for a variable of the environment, check that it is set',
  });
  const { region } = Stack.of(scope);
  // The Region of a certificate that was imported by a token is that of the stack it was imported into.
  const issued = isUnknown(certificateArn) ? env.region : certificateArn.split(':')[3];
  if (!issued || isUnknown(issued) || isUnknown(region) || issued === region) {
    return requireArnPlace(scope, prop, certificateArn, ['account']);
  }
  throw validationError(scope, 'CertificateRegion', {
    prop,
    must: `be issued in ${region}, the region of the load balancer`,
    got: isUnknown(certificateArn) ? issued : certificateArn,
    fix: `request the certificate in ${region}`,
  });
}

function requireAdditional(scope: Construct, prop: string, certificates: ICertificate[]): void {
  const paths = certificates.map(({ node }) => node.path);
  const twice = paths.find((path, i) => paths.indexOf(path) < i);
  if (paths.length <= MAX_ADDITIONAL && twice === undefined) return;
  throw validationError(scope, 'AdditionalCertificates', {
    prop,
    must: `be at most ${MAX_ADDITIONAL} different certificates`,
    got: twice ?? paths.length,
    fix: twice ? 'list it once' : 'put several names into one certificate, or add a second gateway',
  });
}

function requireNames(scope: Construct, prop: string, { names, zone }: RequestedCertificateOptions): void {
  const fail = (must: string, got: unknown, fix: string) => validationError(scope, 'GatewayDomain', { prop, must, got, fix });
  if (names.length === 0 || names.length > MAX_NAMES) {
    throw fail(`hold 1 to ${MAX_NAMES} names`, names, 'name the hosts of the routes; a wildcard stands for many');
  }
  const zoneName = zoneNameOf(scope, prop.replace(/names$/, 'zone'), zone)
    .replace(/\.$/, '')
    .toLowerCase();
  requirePublic(scope, prop.replace(/names$/, 'zone'), zone);
  for (const name of names) {
    if (isUnknown(name) || CERTIFICATE_NAME.test(name)) continue;
    throw fail(
      'hold names of letters, digits and hyphens, with a wildcard as the first label only',
      name,
      'write it like "*.example.com"',
    );
  }
  if (!isUnknown(names[0]) && names[0].length > MAX_FIRST) {
    throw fail(
      `start with a name of at most ${MAX_FIRST} characters, the limit of ACM for the first`,
      names[0],
      'put a shorter name first, such as a wildcard',
    );
  }
  const stranger = names.find((name) => !isInZone(name.toLowerCase(), zoneName));
  if (stranger === undefined) return;
  throw fail(
    `hold names of the zone ${zoneName}`,
    stranger,
    'request the certificate yourself and pass it as `SideCertificate.given(certificate)`',
  );
}

/** Rejects a zone that only networks see: ACM would wait for its records for ever. */
function requirePublic(scope: Construct, prop: string, zone: IHostedZone): void {
  const { defaultChild } = zone.node;
  const isPrivate = zone instanceof PrivateHostedZone || (defaultChild instanceof CfnHostedZone && isFilled(defaultChild));
  if (!isPrivate) return;
  throw validationError(scope, 'GatewayDomain', {
    prop,
    must: 'be a public hosted zone, since ACM looks for the records of its validation on the internet and waits until it finds them',
    got: zone.node.path,
    fix: 'use the public zone of the domain, or pass a certificate of AWS Private CA as `SideCertificate.given(certificate)`',
  });
}

function isFilled({ stack, vpcs }: CfnHostedZone): boolean {
  const resolved: unknown = stack.resolve(vpcs);
  return Array.isArray(resolved) && resolved.length > 0;
}

function isInZone(name: string, zone: string): boolean {
  return isUnknown(name) || isUnknown(zone) || name === zone || name.endsWith(`.${zone}`);
}
