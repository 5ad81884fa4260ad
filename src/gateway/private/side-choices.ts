import { IPeer, ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { MutualTls } from '../mutual-tls';
import { ResponseHeaders } from '../response-headers';
import { Shield } from '../shield';
import { SideCertificate } from '../side-certificate';
import { Waf } from '../waf';

/** The name of a side, which is the prop of the gateway. */
export type SideName = 'external' | 'internal';

/** The settings of a side, as specified by the user. */
export interface SideChoices {
  readonly peers: IPeer[];
  readonly securityGroup?: ISecurityGroup;
  readonly subnets?: SubnetSelection;
  readonly loadBalancerName?: string;
  readonly zone?: IHostedZone;
  /** The TLS settings. Without them, the side uses HTTP. */
  readonly tls?: {
    readonly certificate: SideCertificate;
    readonly sslPolicy: SslPolicy;
    readonly mutualTls: MutualTls;
  };
  /** The web ACL; undefined if the compliance of the gateway decides. */
  readonly waf?: Waf;
  readonly shield?: Shield;
  /** The response headers of every listener; a side without them keeps the AWS defaults. */
  readonly responseHeaders?: ResponseHeaders;
}
