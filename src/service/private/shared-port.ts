import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { PortProtocol } from '../../core/port-protocol';
import { SharedParameters } from '../../core/private/sharing';
import { ServicePortAttributes, SharedPortOptions } from '../service-port-attributes';

/** Returns the attributes of a port that an owner shares, and records what the consumer states about it. */
export function sharedPortAttributes(scope: Construct, prefix: string, options: SharedPortOptions): ServicePortAttributes {
  const parameters = new SharedParameters(scope, prefix);
  parameters.expect('port', String(options.port));
  parameters.expect('protocol', options.protocol ?? PortProtocol.HTTP);
  const groupId = parameters.text('security-group-id');
  return {
    ...options,
    dnsName: parameters.text('dns-name'),
    // Tasks call through their own egress, which is that of the owner.
    securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'SecurityGroup', groupId),
  };
}
