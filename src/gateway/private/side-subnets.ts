import { Token } from 'aws-cdk-lib';
import { ISubnet, IVpc, Subnet, SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';

const SMALLEST = 27;

/** One subnet per zone, which is all that a load balancer takes: public ones, or private ones whether or not they have a way out. */
export function selectSubnets(scope: IConstruct, vpc: IVpc, internetFacing: boolean): SubnetSelection {
  if (internetFacing) {
    requireTwoZones(scope, 'public', vpc.publicSubnets);
    requireRoom(scope, vpc.publicSubnets);
    return { subnetType: SubnetType.PUBLIC, onePerAz: true };
  }
  const hasPrivate = vpc.privateSubnets.length > 0;
  const subnets = hasPrivate ? vpc.privateSubnets : vpc.isolatedSubnets;
  requireTwoZones(scope, 'private or isolated', subnets);
  requireRoom(scope, subnets);
  return { subnetType: hasPrivate ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED, onePerAz: true };
}

function requireTwoZones(scope: IConstruct, kind: string, subnets: ISubnet[]): void {
  const zones = [...new Set(subnets.map((subnet) => subnet.availabilityZone))];
  // The zones of an imported network may be one token for a list of any length.
  if (zones.length >= 2 || (zones.length === 1 && Token.isUnresolved(zones[0]))) return;
  throw validationError(scope, 'GatewaySubnets', {
    prop: 'vpc',
    must: `have ${kind} subnets in at least two Availability Zones, as a load balancer needs them`,
    got: zones,
    fix: `add ${kind} subnets, with \`maxAzs\` of at least 2`,
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer */
function requireRoom(scope: IConstruct, subnets: ISubnet[]): void {
  // Of an imported subnet the range may not be known.
  const ranges = subnets.filter((subnet) => Subnet.isVpcSubnet(subnet)).map((subnet) => subnet.ipv4CidrBlock);
  const small = ranges.filter((range) => !Token.isUnresolved(range) && Number(range.split('/')[1]) > SMALLEST);
  if (small.length === 0) return;
  throw validationError(scope, 'GatewaySubnetSize', {
    prop: 'vpc',
    must: `have subnets of /${SMALLEST} or larger for its load balancers, which need 8 free addresses in each`,
    got: small,
    fix: 'choose a larger range for the network or its subnets, such as "10.0.0.0/20"',
  });
}
