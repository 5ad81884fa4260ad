import { Resource, Value } from '../../template/private/app-templates';
import { callOf, isObject } from '../../template/private/json';

/**
 * A resource of a template. Reading what does not exist returns undefined, and a value that is known only at deployment reads as its
 * reference.
 */
export class ProofResource {
  constructor(
    private readonly resource: Resource,
    private readonly proofOf: (resource: Resource) => ProofResource,
  ) {}

  public get path(): string {
    return this.resource.path;
  }

  public get type(): string {
    return this.resource.type;
  }

  /** The construct path for people, without the ID that CDK constructs give their own resource. */
  public get name(): string {
    return this.resource.name;
  }

  public at(...keys: string[]): unknown {
    return plain(this.resource.at(...keys));
  }

  public list(...keys: string[]): unknown[] {
    return this.resource.at(...keys).items.map(plain);
  }

  /** Returns the resource that a property refers to. */
  public ref(...keys: string[]): ProofResource | undefined {
    const found = this.resource.at(...keys).resource;
    return found && this.proofOf(found);
  }

  /** Returns the resource that a value of a resource refers to. */
  public follow(raw: unknown): ProofResource | undefined {
    const found = raw instanceof Unresolved ? raw.value.resource : undefined;
    return found && this.proofOf(found);
  }

  /** Returns all resources that a value refers to at any depth, such as in the parts of a joined string. */
  public followAll(raw: unknown): ProofResource[] {
    if (raw instanceof Unresolved) return raw.value.references.map((found) => this.proofOf(found));
    return typeof raw === 'object' && raw !== null ? Object.values(raw).flatMap((part) => this.followAll(part)) : [];
  }
}

/** A value that is known only at deployment, or that names a resource. */
class Unresolved {
  constructor(public readonly value: Value) {}

  /** Returns the value as the template writes it, for messages about unknown values. */
  public toJSON(): unknown {
    return this.value.states[0].raw;
  }
}

/** Returns the known part of a value. What is known only at deployment can be followed. */
function plain(value: Value): unknown {
  const [state, ...others] = value.states;
  if (others.length > 0 || state.unknown !== undefined) return new Unresolved(value);
  if (Array.isArray(state.value)) return value.items.map(plain);
  if (isObject(state.value)) {
    return Object.fromEntries(Object.keys(state.value).map((key) => [key, plain(value.at(key))]));
  }
  // A reference to a name leads to the resource, too; an attribute that is known is a value.
  return callOf(state.raw)?.name === 'Ref' && state.resource ? new Unresolved(value) : state.value;
}
