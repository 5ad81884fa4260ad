import { CfnVPCCidrBlock, IVpc } from 'aws-cdk-lib/aws-ec2';
import { ConstructState } from './construct-state';
import { warn } from './errors';

/** Warns once of a network with IPv6 ranges, which nothing of this library uses. */
export function warnOfIpv6(vpc: IVpc): void {
  if (vpc.node.children.some(isIpv6)) warned.of(vpc);
}

const warned = new ConstructState('ipv6', (vpc) => {
  warn(
    vpc,
    'Ipv4Only',
    `${vpc.node.path} has IPv6, which this library does not use: load balancers, records and the ways of tasks to the internet are IPv4 ` +
      'only. Acknowledge this warning if that is enough.',
  );
  return true;
});

function isIpv6(child: unknown): boolean {
  return (
    child instanceof CfnVPCCidrBlock &&
    (child.amazonProvidedIpv6CidrBlock !== undefined || child.ipv6CidrBlock !== undefined || child.ipv6IpamPoolId !== undefined)
  );
}
