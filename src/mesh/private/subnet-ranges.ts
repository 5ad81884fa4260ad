import { AllocateCidrRequest, IIpAddresses, IpAddresses, SubnetIpamOptions, VpcIpamOptions } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { formatIpv4Range, ipv4RangeContains, ipv4RangesOverlap, parseIpv4Range } from '../../core/private/ip-range';
import { SubnetCidrs } from '../subnet-cidrs';

/** Allocates the subnet ranges that the user specified, where CDK would divide the network into equal parts. */
export class ChosenSubnets implements IIpAddresses {
  private readonly tiers: string[][];

  constructor(
    private readonly scope: IConstruct,
    private readonly vpcCidr: string,
    { publicSubnets, taskSubnets, storeSubnets }: SubnetCidrs,
  ) {
    this.tiers = [publicSubnets, taskSubnets, storeSubnets];
  }

  public allocateVpcCidr(): VpcIpamOptions {
    return IpAddresses.cidr(this.vpcCidr).allocateVpcCidr();
  }

  /** Allocates the ranges tier by tier. A stack without a Region has two zones, and a Region can have fewer than there are ranges. */
  public allocateSubnetsCidr({ requestedSubnets }: AllocateCidrRequest): SubnetIpamOptions {
    const zones = requestedSubnets.length / this.tiers.length;
    this.requireZones(zones);
    return {
      allocatedSubnets: requestedSubnets.map((_, i) => ({ cidr: this.tiers[Math.floor(i / zones)][i % zones] })),
    };
  }

  private requireZones(zones: number): void {
    const [ranges] = this.tiers;
    if (ranges.length <= zones) return;
    throw validationError(this.scope, 'SubnetWithoutZone', {
      prop: 'network.subnets',
      must: `have as many ranges in each tier as the stack has Availability Zones, which is ${zones}; a stack without account and Region has two`,
      got: ranges,
      fix: 'set account and Region in `env` of the stack, name the zones with `zoneNames`, or leave ranges out',
    });
  }
}

/** Rejects what EC2 would reject at deployment: invalid sizes, ranges outside of the network, overlapping ranges. */
export function requireSubnets(scope: IConstruct, vpcCidr: string, zones: number, subnets: SubnetCidrs): void {
  const seen: { prop: string; cidr: string }[] = [];
  for (const tier of ['publicSubnets', 'taskSubnets', 'storeSubnets'] as const) {
    if (subnets[tier].length !== zones) {
      throw validationError(scope, 'SubnetsPerZone', {
        prop: `network.subnets.${tier}`,
        must: `have one range for each of the ${zones} Availability Zones`,
        got: subnets[tier],
        fix: 'give each tier as many ranges as `network.availabilityZones` says',
      });
    }
    subnets[tier].forEach((cidr, i) => {
      const prop = `network.subnets.${tier}[${i}]`;
      requireRange(scope, prop, cidr, vpcCidr);
      const other = seen.find((earlier) => ipv4RangesOverlap(earlier.cidr, cidr));
      if (other) {
        throw validationError(scope, 'SubnetsOverlap', {
          prop,
          must: `not overlap with ${other.prop} (${other.cidr})`,
          got: cidr,
          fix: 'choose ranges that share no address',
        });
      }
      seen.push({ prop, cidr });
    });
  }
}

function requireRange(scope: IConstruct, prop: string, cidr: string, vpcCidr: string): void {
  const range = parseIpv4Range(cidr);
  if (!range || range.bits < 16 || range.bits > 28 || formatIpv4Range(range) !== cidr) {
    throw validationError(scope, 'BadSubnetCidr', {
      prop,
      must: 'be an IPv4 range from /16 to /28 that starts at its first address',
      got: cidr,
      fix: `write it like "${range && range.bits >= 16 && range.bits <= 28 ? formatIpv4Range(range) : '10.0.1.0/24'}"`,
    });
  }
  if (!ipv4RangeContains(vpcCidr, cidr)) {
    throw validationError(scope, 'SubnetOutsideNetwork', {
      prop,
      must: `be inside of the network, ${vpcCidr}`,
      got: cidr,
      fix: 'choose a range of the network, or a larger `network.cidr`',
    });
  }
}
