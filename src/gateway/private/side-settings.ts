import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IPeer, ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SideChoices, SideName } from './side-choices';
import { subnetsOf } from './side-subnets';
import { Compliance } from '../../core/compliance';
import { IMeshNetwork } from '../../core/mesh-network';
import { MutualTls } from '../mutual-tls';
import { ResponseHeaders } from '../response-headers';
import { Shield } from '../shield';
import { Waf } from '../waf';

/** The destination of the access logs of one load balancer. */
interface SideLogs {
  readonly bucket: IBucket;
  readonly prefix: string;
}

/** The settings of a gateway that apply to both sides. */
export interface SharedSettings {
  readonly network: IMeshNetwork;
  readonly idleTimeout: Duration;
  readonly removalPolicy: RemovalPolicy;
  readonly logs?: { readonly bucket: IBucket; readonly prefix?: string };
}

/** The certificates and protocol of the HTTPS listeners. */
interface TlsSettings {
  readonly certificate: ICertificate;
  readonly additional: ICertificate[];
  readonly sslPolicy: SslPolicy;
  readonly mutualTls: MutualTls;
}

/** The settings of a side with all defaults. */
export interface SideSettings {
  readonly name: SideName;
  /** The name for people, such as `External ALB`. */
  readonly label: string;
  /** Lines of details for the topology diagram. */
  readonly details: string[];
  readonly internetFacing: boolean;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly peers: IPeer[];
  /** The security group that exists already, whose owner can have admitted other clients than the peers. */
  readonly securityGroup?: ISecurityGroup;
  readonly loadBalancerName?: string;
  /** The TLS settings. Without them, the side uses HTTP. */
  readonly tls?: TlsSettings;
  readonly responseHeaders?: ResponseHeaders;
  readonly idleTimeout: Duration;
  readonly removalPolicy: RemovalPolicy;
  readonly zone?: IHostedZone;
  readonly logs?: SideLogs;
  readonly waf?: Waf;
  readonly shield?: Shield;
}

/** Applies the settings of the gateway to a side, and creates the certificate that the side requests. */
export function settleSide(
  gateway: Construct,
  name: SideName,
  choices: SideChoices,
  { network, logs, ...shared }: SharedSettings,
): SideSettings {
  const internetFacing = name === 'external';
  const waf = choices.waf ?? (Compliance.of(gateway).isStrict ? Waf.managedRules() : undefined);
  return {
    ...choices,
    ...shared,
    name,
    label: internetFacing ? 'External ALB' : 'Internal ALB',
    details: [
      choices.tls ? 'HTTPS :443, redirect :80' : 'HTTP :80',
      ...(waf ? [waf._label] : []),
      ...(choices.tls?.mutualTls._details ?? []),
      ...(choices.shield?._details ?? []),
    ],
    internetFacing,
    vpc: network.vpc,
    subnets: subnetsOf(gateway, name, network, choices.subnets),
    tls: choices.tls && settleTls(gateway, internetFacing ? 'Certificate' : 'InternalCertificate', choices.tls),
    waf,
    logs: logs && { bucket: logs.bucket, prefix: logs.prefix ? `${logs.prefix}/${name}` : name },
  };
}

function settleTls(gateway: Construct, id: string, { certificate, ...tls }: NonNullable<SideChoices['tls']>): TlsSettings {
  const { main, additional } = certificate._resolve(gateway, id);
  return { ...tls, certificate: main, additional };
}
