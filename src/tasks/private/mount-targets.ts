import { Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import { CfnMountTarget, IFileSystem } from 'aws-cdk-lib/aws-efs';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { validationError } from '../../core/private/errors';
import { findSubnets, zoneOf } from '../../core/private/subnets';

/**
 * Rejects a file system of the app that tasks in one of their Availability Zones cannot mount: its name has an address in each zone and
 * network with a mount target only.
 *
 * @see https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html
 */
export function requireMountTargets(client: IConstruct & { readonly mesh: IMesh }, prop: string, fileSystem: IFileSystem): void {
  const { vpc, taskSubnets } = client.mesh;
  const targets = fileSystem.node.findAll().filter((node) => node instanceof CfnMountTarget);
  const ids = targets.map(({ subnetId }) => subnetId).filter((id) => id !== undefined);
  if (ids.length === 0) return;
  if (ids.every((id) => isElsewhere(id, vpc.vpcId))) {
    const fix = 'create it with `vpc: mesh.vpc`; tasks cannot mount it by another address';
    throw refusal(client, prop, `in ${vpc.node.path}, the network of the tasks`, fileSystem.node.path, fix);
  }
  const tasks = findSubnets(vpc, taskSubnets, (reason) => new Error(reason));
  if (tasks.isPending || tasks.isOpenList) return;
  const all = [...vpc.publicSubnets, ...vpc.privateSubnets, ...vpc.isolatedSubnets];
  const keyOf = (subnet: (typeof all)[number] | undefined) => subnet && textOf(client, zoneOf(subnet));
  const mounted = ids.map((id) => keyOf(all.find(({ subnetId }) => subnetId === id)));
  const needed = tasks.subnets.map(keyOf);
  // A subnet that is not known can be in any zone.
  if ([...mounted, ...needed].includes(undefined)) return;
  const missing = tasks.subnets.filter((subnet) => !mounted.includes(keyOf(subnet)));
  if (missing.length === 0) return;
  const got = `none for ${missing.map(({ node }) => node.path).join(' and ')}`;
  const fix =
    'create the file system with `vpcSubnets: mesh.taskSubnets` and without `oneZone`, or choose `taskSubnets` in its zone';
  throw refusal(client, prop, 'in each Availability Zone of the tasks', got, fix);
}

function refusal(client: IConstruct, prop: string, where: string, got: string, fix: string): Error {
  return validationError(client, 'FileSystemZones', { prop, must: `be on a file system with a mount target ${where}`, got, fix });
}

/** Returns true if a subnet of the app is in another network. */
function isElsewhere(subnetId: string, vpcId: string): boolean {
  const [token] = Tokenization.reverseString(subnetId).tokens;
  return (
    Reference.isReference(token) && token.target instanceof CfnSubnet && Token.isUnresolved(vpcId) && token.target.vpcId !== vpcId
  );
}

function textOf(scope: IConstruct, zone: string | undefined): string | undefined {
  return zone && JSON.stringify(Stack.of(scope).resolve(zone));
}
