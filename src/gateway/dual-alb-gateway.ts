import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationProtocol, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone, IPrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs';
import { GatewaySide } from './gateway-side';
import { requireLoadBalancerNames } from './private/load-balancer-names';
import { requireSeconds } from './private/require-seconds';
import { SideLogs, SideSettings } from './private/side-settings';
import { Waf } from './waf';
import { invalid, warn } from '../core/private/errors';

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
   * @default - none; the external side then cannot be used, unless `externalProtocol` is HTTP
   */
  readonly certificate?: ICertificate;

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
   * protects the load balancers from deletion and keeps logs when the stack goes.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What both sides have in common. */
type SharedSettings = Pick<SideSettings, 'vpc' | 'sslPolicy' | 'idleTimeout' | 'isProtected' | 'logs'>;

/**
 * The way in: an external Application Load Balancer for the internet and an internal one for calls between services.
 *
 * Each side is made when it is first used, so a side that nobody uses costs nothing. What a used side consists of: the load balancer with
 * a security group of its own and access logs; external: listener HTTPS 443 with TLS 1.2/1.3, listener 80 that sends on to it (301), web
 * ACL with its log; internal: listener HTTP 80, open to nobody but the services that connect to one of its routes. What matches no route
 * gets 404. Shared by the sides: the bucket for access logs. Services with routes may be in other stacks, which then depend on the
 * gateway's, never the other way round.
 *
 * The sides speak IPv4. Load balancers speak HTTP only: Redis and other TCP protocols cannot pass.
 *
 * Monthly cost (us-east-1 list prices, November 2026, 730 hours, two zones, one capacity unit (LCU) each): external side about 39 USD
 * (load balancer 16.43, LCU 5.84, two public IPv4 addresses 7.30, web ACL 9.00) plus 0.60 per million requests through WAF; internal side
 * about 22 USD (16.43, LCU 5.84).
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const web: MeshService;
 * declare const api: MeshService;
 *
 * const gateway = new DualAlbGateway(this, 'Gateway', { vpc: mesh.vpc, certificate, privateZone: mesh.privateZone });
 * gateway.external.route('Web', { target: web.port('http') });
 * const apiRoute = gateway.internal.route('Api', { target: api.port('http'), recordName: 'api' });
 * web.connectTo(apiRoute, { as: 'API' });
 */
export class DualAlbGateway extends Construct {
  /** The side for the internet. */
  public readonly external: GatewaySide;

  /** The side for services in the network. */
  public readonly internal: GatewaySide;

  /** What the external side speaks. */
  public readonly externalProtocol: ApplicationProtocol;

  /** What happens to logs and deletion protection. */
  public readonly removalPolicy: RemovalPolicy;

  private readonly accessLogs: AccessLogs;
  private readonly waf: Waf;
  private logs?: { readonly bucket: IBucket; readonly prefix?: string };

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: DualAlbGatewayProps,
  ) {
    super(scope, id);
    this.externalProtocol = props.externalProtocol ?? ApplicationProtocol.HTTPS;
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.accessLogs = props.accessLogs ?? AccessLogs.managedBucket();
    this.waf = props.waf ?? Waf.managedRules();
    this.validate();

    this.external = GatewaySide._create(this, 'External', () => this.settleExternal());
    this.internal = GatewaySide._create(this, 'Internal', () => this.settleInternal());
  }

  /** Bucket of the access logs; undefined for `AccessLogs.none()`. Reading it makes the bucket where it is the gateway's own. */
  public get accessLogBucket(): IBucket | undefined {
    this.logs ??= this.accessLogs._resolve(this, this.removalPolicy);
    return this.logs?.bucket;
  }

  private settleExternal(): SideSettings {
    const { certificate, publicZone, externalName } = this.props;
    const isHttps = this.externalProtocol === ApplicationProtocol.HTTPS;
    if (isHttps) {
      this.requireCertificate();
    } else {
      warn(
        this,
        'PlainHttp',
        'The external side speaks plain HTTP: requests and answers can be read and changed on their way. Set `certificate` and leave `externalProtocol` out.',
      );
    }
    return {
      ...this.settleShared('external'),
      label: 'External ALB',
      details: [isHttps ? 'HTTPS :443, redirect :80' : 'HTTP :80', this.waf._label],
      internetFacing: true,
      loadBalancerName: externalName,
      certificate,
      zone: publicZone,
      zoneProp: 'publicZone',
      attachWaf: (side, loadBalancer) => this.waf._attach(side, loadBalancer, this.removalPolicy),
    };
  }

  private settleInternal(): SideSettings {
    const { privateZone, internalName } = this.props;
    return {
      ...this.settleShared('internal'),
      label: 'Internal ALB',
      details: ['HTTP :80'],
      internetFacing: false,
      loadBalancerName: internalName,
      zone: privateZone,
      zoneProp: 'privateZone',
    };
  }

  private settleShared(prefix: string): SharedSettings {
    const { vpc, sslPolicy, idleTimeout } = this.props;
    return {
      vpc,
      sslPolicy: sslPolicy ?? SslPolicy.TLS13_12_RES_PQ,
      idleTimeout: idleTimeout ?? Duration.seconds(60),
      isProtected: this.removalPolicy !== RemovalPolicy.DESTROY,
      logs: this.settleLogs(prefix),
    };
  }

  private settleLogs(prefix: string): SideLogs | undefined {
    const bucket = this.accessLogBucket;
    return bucket && { bucket, prefix: this.logs?.prefix ? `${this.logs.prefix}/${prefix}` : prefix };
  }

  private validate(): void {
    const { certificate, sslPolicy, externalProtocol, externalName, internalName, idleTimeout } = this.props;
    if (externalProtocol === ApplicationProtocol.HTTPS) this.requireCertificate();
    if (externalProtocol === ApplicationProtocol.HTTP) {
      this.refuseWithHttp('certificate', certificate !== undefined);
      this.refuseWithHttp('sslPolicy', sslPolicy !== undefined);
    }
    if (certificate) this.requireRegion(certificate);
    requireLoadBalancerNames(this, externalName, internalName);
    if (idleTimeout) requireSeconds(this, 'IdleTimeout', 'idleTimeout', idleTimeout, 1, 4000);
    this.accessLogs._validate(this);
    this.waf._validate(this);
  }

  /** Only where the external side is used: a gateway for internal traffic needs none. */
  private requireCertificate(): void {
    if (this.props.certificate) return;
    throw invalid(this, 'CertificateMissing', {
      prop: 'certificate',
      must: 'be set for the external side to speak HTTPS',
      fix: 'pass an ACM certificate of this region, or set `externalProtocol: ApplicationProtocol.HTTP` to serve plain HTTP on purpose',
    });
  }

  private refuseWithHttp(prop: string, isSet: boolean): void {
    if (!isSet) return;
    throw invalid(this, 'HttpWithTlsProps', {
      prop,
      must: 'be left out with `externalProtocol: HTTP`, which has no use for it',
      fix: `leave out \`externalProtocol\` to serve HTTPS, or \`${prop}\``,
    });
  }

  private requireRegion({ certificateArn }: ICertificate): void {
    const { region } = Stack.of(this);
    const issued = Token.isUnresolved(certificateArn) ? undefined : certificateArn.split(':')[3];
    if (!issued || Token.isUnresolved(region) || issued === region) return;
    throw invalid(this, 'CertificateRegion', {
      prop: 'certificate',
      must: `be issued in ${region}, the region of the load balancer`,
      got: certificateArn,
      fix: `request the certificate in ${region}`,
    });
  }
}
