import { Stack, Token } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { validateAtSynth, warn } from '../../core/private/errors';
import { areOtherVpcs, closedAmong, hasEndpoint } from '../../core/private/subnet-egress';

/**
 * Warns of a rotation function of another VPC, which reaches the database only where somebody has connected the two. The network of an
 * imported function is not known.
 */
export function warnOfOtherVpc(scope: IConstruct, { vpc }: IMesh, fn: IFunction): void {
  const groups = fn.connections.securityGroups.map(({ node }) => node.defaultChild);
  const away = groups.find((group) => CfnSecurityGroup.isCfnSecurityGroup(group) && areOtherVpcs(group.vpcId, vpc.vpcId));
  if (away === undefined) return;
  warn(
    scope,
    'RotationFunctionInOtherVpc',
    `The rotation function ${fn.node.path} is in another VPC than the database (${vpc.node.path}): it reaches the database only by a peering ` +
      'connection, or by a transit gateway that references security groups. Give the function `vpc: mesh.vpc` and `vpcSubnets: mesh.taskSubnets`.',
  );
}

/** Rejects at synthesis, when all endpoints of the network are known, a function whose subnets have no route to Secrets Manager. */
export function requireRoute(scope: IConstruct, mesh: IMesh, fn: IFunction): void {
  const resource = fn.node.defaultChild;
  if (!CfnFunction.isCfnFunction(resource)) return;
  validateAtSynth(scope, 'RotationFunctionWithoutRoute', () => {
    const closed = closedAmong(subnetsOf(resource, mesh));
    if (closed.length === 0 || hasEndpoint(mesh, /\.secretsmanager(-fips)?$/)) return [];
    return [
      {
        prop: 'rotation.byFunction.fn',
        must: 'have a route to Secrets Manager from each of its subnets; a function has no public address',
        got: closed.map(({ node }) => node.path),
        fix: "set `vpcSubnets: mesh.taskSubnets` of the function, or call `addInterfaceEndpoint('SecretsManager', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER })` of the VPC",
      },
    ];
  });
}

function subnetsOf(fn: CfnFunction, { vpc }: IMesh) {
  const { subnetIds } = (Stack.of(fn).resolve(fn.vpcConfig) ?? {}) as { readonly subnetIds?: unknown };
  // A list that is known only at deployment names none, and its placeholder is no ID.
  const texts = (Array.isArray(subnetIds) ? subnetIds : []).map((id) => JSON.stringify(id));
  const all = [...vpc.privateSubnets, ...vpc.isolatedSubnets, ...vpc.publicSubnets];
  const known = all.filter(({ subnetId }) => Token.isUnresolved(subnetId) || !Token.isUnresolved([subnetId]));
  return known.filter(({ subnetId }) => texts.includes(JSON.stringify(Stack.of(fn).resolve(subnetId))));
}
