import { Token } from 'aws-cdk-lib';
import { ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { validationError } from './errors';

/** The zones of a stack whose look-up is still to be done. */
const DUMMY_ZONE = /^dummy1[a-z]$/;

/** The subnets of a selection, as far as synthesis knows them. */
export interface FoundSubnets {
  readonly subnets: ISubnet[];
  /** True in the first pass of a look-up, in which CDK has subnets of its own: nothing about them can be judged. */
  readonly isPending: boolean;
  /** True if the names of the zones are those that CDK has before a look-up; their number is judged. */
  readonly areZonesPending: boolean;
  /** True if the one subnet stands for a list whose length is known at deployment. It can only be passed on as a whole. */
  readonly isOpenList: boolean;
  /** The Availability Zones in the order of the subnets; undefined if one of them is not known. */
  readonly zones?: string[];
}

/**
 * Finds the subnets of a selection.
 *
 * @param refuse returns the error for a network that has no such subnets, with the words of CDK
 */
export function findSubnets(vpc: IVpc, selection: SubnetSelection, refuse: (reason: string) => Error): FoundSubnets {
  const { onePerAz, ...rest } = selection;
  const { subnets, isPendingLookup: isPending = false } = select(vpc, rest, refuse);
  // CDK says nothing of filters and zones that leave none.
  if (subnets.length === 0 && !isPending) throw refuse('no subnet matches the selection');
  const areZonesPending = isPending || subnets.some((subnet) => DUMMY_ZONE.test(zoneOf(subnet) ?? ''));
  const isOpenList = subnets.some(({ subnetId }) => Token.isUnresolved([subnetId]) && !Token.isUnresolved(subnetId));
  const found = subnets.length > 0 || !isPending ? subnets : placeholders(vpc);
  const chosen = onePerAz && !isOpenList ? onePerZone(found) : found;
  const zones = chosen.map(zoneOf);
  const isKnown = !isPending && !isOpenList && zones.every((zone) => zone !== undefined && !Token.isUnresolved(zone));
  return { subnets: chosen, isPending, areZonesPending, isOpenList, zones: isKnown ? (zones as string[]) : undefined };
}

/** Finds the subnets of a mesh for a purpose. */
export function meshSubnets(scope: IConstruct, vpc: IVpc, selection: SubnetSelection, purpose: 'task' | 'store'): FoundSubnets {
  return findSubnets(vpc, selection, (reason) =>
    validationError(scope, 'NoSuchSubnets', {
      prop: 'mesh',
      must: `have ${purpose} subnets, and ${vpc.node.path} says: ${reason}`,
      fix: `add such subnets to the VPC, or choose others with \`MeshNetwork.fromVpc(vpc, { ${purpose}Subnets })\``,
    }),
  );
}

/** Returns true or false if it is known that subnets are in two Availability Zones or more; otherwise undefined. */
export function spanTwoZones({ subnets, zones, isPending, isOpenList }: FoundSubnets): boolean | undefined {
  if (isPending || isOpenList) return undefined;
  // One token is one zone, even if nobody knows which.
  const different = new Set(zones ?? subnets.map((subnet) => zoneOf(subnet) ?? subnet));
  if (different.size < 2) return false;
  return zones ? true : undefined;
}

/** The zones for a message. */
export function zonesText({ zones }: FoundSubnets): string[] | string {
  return zones ? [...new Set(zones)] : 'one zone that is known at deployment';
}

/** Rejects a list of unknown length where each of the subnets gets something of its own. */
export function requireSubnets(scope: IConstruct, { isOpenList }: FoundSubnets, purpose: string): void {
  if (!isOpenList) return;
  throw validationError(scope, 'SubnetsKnownAtSynthesis', {
    prop: 'mesh',
    must: `have a list of subnets whose length is known at synthesis, ${purpose}`,
    got: 'a token for a list of any length',
    fix: 'state the length, as in `Fn.split(",", value, 2)` or `Fn.importListValue(name, 2)`, or import the VPC with `Vpc.fromLookup`',
  });
}

/** Returns the Availability Zone of a subnet; undefined for one that was imported by its ID only. */
export function zoneOf(subnet: ISubnet): string | undefined {
  try {
    return subnet.availabilityZone;
  } catch {
    return undefined;
  }
}

function select(vpc: IVpc, selection: SubnetSelection, refuse: (reason: string) => Error) {
  try {
    return vpc.selectSubnets(selection);
  } catch (error) {
    throw refuse((error as Error).message.trim().replace(/\.$/, ''));
  }
}

/** A subnet of the tiers that CDK has before a look-up: in them, no other name and no other zone is found. */
function placeholders({ privateSubnets, isolatedSubnets, publicSubnets }: IVpc): ISubnet[] {
  return [privateSubnets, isolatedSubnets, publicSubnets].find((tier) => tier.length > 0) ?? [];
}

function onePerZone(subnets: ISubnet[]): ISubnet[] {
  const seen = new Set<string>();
  return subnets.filter((subnet) => {
    const zone = zoneOf(subnet);
    if (zone === undefined) return true;
    return !seen.has(zone) && seen.add(zone);
  });
}
