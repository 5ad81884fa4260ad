import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { validationError, warn } from '../../core/private/errors';
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

/** Warns of public subnets for tasks or stores, which have no public address. */
export function warnOfPublic(scope: Construct, vpc: IVpc, selections: Record<string, SubnetSelection | undefined>): void {
  const { taskSubnets, storeSubnets } = selections;
  const tasks = publicAmong(vpc, taskSubnets);
  if (tasks) {
    const text = `\`network.taskSubnets\` are public subnets (${tasks}): tasks have no public address, so that an internet gateway leads them nowhere, and hosts have one only if the subnet assigns it. Choose private subnets with egress, or add the endpoints for ECR, S3, CloudWatch Logs and secrets to the VPC.`;
    warn(scope, 'TasksInPublicSubnets', text);
  }
  const stores = publicAmong(vpc, storeSubnets);
  if (stores) {
    const text = `\`network.storeSubnets\` are public subnets (${stores}): only security groups stand between the internet and what gets a public address in them. Choose isolated or private subnets; the subnets of a database cannot be changed later without replacing it.`;
    warn(scope, 'StoresInPublicSubnets', text);
  }
}

/** Returns the paths of the public subnets in a selection of the user's own; empty if there are none. */
function publicAmong(vpc: IVpc, selection: SubnetSelection | undefined): string {
  if (!selection) return '';
  const { subnets, isPending } = findSubnets(vpc, selection, (reason) => new Error(reason));
  const found = isPending ? [] : subnets.filter((subnet) => vpc.publicSubnets.includes(subnet));
  return found.map(({ node }) => node.path).join(', ');
}

/** Rejects selections of the user's own that the VPC does not have. */
export function requireGiven(scope: Construct, vpc: IVpc, selections: Record<string, SubnetSelection | undefined>): void {
  for (const [name, selection] of Object.entries(selections)) {
    if (!selection) continue;
    findSubnets(vpc, selection, (reason) =>
      validationError(scope, 'NoSuchSubnets', {
        prop: `network.${name}`,
        must: `be in the VPC, and ${vpc.node.path} says: ${reason}`,
        got: textOf(selection),
        fix: 'choose subnets that the VPC has',
      }),
    );
  }
}

/** A selection for a message: subnets by their paths, filters by their number. */
function textOf({ subnets, subnetFilters, ...rest }: SubnetSelection): object {
  return {
    ...rest,
    ...(subnets && { subnets: subnets.map(({ node }) => node.path) }),
    ...(subnetFilters && { subnetFilters: subnetFilters.length }),
  };
}
