import { Distribution, IOrigin, OriginProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { LoadBalancerV2Origin, VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ANY, imported } from './parts';
import { PlainNetwork } from './plain-network';
import { Row } from './row';

const LIST = ec2.Peer.prefixList('pl-4fa04526');
const PORT_80 = ec2.Port.tcp(80);
const { HTTP_ONLY, HTTPS_ONLY } = OriginProtocolPolicy;

/** A load balancer that admits these clients, with a distribution in front of it. */
const behind =
  (internetFacing: boolean, protocolPolicy: OriginProtocolPolicy, ...peers: ((shop: PlainNetwork) => ec2.IPeer)[]) =>
  (shop: PlainNetwork): void => {
    const securityGroup = shop.group('BalancerGroup');
    for (const peer of peers) securityGroup.addIngressRule(peer(shop), PORT_80);
    const balancer = new elbv2.ApplicationLoadBalancer(shop, 'Balancer', { vpc: shop.vpc, internetFacing, securityGroup });
    const defaultAction = elbv2.ListenerAction.fixedResponse(404);
    balancer.addListener('Http', { port: 80, open: false, defaultAction });
    const origin: IOrigin = internetFacing
      ? new LoadBalancerV2Origin(balancer, { protocolPolicy })
      : VpcOrigin.withApplicationLoadBalancer(balancer, { protocolPolicy });
    new Distribution(shop, 'Cdn', { defaultBehavior: { origin } });
  };

const list = () => LIST;
const everybody = () => ANY;
const CALL = 'Shop/Cdn -> Shop/Balancer :80';

/** Distributions of CloudFront, in the words of docs/reachability.md. */
export const EDGE_ROW: Row = {
  open: [
    ['everyone calls them', behind(false, HTTP_ONLY, list), 'Internet -> Shop/Cdn :80, 443'],
    ['a VPC origin that admits a prefix list', behind(false, HTTP_ONLY, list), CALL],
    ['one that admits a group from outside the app', behind(false, HTTP_ONLY, imported), CALL],
    ['a public load balancer that admits a prefix list', behind(true, HTTP_ONLY, list), CALL],
    ['one that admits everybody', behind(true, HTTP_ONLY, everybody), CALL],
  ],
  closed: [
    ['a VPC origin that admits nobody', behind(false, HTTP_ONLY), 'Shop/Cdn -> Shop/Balancer'],
    ['nor is the network CloudFront', behind(false, HTTP_ONLY, () => ec2.Peer.ipv4('10.0.0.0/16')), 'Shop/Cdn -> Shop/Balancer'],
    ['nor a range of the internet', behind(true, HTTP_ONLY, () => ec2.Peer.ipv4('203.0.113.0/24')), 'Shop/Cdn -> Shop/Balancer'],
    ['a protocol that the load balancer does not speak', behind(false, HTTPS_ONLY, list), 'Shop/Cdn -> Shop/Balancer'],
    ['they call nobody else', (shop) => (behind(false, HTTP_ONLY, list)(shop), shop.service('Web')), 'Shop/Cdn -> Shop/Web'],
    ['nobody in the network calls them there', behind(false, HTTP_ONLY, list), 'Shop/Balancer -> Shop/Cdn'],
  ],
};
