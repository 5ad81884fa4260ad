import { IPeer, ISecurityGroup, Peer, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { MutualTls } from './mutual-tls';
import { SideChoices } from './private/side-choices';
import { validateChoices } from './private/side-rules';
import { ResponseHeaders } from './response-headers';
import { Shield } from './shield';
import { SideCertificate } from './side-certificate';
import { Waf } from './waf';
import { Compliance } from '../core/compliance';
import { validationError, warn } from '../core/private/errors';
import { guard } from '../core/private/guard';

/** Options for an external side with plain HTTP. */
export interface ExternalHttpOptions {
  /**
   * The clients that the security group of the load balancer admits: address ranges (`ec2.Peer.ipv4('203.0.113.0/24')`), prefix lists and
   * security groups. An empty list admits no client.
   *
   * An internet-facing load balancer sees the public address of a client, so a security group matches only clients that call its private
   * addresses. A group has 60 inbound rules unless you increase the quota, and a range uses one for each port: use a prefix list for many
   * ranges.
   *
   * @default - all IPv4 addresses: `ec2.Peer.anyIpv4()`; with `securityGroup`, those that it admits
   */
  readonly peers?: IPeer[];

  /**
   * A security group that exists already. Peers and routes add their rules to it; for a group from
   * `SecurityGroup.fromSecurityGroupId(..., { mutable: false })`, warnings name the rules that its owner must add.
   *
   * @default - a group of its own
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * The subnets of the load balancer: public, one in each of at least two Availability Zones.
   *
   * @default - the network's subnets for external load balancers
   */
  readonly subnets?: SubnetSelection;

  /**
   * The name of the load balancer: at most 32 letters, digits and inner hyphens, unique in the account and Region. An update of the stack
   * cannot replace a load balancer with a fixed name.
   *
   * @default - a name that CloudFormation generates
   */
  readonly loadBalancerName?: string;

  /**
   * The hosted zone for the records of routes.
   *
   * @default - routes cannot have a `recordName`
   */
  readonly zone?: IHostedZone;

  /**
   * The AWS WAF web ACL of the load balancer.
   *
   * @default Waf.managedRules()
   */
  readonly waf?: Waf;

  /**
   * The protection against denial of service. AWS Shield Standard covers every load balancer free of charge.
   *
   * @default Shield.standard()
   */
  readonly shield?: Shield;

  /**
   * The headers that the load balancer adds to every response and removes from it.
   *
   * @default ResponseHeaders.secure()
   */
  readonly responseHeaders?: ResponseHeaders;
}

/** Options for an external side with HTTPS. */
export interface ExternalHttpsOptions extends ExternalHttpOptions {
  /** The certificate of the load balancer. */
  readonly certificate: SideCertificate;

  /**
   * The TLS versions and ciphers.
   *
   * @default SslPolicy.TLS13_12_RES_PQ - TLS 1.3 and 1.2 with post-quantum key exchange and restricted ciphers
   */
  readonly sslPolicy?: SslPolicy;

  /**
   * Specifies whether clients must present a certificate.
   *
   * @default MutualTls.off()
   */
  readonly mutualTls?: MutualTls;
}

/**
 * The external side of a gateway: an internet-facing Application Load Balancer.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const office: ec2.IPrefixList;
 *
 * new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   external: ExternalSide.https({ certificate, peers: [ec2.Peer.prefixList(office.prefixListId)] }),
 * });
 */
export class ExternalSide {
  /**
   * HTTPS on port 443. Port 80 redirects to it (301).
   *
   * @param options certificate, clients, subnets, names and protection
   */
  public static https(options: ExternalHttpsOptions): ExternalSide {
    const { certificate, sslPolicy = SslPolicy.TLS13_12_RES_PQ, mutualTls = MutualTls.off() } = options;
    return new ExternalSide(options, { certificate, sslPolicy, mutualTls });
  }

  /**
   * Plain HTTP on port 80, with the warning `PlainHttp`: requests and responses can be read and modified in transit. It is rejected with
   * `Compliance.strict()`.
   *
   * @param options clients, subnets, names and protection
   */
  public static http(options: ExternalHttpOptions = {}): ExternalSide {
    return new ExternalSide(options);
  }

  /** @internal */
  public readonly _choices: SideChoices;

  private constructor(options: ExternalHttpOptions, tls?: SideChoices['tls']) {
    const { waf = Waf.managedRules(), shield = Shield.standard(), responseHeaders = ResponseHeaders.secure() } = options;
    this._choices = {
      ...options,
      peers: options.peers ?? (options.securityGroup ? [] : [Peer.anyIpv4()]),
      tls,
      waf,
      shield,
      responseHeaders,
    };
  }

  /** @internal */
  public _validate(gateway: Construct): void {
    validateChoices(gateway, 'external', this._choices);
    if (!this._choices.tls) this.validateHttp(gateway);
  }

  private validateHttp(gateway: Construct): void {
    if (Compliance.of(gateway).isStrict) {
      throw validationError(gateway, 'StrictNeedsHttps', {
        prop: 'external',
        must: 'use HTTPS with `Compliance.strict()`',
        got: 'http',
        fix: 'use `ExternalSide.https({ certificate })`',
      });
    }
    for (const prop of this._choices.responseHeaders?._forHttpsOnly ?? []) {
      throw validationError(gateway, 'HttpWithTlsProps', {
        prop: `external.responseHeaders.${prop}`,
        must: 'be left out with `ExternalSide.http()`, because browsers apply it only over HTTPS',
        fix: 'use `ExternalSide.https({ certificate })`, or leave it out',
      });
    }
    warn(
      gateway,
      'PlainHttp',
      'The external side uses plain HTTP: requests and responses can be read and modified in transit. Use `ExternalSide.https({ certificate })`.',
    );
  }
}

guard({ ExternalSide });
