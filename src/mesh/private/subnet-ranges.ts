import { AllocateCidrRequest, IIpAddresses, IpAddresses, SubnetIpamOptions, VpcIpamOptions } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { SubnetCidrs } from '../subnet-cidrs';

interface Range {
  readonly first: number;
  readonly last: number;
  readonly bits: number;
}

/** Parses a CIDR block; returns undefined for other text. */
export function parseCidr(cidr: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return { first, last: first + size - 1, bits };
}

/** Allocates the subnet ranges that the user specified, where CDK would divide the network into equal parts. */
export class ChosenSubnets implements IIpAddresses {
  private readonly tiers: string[][];

  public constructor(
    private readonly vpcCidr: string,
    { publicSubnets, taskSubnets, storeSubnets }: SubnetCidrs,
  ) {
    this.tiers = [publicSubnets, taskSubnets, storeSubnets];
  }

  public allocateVpcCidr(): VpcIpamOptions {
    return IpAddresses.cidr(this.vpcCidr).allocateVpcCidr();
  }

  /** Allocates the ranges tier by tier. A stack without a Region has two zones, however many ranges there are. */
  public allocateSubnetsCidr({ requestedSubnets }: AllocateCidrRequest): SubnetIpamOptions {
    const zones = requestedSubnets.length / this.tiers.length;
    return {
      allocatedSubnets: requestedSubnets.map((_, i) => ({ cidr: this.tiers[Math.floor(i / zones)][i % zones] })),
    };
  }
}

/** Rejects what EC2 would reject at deployment: invalid sizes, ranges outside of the network, overlapping ranges. */
export function requireSubnets(scope: IConstruct, vpcCidr: string, zones: number, subnets: SubnetCidrs): void {
  const seen: { prop: string; cidr: string; range: Range }[] = [];
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
      const range = requireRange(scope, prop, cidr, vpcCidr);
      const other = seen.find((earlier) => range.first <= earlier.range.last && earlier.range.first <= range.last);
      if (other) {
        throw validationError(scope, 'SubnetsOverlap', {
          prop,
          must: `not overlap with ${other.prop} (${other.cidr})`,
          got: cidr,
          fix: 'choose ranges that share no address',
        });
      }
      seen.push({ prop, cidr, range });
    });
  }
}

function requireRange(scope: IConstruct, prop: string, cidr: string, vpcCidr: string): Range {
  const range = parseCidr(cidr);
  if (!range || range.bits < 16 || range.bits > 28 || canonical(range) !== cidr) {
    throw validationError(scope, 'BadSubnetCidr', {
      prop,
      must: 'be an IPv4 range from /16 to /28 that begins at its first address',
      got: cidr,
      fix: `write it like "${range && range.bits >= 16 && range.bits <= 28 ? canonical(range) : '10.0.1.0/24'}"`,
    });
  }
  const network = parseCidr(vpcCidr)!;
  if (range.first < network.first || range.last > network.last) {
    throw validationError(scope, 'SubnetOutsideNetwork', {
      prop,
      must: `be inside of the network, ${vpcCidr}`,
      got: cidr,
      fix: 'choose a range of the network, or a larger `network.cidr`',
    });
  }
  return range;
}

function canonical({ first, bits }: Range): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}
