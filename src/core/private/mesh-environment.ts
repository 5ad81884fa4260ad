import { CfnResource, Resource, Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { isObject } from './arguments/fault';
import { validationError } from './errors';
import { Environment, placeText } from './place-text';

/** The props that say where a construct is placed. */
const PLACES = ['mesh', 'network'];

/**
 * Rejects a construct in another account, Region or stage than its mesh or network. ECS, EC2 and ELB accept subnets, security groups and
 * clusters of their own Region only, and what one stage deploys is not known in another one.
 */
export function requireMeshEnvironment(scope: IConstruct, path: string, props: unknown): void {
  if (!isObject(props)) return;
  for (const prop of PLACES) {
    const place = (props as Record<string, unknown>)[prop];
    if (!isObject(place)) continue;
    const { vpc } = place as { vpc?: unknown };
    const parts = [place, vpc].filter((part): part is IConstruct => Construct.isConstruct(part));
    for (const part of parts) requireSame(scope, path, prop, part);
  }
}

function requireSame(scope: IConstruct, path: string, prop: string, part: IConstruct): void {
  const { account, region } = Stack.of(scope);
  const other = environmentOf(part);
  const isElsewhere = differ(region, other.region, part) || differ(account, other.account, part);
  if (!isElsewhere && (Stage.of(scope) === Stage.of(part) || !isMade(part))) return;
  throw validationError(path, 'MeshInOtherEnvironment', {
    prop,
    must: `be in the account, Region and stage of the construct (${placeText(scope, { account, region })})`,
    got: `${part.node.path} (${placeText(part, other)})`,
    fix: 'specify the same `env` for both stacks, or create a mesh for each; what exists can be used as well: a VPC with `Vpc.fromLookup`, and a mesh of the same account and Region with `ServiceConnectMesh.fromParameters`',
  });
}

/** A network that exists may be shared by another account, so only that of what the app makes counts. */
function environmentOf(part: IConstruct): Environment {
  const { account, region } = Resource.isResource(part) ? (part as Resource).env : Stack.of(part);
  return { account: Resource.isResource(part) && !isMade(part) ? undefined : account, region };
}

/** Compares values; one that is known only at deployment differs from any other, as CDK refers to nothing across it. */
function differ(own: string, other: string | undefined, part: IConstruct): boolean {
  if (other === undefined || own === other) return false;
  return Token.isUnresolved(own) || Token.isUnresolved(other) ? isMade(part) : true;
}

function isMade(part: IConstruct): boolean {
  return part.node.findAll().some((node) => CfnResource.isCfnResource(node));
}
