import { Duration } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  IApplicationListener,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { publish, SharedParameters } from '../../core/private/sharing';
import { ExistingSideOptions, GatewaySideAttributes } from '../gateway-side-attributes';

/** The facts about a side that its owner publishes. */
interface SharedFacts {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly listener: IApplicationListener;
  readonly securityGroupId: string;
  readonly internetFacing: boolean;
  readonly protocol: ApplicationProtocol;
  readonly port: number;
  readonly idleTimeout: Duration;
}

/** Publishes what another app needs to add routes to a side. */
export function shareSide(side: Construct, prefix: string, facts: SharedFacts): void {
  const { loadBalancer, listener, securityGroupId, internetFacing, protocol, port, idleTimeout } = facts;
  publish({
    owner: side,
    prefix,
    values: {
      'load-balancer-arn': loadBalancer.loadBalancerArn,
      'load-balancer-dns-name': loadBalancer.loadBalancerDnsName,
      'load-balancer-zone-id': loadBalancer.loadBalancerCanonicalHostedZoneId,
      'listener-arn': listener.listenerArn,
      'security-group-id': securityGroupId,
      scheme: schemeOf(internetFacing),
      protocol,
      port: String(port),
      'idle-timeout-seconds': secondsOf(idleTimeout),
    },
  });
}

/** Returns the attributes of a side that an owner shares, and records what the consumer states about it. */
export function sharedSideAttributes(scope: Construct, prefix: string, options: ExistingSideOptions): GatewaySideAttributes {
  const parameters = new SharedParameters(scope, prefix);
  const { internetFacing, idleTimeout } = options;
  const protocol = options.protocol ?? (internetFacing ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP);
  const port = options.port ?? (protocol === ApplicationProtocol.HTTPS ? 443 : 80);
  parameters.expect('scheme', schemeOf(internetFacing));
  parameters.expect('protocol', protocol);
  parameters.expect('port', String(port));
  if (idleTimeout && !idleTimeout.isUnresolved()) parameters.expect('idle-timeout-seconds', secondsOf(idleTimeout));
  const securityGroupId = parameters.text('security-group-id');
  const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(scope, 'LoadBalancer', {
    loadBalancerArn: parameters.text('load-balancer-arn'),
    loadBalancerDnsName: parameters.text('load-balancer-dns-name'),
    loadBalancerCanonicalHostedZoneId: parameters.text('load-balancer-zone-id'),
    securityGroupId,
    securityGroupAllowsAllOutbound: false,
  });
  const listener = ApplicationListener.fromApplicationListenerAttributes(scope, 'Listener', {
    listenerArn: parameters.text('listener-arn'),
    securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'SecurityGroup', securityGroupId, { allowAllOutbound: false }),
  });
  return { ...options, loadBalancer, listener, protocol, port };
}

function secondsOf(time: Duration): string {
  return String(time.toSeconds({ integral: false }));
}

/** The scheme of a load balancer, in the words of Elastic Load Balancing. */
function schemeOf(internetFacing: boolean): string {
  return internetFacing ? 'internet-facing' : 'internal';
}
