import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Resource, Value } from '../../../template/private/app-templates';
import { Rule, verdict } from '../rule';
import { ingressOf, knownGroups, portsOf } from '../security-groups';

export const vpcOriginNotAdmitted: Rule = {
  id: 'VpcOriginNotAdmitted',
  trap: 'T20',
  level: NagMessageLevel.ERROR,
  info: 'The security group of the load balancer does not admit CloudFront on a port that its VPC origin uses.',
  explanation:
    'CDK adds no rule for a VPC origin, whose interfaces are in a security group of AWS. Admit the prefix list com.amazonaws.global.cloudfront.origin-facing on the port of the listener, or the group CloudFront-VPCOrigins-Service-SG, which exists after the first VPC origin of the VPC.',
  check: (resource) => {
    const endpoint = resource.type === 'AWS::CloudFront::VpcOrigin' ? resource.at('VpcOriginEndpointConfig') : undefined;
    const loadBalancer = endpoint?.at('Arn').resource;
    const groups = loadBalancer && knownGroups(loadBalancer.at('SecurityGroups'));
    if (!endpoint || !groups) return NagRuleCompliance.NOT_APPLICABLE;
    return verdict(usedPorts(endpoint).some((port) => !admitsCloudFront(groups, port)));
  },
};

/** Returns the ports that CloudFront calls by the protocol policy. */
function usedPorts(endpoint: Value): number[] {
  const policy = endpoint.at('OriginProtocolPolicy').text ?? 'match-viewer';
  const http = endpoint.at('HTTPPort').number ?? 80;
  const https = endpoint.at('HTTPSPort').number ?? 443;
  return [...(policy === 'https-only' ? [] : [http]), ...(policy === 'http-only' ? [] : [https])];
}

/** A prefix list, or a group that the app does not create, can be that of CloudFront; a group or a range of the app is not. */
function admitsCloudFront(groups: Resource[], port: number): boolean {
  return groups.flatMap(ingressOf).some((rule) => {
    const ports = portsOf(rule);
    const source = rule.at('SourceSecurityGroupId');
    const isOutside = !rule.at('SourcePrefixListId').isAbsent || (!source.isAbsent && !source.resource);
    return isOutside && ports !== undefined && ports.from <= port && port <= ports.to;
  });
}
