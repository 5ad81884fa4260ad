import { IPeer, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { MutualTls } from '../mutual-tls';
import { ResponseHeaders } from '../response-headers';
import { Shield } from '../shield';
import { SideCertificate } from '../side-certificate';
import { Waf } from '../waf';

/** Name of a side: the prop of the gateway that gives it. */
export type SideName = 'external' | 'internal';

/** A side as it was asked for. */
export interface SideChoices {
  readonly peers: IPeer[];
  readonly subnets?: SubnetSelection;
  readonly loadBalancerName?: string;
  readonly zone?: IHostedZone;
  /** The side speaks HTTPS with it, HTTP without. */
  readonly tls?: {
    readonly certificate: SideCertificate;
    readonly sslPolicy: SslPolicy;
    readonly mutualTls: MutualTls;
  };
  /** Absent where the compliance of the gateway decides. */
  readonly waf?: Waf;
  readonly shield?: Shield;
  /** Of every listener; a side without is left as AWS makes it. */
  readonly responseHeaders?: ResponseHeaders;
}
