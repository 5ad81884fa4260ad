import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { Claim, NameRegistry } from './name-registry';
import { IMesh } from '../mesh';

const prefixes = new ConstructState('prefix of the shared namespace', (): string | undefined => undefined);

/** Notes that the namespace of a mesh is that of an owner who shares it below a prefix. */
export function shareNamespace(mesh: IConstruct, prefix: string): void {
  prefixes.set(mesh, prefix);
}

/** Registers a name in the namespace of a mesh, which other meshes of the app can be in, too. */
export function claimInNamespace(mesh: IMesh, claim: Claim): void {
  NameRegistry.of(mesh).claim(claim);
  const namespace = namespaceOf(mesh);
  if (namespace !== undefined) NameRegistry.of(mesh.node.root).claim(claim, `${namespace} `);
}

/** Returns what is equal for meshes of one namespace; undefined if nobody can tell. */
function namespaceOf(mesh: IMesh): string | undefined {
  const prefix = prefixes.find(mesh);
  if (prefix === undefined) return mesh.namespaceArn;
  const { account, region } = Stack.of(mesh);
  return [account, region].some((part) => Token.isUnresolved(part)) ? undefined : [account, region, prefix].join(' ');
}
