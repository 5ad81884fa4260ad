import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationProtocol, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone, IPrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { AccessLogs } from './access-logs';
import { MutualTls } from './mutual-tls';
import { ResponseHeaders } from './response-headers';
import { Shield } from './shield';
import { Waf } from './waf';

/** Choices for a gateway. */
export interface DualAlbGatewayProps {
  /**
   * Network of the load balancers: public subnets for the external one, private (or else isolated) subnets for the internal one, each in
   * at least two Availability Zones.
   */
  readonly vpc: IVpc;

  /**
   * ACM certificate of the external side, issued in the region of the stack.
   *
   * @default - one for `domainNames`; with neither, the external side cannot be used unless `externalProtocol` is HTTP
   */
  readonly certificate?: ICertificate;

  /**
   * Names for which the gateway requests a certificate of its own, at most 10, all in `publicZone`, which validates it: the first deployment
   * waits for that. Wildcards such as `*.example.com` are fine. A change of the list replaces the certificate, not the load balancer.
   *
   * @default - no certificate is requested
   */
  readonly domainNames?: string[];

  /**
   * Further certificates of the external side, at most 25: the load balancer presents the one that has the name which the client asks for
   * (SNI), and `certificate` to clients that ask for none.
   *
   * @default - none
   */
  readonly additionalCertificates?: ICertificate[];

  /**
   * Whether clients of the external side must show a certificate of their own.
   *
   * @default MutualTls.off()
   */
  readonly mutualTls?: MutualTls;

  /**
   * What the external side speaks: HTTPS on 443, with port 80 sent on to it, or plain HTTP on 80.
   *
   * @default ApplicationProtocol.HTTPS
   */
  readonly externalProtocol?: ApplicationProtocol;

  /**
   * Zone for the records of external routes.
   *
   * @default - external routes cannot have a `recordName`
   */
  readonly publicZone?: IHostedZone;

  /**
   * Zone for the records of internal routes, bound to `vpc`.
   *
   * @default - internal routes cannot have a `recordName`
   */
  readonly privateZone?: IPrivateHostedZone;

  /**
   * AWS WAF web ACL in front of the external side.
   *
   * @default Waf.managedRules()
   */
  readonly waf?: Waf;

  /**
   * Headers that the external side adds to every answer and takes away from it.
   *
   * @default ResponseHeaders.secure()
   */
  readonly responseHeaders?: ResponseHeaders;

  /**
   * Protection of the external side against denial of service. AWS Shield Standard covers every load balancer free of charge.
   *
   * @default Shield.standard()
   */
  readonly shield?: Shield;

  /**
   * Where the access logs of both sides go. Needs a stack with a known region.
   *
   * @default AccessLogs.managedBucket()
   */
  readonly accessLogs?: AccessLogs;

  /**
   * Name of the external load balancer in AWS: at most 32 letters, digits and inner hyphens, unique in account and region. A named load
   * balancer cannot be replaced by an update of the stack.
   *
   * @default - CloudFormation makes one
   */
  readonly externalName?: string;

  /**
   * Name of the internal load balancer in AWS; the rules are those of `externalName`.
   *
   * @default - CloudFormation makes one
   */
  readonly internalName?: string;

  /**
   * TLS versions and ciphers of the external side.
   *
   * @default SslPolicy.TLS13_12_RES_PQ - TLS 1.3 and 1.2 with post-quantum key exchange and restricted ciphers
   */
  readonly sslPolicy?: SslPolicy;

  /**
   * Time without data after which either side closes a connection, 1 to 4000 seconds. The targets' own keep-alive must be longer, or
   * clients see 502 (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html).
   *
   * @default Duration.seconds(60)
   */
  readonly idleTimeout?: Duration;

  /**
   * DESTROY is the development mode: no deletion protection, and the log bucket is emptied and deleted with the stack. Any other policy
   * protects the load balancers from deletion and keeps logs when the stack is updated or deleted. A first deployment that fails cannot be
   * rolled back past this protection: run it with `cdk deploy --no-rollback`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
