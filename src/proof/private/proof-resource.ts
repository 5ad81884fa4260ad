import { Resource, Value } from '../../template/private/app-templates';
import { callOf, isObject } from '../../template/private/json';

/** A resource of a template; reading what is not there gives nothing, and what only a deployment knows reads as its reference. */
export class ProofResource {
  public constructor(
    private readonly resource: Resource,
    private readonly proofOf: (resource: Resource) => ProofResource,
  ) {}

  public get path(): string {
    return this.resource.path;
  }

  public get type(): string {
    return this.resource.type;
  }

  /** Construct path for people: without the id that constructs of CDK give their own resource. */
  public get name(): string {
    return this.resource.name;
  }

  public at(...keys: string[]): unknown {
    return plain(this.resource.at(...keys));
  }

  public list(...keys: string[]): unknown[] {
    return this.resource.at(...keys).items.map(plain);
  }

  /** The resource that a property refers to. */
  public ref(...keys: string[]): ProofResource | undefined {
    const found = this.resource.at(...keys).resource;
    return found && this.proofOf(found);
  }

  /** The resource that a value of some resource refers to. */
  public follow(raw: unknown): ProofResource | undefined {
    const found = raw instanceof Unresolved ? raw.value.resource : undefined;
    return found && this.proofOf(found);
  }

  /** Every resource that a value refers to, however deep, such as the parts of a joined string. */
  public followAll(raw: unknown): ProofResource[] {
    if (raw instanceof Unresolved) return raw.value.references.map((found) => this.proofOf(found));
    return typeof raw === 'object' && raw !== null ? Object.values(raw).flatMap((part) => this.followAll(part)) : [];
  }
}

/** A value that only a deployment knows, or that names a resource. */
class Unresolved {
  public constructor(public readonly value: Value) {}

  /** As the template writes it, for those who name what they do not know. */
  public toJSON(): unknown {
    return this.value.states[0].raw;
  }
}

/** What is known of a value; what only a deployment knows can be followed. */
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
