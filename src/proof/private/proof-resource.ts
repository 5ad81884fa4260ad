import { isObject } from './values';

/** A resource of a template; reading what is not there gives nothing. */
export class ProofResource {
  public constructor(
    public readonly path: string,
    public readonly type: string,
    private readonly properties: Record<string, unknown>,
    private readonly find: (raw: unknown) => ProofResource | undefined,
  ) {}

  /** Construct path for people: without the id that constructs of CDK give their own resource. */
  public get name(): string {
    return this.path.replace(this.type === 'AWS::ECS::Service' ? /\/Service$/ : /\/(Resource|Default|ASG)$/, '');
  }

  public at(...keys: string[]): unknown {
    return keys.reduce<unknown>((raw, key) => (isObject(raw) ? raw[key] : undefined), this.properties);
  }

  public list(...keys: string[]): unknown[] {
    const found = this.at(...keys);
    return Array.isArray(found) ? found : [];
  }

  /** The resource that a property refers to. */
  public ref(...keys: string[]): ProofResource | undefined {
    return this.find(this.at(...keys));
  }

  /** The resource that a value of this template refers to. */
  public follow(raw: unknown): ProofResource | undefined {
    return this.find(raw);
  }

  /** Every resource that a value refers to, however deep, such as the parts of a joined string. */
  public followAll(raw: unknown): ProofResource[] {
    const direct = this.find(raw);
    if (direct) return [direct];
    return typeof raw === 'object' && raw !== null ? Object.values(raw).flatMap((part) => this.followAll(part)) : [];
  }
}
