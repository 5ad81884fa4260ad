import { IPeer, ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IPrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { MutualTls } from './mutual-tls';
import { SideChoices } from './private/side-choices';
import { validateChoices } from './private/side-rules';
import { SideCertificate } from './side-certificate';
import { Waf } from './waf';
import { guard } from '../core/private/guard';

/** Options for an internal side with plain HTTP. */
export interface InternalHttpOptions {
  /**
   * The clients that the security group of the load balancer admits in addition to the services that connect to one of its routes: address
   * ranges such as `ec2.Peer.ipv4(vpc.vpcCidrBlock)`, prefix lists and security groups. Ranges for all addresses (`0.0.0.0/0`, `::/0`) are
   * rejected.
   *
   * @default - no additional clients
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
   * The subnets of the load balancer, one in each of at least two Availability Zones.
   *
   * @default - the network's subnets for internal load balancers
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
   * The private hosted zone of the VPC for the records of routes, such as `mesh.privateZone`.
   *
   * @default - routes cannot have a `recordName`
   */
  readonly zone?: IPrivateHostedZone;

  /**
   * The AWS WAF web ACL of the load balancer, without the rules about addresses and their countries, because few tasks send requests for
   * many users, and with the rules set to count that calls between services would match (`internalCountedRules`).
   *
   * @default - `Waf.managedRules()` with `Compliance.strict()`, none otherwise
   */
  readonly waf?: Waf;
}

/** Options for an internal side with HTTPS. */
export interface InternalHttpsOptions extends InternalHttpOptions {
  /**
   * The certificate of the load balancer. Clients call the names in the certificate, so the records of routes must have these names: use a
   * private hosted zone of a public domain, such as `internal.example.com`, with a certificate that is validated in the public zone of the
   * domain.
   */
  readonly certificate: SideCertificate;

  /**
   * The TLS versions and ciphers.
   *
   * @default SslPolicy.TLS13_12_RES_PQ - TLS 1.3 and 1.2 with post-quantum key exchange and restricted ciphers
   */
  readonly sslPolicy?: SslPolicy;
}

/**
 * The internal side of a gateway: an Application Load Balancer for calls inside the network.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const api: MeshService;
 *
 * const gateway = new DualAlbGateway(this, 'Gateway', {
 *   network: mesh,
 *   internal: InternalSide.http({ zone: mesh.privateZone }),
 * });
 * gateway.internal.route('Api', { target: api.port('http'), recordName: 'api' });
 */
export class InternalSide {
  /**
   * Plain HTTP on port 80.
   *
   * @param options clients, subnets and names
   */
  public static http(options: InternalHttpOptions = {}): InternalSide {
    return new InternalSide(options);
  }

  /**
   * HTTPS on port 443. Port 80 redirects peers to it (301); services connect to port 443.
   *
   * @param options the certificate, clients, subnets and names
   */
  public static https(options: InternalHttpsOptions): InternalSide {
    const { certificate, sslPolicy = SslPolicy.TLS13_12_RES_PQ } = options;
    return new InternalSide(options, { certificate, sslPolicy, mutualTls: MutualTls.off() });
  }

  /** @internal */
  public readonly _choices: SideChoices;

  private constructor(options: InternalHttpOptions, tls?: SideChoices['tls']) {
    this._choices = { ...options, peers: options.peers ?? [], tls };
  }

  /** @internal */
  public _validate(gateway: Construct): void {
    validateChoices(gateway, 'internal', this._choices);
  }
}

guard({ InternalSide });
