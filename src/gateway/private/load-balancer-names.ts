import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { claimInAccount } from '../../core/private/name-registry';

const ID = 'LoadBalancerName';
const PROP = 'loadBalancerName';

/**
 * Checks physical names of load balancers, see
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 */
export function requireLoadBalancerNames(
  scope: IConstruct,
  externalName: string | undefined,
  internalName: string | undefined,
): void {
  const names = { [`external.${PROP}`]: externalName, [`internal.${PROP}`]: internalName };
  for (const [prop, name] of Object.entries(names)) requireName(scope, prop, name);
  if (externalName === undefined || externalName !== internalName) return claim(scope, names);
  throw validationError(scope, ID, {
    prop: `internal.${PROP}`,
    must: 'differ from `external.loadBalancerName`, because names must be unique in the account and Region',
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
    fix: 'choose such a name, or leave it out for a generated one',
  });
}
