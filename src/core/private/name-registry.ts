import { IConstruct } from 'constructs';
import { invalid } from './errors';

const REGISTRY = Symbol.for('cdk-ecs-mesh.registry');

/**
 * Names that may be taken once in a mesh or in a zone, and by whom. Lives on the construct that gives the names out, so that services
 * in any stack meet here.
 */
export class NameRegistry {
  public static of(giver: IConstruct): NameRegistry {
    const holder = giver as IConstruct & { [REGISTRY]?: NameRegistry };
    if (!holder[REGISTRY]) Object.defineProperty(holder, REGISTRY, { value: new NameRegistry() });
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
        must: `be a ${kind} that nobody else uses, and ${other.node.path} uses it already`,
        got: name,
        fix: `set \`${prop}\` to another name on one of the two`,
      });
    }
    this.owners.set(key, owner);
  }
}
