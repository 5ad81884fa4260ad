import { Duration } from 'aws-cdk-lib';
import { IOrigin, OriginProtocolPolicy, OriginSslPolicy, VpcOrigin, VpcOriginEndpoint } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, VpcOrigin as OriginInVpc } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnVPCGatewayAttachment, IPeer, IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, IConstruct } from 'constructs';
import { admitsAnyone, cloudFrontOf } from './side-peers';
import { validationError } from '../../core/private/errors';
import { requireHostName } from '../../core/private/host-name';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { isUnknown } from '../../core/private/unknown';

/** The options of an origin, as the user specified them. */
export interface OriginChoices {
  readonly domainName?: string;
  readonly readTimeout?: Duration;
  readonly keepaliveTimeout?: Duration;
  readonly customHeaders?: { [name: string]: string };
}

/** A side of a gateway, as an origin needs it. */
export interface OriginSide {
  readonly owner: Construct;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly vpc: IVpc;
  readonly internetFacing: boolean;
  readonly isHttps: boolean;
  readonly idleTimeout: Duration;
  readonly peers: IPeer[];
  /** The hosts of the routes so far; undefined for a route that any host matches. */
  readonly hosts: () => (string[] | undefined)[];
}

/** The default quota of the response timeout of an origin, in seconds. */
const LONGEST_READ = 120;

/** Creates the origin of a side: its VPC origin, or, if it is internet-facing, its public address. */
export function createOrigin(side: OriginSide, options: OriginChoices): { origin: IOrigin; vpcOrigin?: VpcOrigin } {
  const { owner, loadBalancer, internetFacing, isHttps } = side;
  requireAdmission(side);
  requireHostName(owner, 'domainName', options.domainName, 'www.example.com');
  requireHeaders(owner, options.customHeaders);
  const { domainName = loadBalancer.loadBalancerDnsName, customHeaders } = options;
  const props = { domainName, customHeaders, ...timeouts(owner, side.idleTimeout, options) };
  if (internetFacing) {
    const protocolPolicy = isHttps ? OriginProtocolPolicy.HTTPS_ONLY : OriginProtocolPolicy.HTTP_ONLY;
    return { origin: new HttpOrigin(domainName, { ...props, protocolPolicy, originSslProtocols: [OriginSslPolicy.TLS_V1_2] }) };
  }
  const vpcOrigin = vpcOriginOf(side);
  return { origin: OriginInVpc.withVpcOrigin(vpcOrigin, props), vpcOrigin };
}

/**
 * Returns the VPC origin of a side, which all of its distributions share. Its ID names the protocol: CloudFront refuses to update a VPC
 * origin in use, so that another protocol is another VPC origin, which the distributions change to before the first is deleted.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
function vpcOriginOf({ owner, loadBalancer, vpc, isHttps }: OriginSide): VpcOrigin {
  const id = isHttps ? 'VpcOriginHttps' : 'VpcOriginHttp';
  const known = owner.node.tryFindChild(id) as VpcOrigin | undefined;
  if (known) return known;
  requireInternetGateway(owner, vpc);
  const vpcOrigin = new VpcOrigin(owner, id, {
    endpoint: VpcOriginEndpoint.applicationLoadBalancer(loadBalancer),
    httpPort: 80,
    httpsPort: 443,
    // With MATCH_VIEWER, a viewer on HTTP would be forwarded to a port that only redirects, or that does not exist.
    protocolPolicy: isHttps ? OriginProtocolPolicy.HTTPS_ONLY : OriginProtocolPolicy.HTTP_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
  });
  vpcOrigin.node.addDependency(...vpc.node.findAll().filter((one) => one instanceof CfnVPCGatewayAttachment));
  return vpcOrigin;
}

/** Throws if the security group of the load balancer lets nobody in who could be CloudFront. */
function requireAdmission({ owner, peers, internetFacing }: OriginSide): void {
  const isService = (peer: IPeer) => peer.toIngressRuleConfig().sourceSecurityGroupId !== undefined;
  const isList = (peer: IPeer) => peer.toIngressRuleConfig().sourcePrefixListId !== undefined;
  if (cloudFrontOf(peers).length > 0 || admitsAnyone(peers) || peers.some(isList)) return;
  if (!internetFacing && peers.some(isService)) return;
  throw validationError(owner, 'CloudFrontNotAdmitted', {
    prop: 'peers',
    must: 'contain the addresses of CloudFront before the side is an origin of a distribution',
    got: peers.map(({ uniqueId }) => (isUnknown(uniqueId) ? 'a token' : uniqueId)),
    fix: 'add `CloudFrontPrefixList.fromLookup(this)`',
  });
}

/** Throws for headers that CloudFront does not add to requests, most of which only the CDK lists. */
function requireHeaders(owner: IConstruct, customHeaders: OriginChoices['customHeaders'] = {}): void {
  for (const name of Object.keys(customHeaders)) {
    if (isUnknown(name) || (/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/.test(name) && isAccepted(name))) continue;
    throw validationError(owner, 'OriginHeader', {
      prop: 'customHeaders',
      must: 'contain headers that CloudFront can add (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html)',
      got: name,
      fix: 'choose a name of your own, such as "X-Origin-Verify"',
    });
  }
}

function isAccepted(name: string): boolean {
  try {
    new HttpOrigin('www.example.com', { customHeaders: { [name]: '' } });
    return true;
  } catch {
    return false;
  }
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html#vpc-origin-prerequisites */
function requireInternetGateway(owner: IConstruct, vpc: IVpc): void {
  if (!(vpc instanceof Vpc) || vpc.internetGatewayId !== undefined) return;
  throw validationError(owner, 'VpcOriginNetwork', {
    prop: 'network',
    must: 'have an internet gateway, which VPC origins require although they do not use it',
    got: vpc.node.path,
    fix: 'add a public subnet to the VPC, or set its `createInternetGateway`',
  });
}

function timeouts(owner: IConstruct, idleTimeout: Duration, { readTimeout, keepaliveTimeout }: OriginChoices) {
  const idle = idleTimeout.toSeconds();
  requireResolved(owner, 'readTimeout', readTimeout);
  requireResolved(owner, 'keepaliveTimeout', keepaliveTimeout);
  requireSeconds(owner, 'OriginTimeout', 'readTimeout', readTimeout, 1, idle);
  requireSeconds(owner, 'OriginTimeout', 'keepaliveTimeout', keepaliveTimeout, 1, Math.max(1, idle - 1));
  return {
    readTimeout: readTimeout ?? Duration.seconds(Math.min(idle, LONGEST_READ)),
    keepaliveTimeout: keepaliveTimeout ?? Duration.seconds(Math.max(1, Math.min(5, idle - 1))),
  };
}
