import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ApplicationProtocol, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogs } from './access-logs';
import { DualAlbGatewayProps } from './dual-alb-gateway-props';
import { GatewaySide } from './gateway-side';
import { MutualTls } from './mutual-tls';
import { ExternalCertificates } from './private/external-certificates';
import { requireLoadBalancerNames } from './private/load-balancer-names';
import { SideLogs, SideSettings } from './private/side-settings';
import { ResponseHeaders } from './response-headers';
import { Shield } from './shield';
import { Waf } from './waf';
import { Compliance } from '../core/compliance';
import { validationError, warn } from '../core/private/errors';
import { requireSeconds } from '../core/private/require-seconds';
import { requireResolved } from '../core/private/resolved';

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
  private readonly shield: Shield;
  private readonly mutualTls: MutualTls;
  private readonly responseHeaders: ResponseHeaders;
  private readonly certificates: ExternalCertificates;
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
    this.shield = props.shield ?? Shield.standard();
    this.mutualTls = props.mutualTls ?? MutualTls.off();
    this.responseHeaders = props.responseHeaders ?? ResponseHeaders.secure();
    this.certificates = new ExternalCertificates(this, props);
    this.validate();

    this.external = GatewaySide._create(this, 'External', () => this.settleExternal());
    this.internal = GatewaySide._create(this, 'Internal', () => this.settleInternal());
  }

  /** Bucket of the access logs; undefined for `AccessLogs.none()`. Reading it makes the bucket where it is the gateway's own. */
  public get accessLogBucket(): IBucket | undefined {
    this.logs ??= this.accessLogs._resolve(this, this.removalPolicy);
    return this.logs?.bucket;
  }

  /**
   * Certificate of the external side: the given one, or the one that the gateway requests for `domainNames`, which reading it makes; undefined
   * without both.
   */
  public get certificate(): ICertificate | undefined {
    return this.certificates.main;
  }

  private settleExternal(): SideSettings {
    const { publicZone, externalName } = this.props;
    const isHttps = this.externalProtocol === ApplicationProtocol.HTTPS;
    if (isHttps) {
      this.certificates.require();
    } else {
      this.refusePlainHttp();
      warn(
        this,
        'PlainHttp',
        'The external side speaks plain HTTP: requests and answers can be read and changed on their way. Set `certificate` and leave `externalProtocol` out.',
      );
    }
    return {
      ...this.settleShared('external'),
      label: 'External ALB',
      details: [
        isHttps ? 'HTTPS :443, redirect :80' : 'HTTP :80',
        this.waf._label,
        ...this.mutualTls._details,
        ...this.shield._details,
      ],
      internetFacing: true,
      loadBalancerName: externalName,
      certificate: this.certificate,
      additionalCertificates: this.certificates.additional,
      mutualTls: this.mutualTls,
      responseHeaders: this.responseHeaders,
      zone: publicZone,
      zoneProp: 'publicZone',
      attachWaf: (side, loadBalancer) => this.waf._attach(side, loadBalancer, this.removalPolicy, true),
      attachShield: (side, loadBalancer) => this.shield._attach(side, loadBalancer),
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
      attachWaf: Compliance.of(this).isStrict
        ? (side, loadBalancer) => this.waf._attach(side, loadBalancer, this.removalPolicy, false)
        : undefined,
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
    const { sslPolicy, externalProtocol, externalName, internalName, idleTimeout, mutualTls } = this.props;
    if (externalProtocol === ApplicationProtocol.HTTPS) this.certificates.require();
    if (externalProtocol === ApplicationProtocol.HTTP) {
      for (const prop of this.certificates.given) this.refuseWithHttp(prop, true);
      this.refuseWithHttp('sslPolicy', sslPolicy !== undefined);
      this.refuseWithHttp('mutualTls', mutualTls !== undefined);
      for (const prop of this.responseHeaders._forHttpsOnly) this.refuseWithHttp(`responseHeaders.${prop}`, true);
    }
    this.certificates.validate();
    this.mutualTls._validate(this);
    this.responseHeaders._validate(this);
    requireLoadBalancerNames(this, externalName, internalName);
    requireResolved(this, 'idleTimeout', idleTimeout);
    requireSeconds(this, 'IdleTimeout', 'idleTimeout', idleTimeout, 1, 4000);
    this.accessLogs._validate(this);
    this.waf._validate(this);
  }

  private refusePlainHttp(): void {
    if (!Compliance.of(this).isStrict) return;
    throw validationError(this, 'StrictNeedsHttps', {
      prop: 'externalProtocol',
      must: 'be HTTPS with `Compliance.strict()`',
      got: this.externalProtocol,
      fix: 'pass a `certificate` and leave `externalProtocol` out',
    });
  }

  private refuseWithHttp(prop: string, isSet: boolean): void {
    if (!isSet) return;
    throw validationError(this, 'HttpWithTlsProps', {
      prop,
      must: 'be left out with `externalProtocol: HTTP`, which has no use for it',
      fix: `leave out \`externalProtocol\` to serve HTTPS, or \`${prop}\``,
    });
  }
}
