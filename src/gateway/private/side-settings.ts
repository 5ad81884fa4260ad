import { Duration } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { MutualTls } from '../mutual-tls';
import { ResponseHeaders } from '../response-headers';

/** Where the access logs of one load balancer go. */
export interface SideLogs {
  readonly bucket: IBucket;
  readonly prefix: string;
}

/** What tells the two sides of a gateway apart. */
export interface SideSettings {
  readonly vpc: IVpc;
  /** For people, as in `External ALB`. */
  readonly label: string;
  /** Lines of detail for the picture. */
  readonly details: string[];
  readonly internetFacing: boolean;
  readonly loadBalancerName?: string;
  /** With a certificate the side speaks HTTPS, without one HTTP. */
  readonly certificate?: ICertificate;
  /** Presented to clients that ask for one of their names. */
  readonly additionalCertificates?: ICertificate[];
  readonly mutualTls?: MutualTls;
  /** Of every listener; a side without is left as AWS makes it. */
  readonly responseHeaders?: ResponseHeaders;
  readonly sslPolicy: SslPolicy;
  readonly idleTimeout: Duration;
  /** Whether the load balancer is protected from deletion. */
  readonly isProtected: boolean;
  readonly zone?: IHostedZone;
  /** The gateway's prop that sets the zone, for messages. */
  readonly zoneProp: string;
  readonly logs?: SideLogs;
  /** Puts a web ACL in front; gives back the one that was made. */
  readonly attachWaf?: (scope: Construct, loadBalancer: ApplicationLoadBalancer) => CfnWebACL | undefined;
  readonly attachShield?: (scope: Construct, loadBalancer: ApplicationLoadBalancer) => void;
}
