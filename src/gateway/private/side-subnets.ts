import { Token } from 'aws-cdk-lib';
import { ISubnet, IVpc, SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { invalid } from '../../core/private/errors';

/** One subnet per zone, which is all that a load balancer takes: public ones, or private ones whether or not they have a way out. */
export function selectSubnets(scope: IConstruct, vpc: IVpc, internetFacing: boolean): SubnetSelection {
  if (internetFacing) {
    requireTwoZones(scope, 'public', vpc.publicSubnets);
    return { subnetType: SubnetType.PUBLIC, onePerAz: true };
  }
  const hasPrivate = vpc.privateSubnets.length > 0;
  requireTwoZones(scope, 'private or isolated', hasPrivate ? vpc.privateSubnets : vpc.isolatedSubnets);
  return { subnetType: hasPrivate ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED, onePerAz: true };
}

function requireTwoZones(scope: IConstruct, kind: string, subnets: ISubnet[]): void {
  const zones = [...new Set(subnets.map((subnet) => subnet.availabilityZone))];
  // The zones of an imported network may be one token for a list of any length.
  if (zones.length >= 2 || (zones.length === 1 && Token.isUnresolved(zones[0]))) return;
  throw invalid(scope, 'GatewaySubnets', {
    prop: 'vpc',
    must: `have ${kind} subnets in at least two Availability Zones, as a load balancer needs them`,
    got: zones,
    fix: `add ${kind} subnets, with \`maxAzs\` of at least 2`,
  });
}
