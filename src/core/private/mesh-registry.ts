import { IConstruct } from 'constructs';
import { IMesh } from '../mesh';
import { invalid } from './errors';

const REGISTRY = Symbol.for('cdk-ecs-mesh.registry');

/** Names that may be taken once in a mesh, and by whom. Lives on the mesh construct, so services in any stack meet here. */
export class MeshRegistry {
  public static of(mesh: IMesh): MeshRegistry {
    const holder = mesh as IMesh & { [REGISTRY]?: MeshRegistry };
    if (!holder[REGISTRY]) Object.defineProperty(holder, REGISTRY, { value: new MeshRegistry() });
    return holder[REGISTRY]!;
  }

  private readonly owners = new Map<string, IConstruct>();

  private constructor() {}

  /** Takes `name` for `owner`, or throws an error that names both constructs. */
  public claim(kind: string, name: string, owner: IConstruct, prop: string): void {
    const key = `${kind}:${name}`;
    const other = this.owners.get(key);
    if (other && other !== owner) {
      throw invalid(owner, 'NameTaken', {
        prop,
        must: `be a ${kind} that no other service of the mesh uses, and ${other.node.path} uses it already`,
        got: name,
        fix: `set \`${prop}\` to another name on one of the two`,
      });
    }
    this.owners.set(key, owner);
  }
}
