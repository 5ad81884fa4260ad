import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { claimInAccount } from '../../core/private/name-registry';

const ID = 'LoadBalancerName';

/** Checks physical names against https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
export function requireLoadBalancerNames(
  scope: IConstruct,
  externalName: string | undefined,
  internalName: string | undefined,
): void {
  requireName(scope, 'externalName', externalName);
  requireName(scope, 'internalName', internalName);
  if (externalName === undefined || externalName !== internalName) return claim(scope, { externalName, internalName });
  throw validationError(scope, ID, {
    prop: 'internalName',
    must: 'differ from `externalName`, since names are unique in account and region',
    got: internalName,
    fix: 'choose another name for one of the two',
  });
}

function claim(owner: IConstruct, names: Record<string, string | undefined>): void {
  for (const [prop, name] of Object.entries(names)) {
    if (name !== undefined) claimInAccount({ kind: 'load balancer', name, owner, prop });
  }
}

function requireName(scope: IConstruct, prop: string, name: string | undefined): void {
  if (name === undefined || Token.isUnresolved(name)) return;
  if (/^(?!internal-)[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/i.test(name)) return;
  throw validationError(scope, ID, {
    prop,
    must: 'be 1 to 32 letters, digits and inner hyphens, and not start with `internal-`',
    got: name,
    fix: 'choose such a name, or leave it out for CloudFormation to make one',
  });
}
