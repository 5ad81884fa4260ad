import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { findSubnets } from '../../core/private/subnets';

/** Returns the selection; in the first pass of a look-up, subnets to go on with, since it may find none in CDK's own. */
export function whileLookedUp(vpc: IVpc, selection: SubnetSelection): SubnetSelection {
  if (selection.subnets) return selection;
  try {
    const { isPendingLookup, subnets } = vpc.selectSubnets(selection);
    if (!isPendingLookup || subnets.length > 0) return selection;
    return { subnets: findSubnets(vpc, selection, (reason) => new Error(reason)).subnets };
  } catch {
    return selection;
  }
}

/** Rejects selections of the user's own that the VPC does not have. */
export function requireGiven(scope: Construct, vpc: IVpc, selections: Record<string, SubnetSelection | undefined>): void {
  for (const [name, selection] of Object.entries(selections)) {
    if (!selection) continue;
    const { subnets: _, subnetFilters: __, ...got } = selection;
    findSubnets(vpc, selection, (reason) =>
      validationError(scope, 'NoSuchSubnets', {
        prop: `network.${name}`,
        must: `be in the VPC, and ${vpc.node.path} says: ${reason}`,
        got,
        fix: 'choose subnets that the VPC has',
      }),
    );
  }
}
