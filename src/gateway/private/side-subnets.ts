import { Token } from 'aws-cdk-lib';
import { ISubnet, IVpc, Subnet, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { SideName } from './side-choices';
import { IMeshNetwork } from '../../core/mesh-network';
import { validationError } from '../../core/private/errors';
import { FoundSubnets, findSubnets, spanTwoZones, zonesText } from '../../core/private/subnets';

const ID = 'GatewaySubnets';
const SMALLEST = 27;

/** Returns the subnets of a side's load balancer: its own, or else those that the network has for the purpose. */
export function subnetsOf(gateway: IConstruct, side: SideName, network: IMeshNetwork, given?: SubnetSelection): SubnetSelection {
  const ofNetwork = side === 'external' ? network.externalLoadBalancerSubnets : network.internalLoadBalancerSubnets;
  const prop = given ? `${side}.subnets` : 'network';
  const found = select(gateway, prop, side, network.vpc, given ?? ofNetwork);
  if (!found.isPending) {
    requireZones(gateway, prop, side, found);
    requireRoom(gateway, prop, found.subnets);
    if (side === 'external') requirePublic(gateway, prop, network.vpc, found.subnets);
  }
  return { subnets: found.subnets };
}

function select(gateway: IConstruct, prop: string, side: SideName, vpc: IVpc, selection: SubnetSelection): FoundSubnets {
  return findSubnets(vpc, selection, (reason) =>
    validationError(gateway, ID, {
      prop,
      must: `have subnets for the ${side} load balancer, and ${vpc.node.path} says: ${reason}`,
      fix: `add such subnets to the VPC, or choose others with \`${side}.subnets\``,
    }),
  );
}

function requireZones(gateway: IConstruct, prop: string, side: SideName, found: FoundSubnets): void {
  const zones = found.zones ?? [];
  if (spanTwoZones(found) === false) {
    throw validationError(gateway, ID, {
      prop,
      must: `have subnets for the ${side} load balancer in at least two Availability Zones`,
      got: zonesText(found),
      fix: `add subnets in another zone to the VPC (\`maxAzs\`), or choose others with \`${side}.subnets\``,
    });
  }
  if (new Set(zones).size === zones.length) return;
  throw validationError(gateway, ID, {
    prop,
    must: 'have one subnet in each Availability Zone, which is the maximum for a load balancer',
    got: zones,
    fix: 'set `onePerAz: true` in the selection',
  });
}

/**
 * Checks the size of the subnets:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
 */
function requireRoom(gateway: IConstruct, prop: string, subnets: ISubnet[]): void {
  // Of an imported subnet the range may not be known.
  const ranges = subnets.filter((subnet) => Subnet.isVpcSubnet(subnet)).map((subnet) => subnet.ipv4CidrBlock);
  const small = ranges.filter((range) => !Token.isUnresolved(range) && Number(range.split('/')[1]) > SMALLEST);
  if (small.length === 0) return;
  throw validationError(gateway, 'GatewaySubnetSize', {
    prop,
    must: `have subnets of /${SMALLEST} or larger for its load balancers, which need 8 free addresses in each`,
    got: small,
    fix: 'choose a larger range for the network or its subnets, such as "10.0.0.0/20"',
  });
}

function requirePublic(gateway: IConstruct, prop: string, vpc: IVpc, subnets: ISubnet[]): void {
  const others = new Set([...vpc.privateSubnets, ...vpc.isolatedSubnets]);
  const wrong = subnets.filter((subnet) => others.has(subnet)).map(({ node }) => node.path);
  if (wrong.length === 0) return;
  throw validationError(gateway, ID, {
    prop,
    must: 'have public subnets for the external load balancer, whose clients call from the internet',
    got: wrong,
    fix: 'choose public subnets, or use the internal side for clients inside the network',
  });
}
