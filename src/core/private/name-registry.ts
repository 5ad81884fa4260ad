import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { validationError, warn } from './errors';
import { isUnknown } from './unknown';

/**
 * Registers names that can be used once in a mesh or in a zone, and their owners. It is kept on the construct that gives the names out, so
 * that services in any stack share it.
 */
export class NameRegistry {
  public static of(giver: IConstruct): NameRegistry {
    return NameRegistry.state.of(giver);
  }

  private static readonly state = new ConstructState('names', () => new NameRegistry());

  private readonly owners = new Map<string, IConstruct>();

  private constructor() {}

  /**
   * Registers a name for its owner; throws an error that names both constructs if it is taken.
   *
   * @param place where the name can be used once, if the construct gives out names of several places
   */
  public claim(claim: Claim, place = ''): void {
    const other = this.take(`${place}${claim.kind}:${claim.name}`, claim.owner);
    if (other) throw taken(claim, other);
  }

  /** Registers `key` for `owner`; returns the owner if it is already taken. */
  public take(key: string, owner: IConstruct): IConstruct | undefined {
    const other = this.owners.get(key);
    if (!other) this.owners.set(key, owner);
    return other === owner ? undefined : other;
  }
}

/** A name that can be used once. */
export interface Claim {
  readonly kind: string;
  readonly name: string;
  readonly owner: IConstruct;
  /** The prop from which the owner takes the name. */
  readonly prop: string;
}

/**
 * Registers a name that must be unique in an account, in one Region or in all, among the stacks of an app. Stacks that specify no
 * environment might be deployed to different accounts, so that a conflict between them is only a warning.
 */
export function claimInAccount(claim: Claim, where: 'region' | 'account' = 'region'): void {
  const { kind, name, owner, prop } = claim;
  if (isUnknown(name)) return;
  const { account, region } = Stack.of(owner);
  const place = where === 'region' ? [account, region] : [account];
  const isKnown = !place.some((part) => isUnknown(part));
  const registry = NameRegistry.of(isKnown ? owner.node.root : (Stage.of(owner) ?? owner.node.root));
  const other = registry.take([kind, ...place, name].join(':'), owner);
  if (!other) return;
  if (isKnown) throw taken(claim, other);
  warn(
    owner,
    'NameMaybeTaken',
    `\`${prop}\` "${name}" is that of ${other.node.path} too, and an account has one ${kind} of that name${where === 'region' ? ' in a region' : ''}: the second stack fails in the same one. Choose another name, or leave it out; where the stacks go to different accounts or regions, say so with \`env\`.`,
  );
}

function taken({ kind, name, owner, prop }: Claim, other: IConstruct): Error {
  return validationError(owner, 'NameTaken', {
    prop,
    must: `be a ${kind} that nobody else uses, and ${other.node.path} uses it already`,
    got: name,
    fix: `set \`${prop}\` to another name on one of the two`,
  });
}
