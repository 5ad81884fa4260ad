import { Stack, Token } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, ICertificate, KeyAlgorithm } from 'aws-cdk-lib/aws-certificatemanager';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { validationError } from '../../core/private/errors';

interface GivenCertificates {
  readonly certificate?: ICertificate;
  readonly additionalCertificates?: ICertificate[];
  readonly domainNames?: string[];
  readonly publicZone?: IHostedZone;
}

const MAX_ADDITIONAL = 25;
const MAX_NAMES = 10;

/** The certificates of the external side, given or requested. */
export class ExternalCertificates {
  private requested?: Certificate;

  public constructor(
    private readonly gateway: Construct,
    private readonly props: GivenCertificates,
  ) {}

  /** The one for clients that ask for no name. */
  public get main(): ICertificate | undefined {
    const { certificate, domainNames, publicZone } = this.props;
    if (certificate || !domainNames) return certificate;
    this.requested ??= new Certificate(this.gateway, 'Certificate', {
      domainName: domainNames[0],
      subjectAlternativeNames: domainNames.length > 1 ? domainNames.slice(1) : undefined,
      validation: CertificateValidation.fromDns(publicZone),
      keyAlgorithm: KeyAlgorithm.RSA_2048,
      transparencyLoggingEnabled: true,
    });
    return this.requested;
  }

  public get additional(): ICertificate[] {
    return this.props.additionalCertificates ?? [];
  }

  /** The props that make sense with HTTPS only and are there. */
  public get given(): string[] {
    const { certificate, additionalCertificates, domainNames } = this.props;
    return Object.entries({ certificate, additionalCertificates, domainNames }).flatMap(([name, value]) => (value ? [name] : []));
  }

  /** Only where the external side is used: a gateway for internal traffic needs none. */
  public require(): void {
    if (this.props.certificate || this.props.domainNames) return;
    throw validationError(this.gateway, 'CertificateMissing', {
      prop: 'certificate',
      must: 'be set for the external side to speak HTTPS',
      fix:
        'pass an ACM certificate of this region, or set `domainNames` and `publicZone` to have one requested, or ' +
        '`externalProtocol: ApplicationProtocol.HTTP` to serve plain HTTP on purpose',
    });
  }

  public validate(): void {
    if (this.props.certificate) this.requireRegion('certificate', this.props.certificate);
    this.additional.forEach((certificate, i) => this.requireRegion(`additionalCertificates[${i}]`, certificate));
    this.requireAdditional();
    if (this.props.domainNames) this.requireNames(this.props.domainNames);
  }

  private requireRegion(prop: string, { certificateArn }: ICertificate): void {
    const { region } = Stack.of(this.gateway);
    const issued = Token.isUnresolved(certificateArn) ? undefined : certificateArn.split(':')[3];
    if (!issued || Token.isUnresolved(region) || issued === region) return;
    throw validationError(this.gateway, 'CertificateRegion', {
      prop,
      must: `be issued in ${region}, the region of the load balancer`,
      got: certificateArn,
      fix: `request the certificate in ${region}`,
    });
  }

  private requireAdditional(): void {
    const paths = this.additional.map(({ node }) => node.path);
    const twice = paths.find((path, i) => paths.indexOf(path) < i);
    if (paths.length <= MAX_ADDITIONAL && twice === undefined) return;
    throw validationError(this.gateway, 'AdditionalCertificates', {
      prop: 'additionalCertificates',
      must: `be at most ${MAX_ADDITIONAL} different certificates`,
      got: twice ?? paths.length,
      fix: twice ? 'list it once' : 'put several names into one certificate, or add a second gateway',
    });
  }

  private requireNames(names: string[]): void {
    const { certificate, publicZone } = this.props;
    const fail = (must: string, got: unknown, fix: string) =>
      validationError(this.gateway, 'GatewayDomain', { prop: 'domainNames', must, got, fix });
    if (certificate) throw fail('be left out with `certificate`', names, 'leave out one of the two');
    if (names.length === 0 || names.length > MAX_NAMES) {
      throw fail(`hold 1 to ${MAX_NAMES} names`, names, 'name the hosts of the external routes; a wildcard stands for many');
    }
    if (!publicZone) throw fail('come with `publicZone`, which proves that the names are yours', names, 'set `publicZone`');
    const zone = publicZone.zoneName.replace(/\.$/, '').toLowerCase();
    const stranger = names.find((name) => !isInZone(name.toLowerCase(), zone));
    if (stranger !== undefined) {
      throw fail(`hold names of the zone ${zone}`, stranger, 'request the certificate yourself and pass it as `certificate`');
    }
  }
}

function isInZone(name: string, zone: string): boolean {
  return Token.isUnresolved(name) || Token.isUnresolved(zone) || name === zone || name.endsWith(`.${zone}`);
}
