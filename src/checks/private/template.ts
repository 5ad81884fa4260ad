import { CfnElement, CfnParameter, CfnResource, NestedStack, Stack, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { children, isIntrinsic, isNoValue, isObject, isReference, joined, substituted } from './intrinsics';
import { RESOURCE, ReferenceResolver } from './reference-resolver';

type Find = (reference: unknown) => Resource | CfnParameter | undefined;

/**
 * A value of a template that may be absent, a literal, or known only at deployment. Reading never throws: what is not a literal has
 * no text and no number, and a path below it leads to itself.
 */
export class Value {
  public constructor(
    private readonly raw: unknown,
    private readonly find: Find,
  ) {}

  public at(...keys: string[]): Value {
    const inner = keys.reduce<unknown>((raw, name) => (isIntrinsic(raw) ? raw : isObject(raw) ? raw[name] : undefined), this.raw);
    return new Value(isNoValue(inner) ? undefined : inner, this.find);
  }

  public get isAbsent(): boolean {
    return this.raw === undefined || this.raw === null;
  }

  /** Whether only a deployment can tell. */
  public get isUnknown(): boolean {
    return isIntrinsic(this.raw);
  }

  public get items(): Value[] {
    return Array.isArray(this.raw) ? this.raw.map((item) => new Value(item, this.find)).filter((item) => !isNoValue(item.raw)) : [];
  }

  public get text(): string | undefined {
    return typeof this.raw === 'string' || typeof this.raw === 'number' ? `${this.raw}` : undefined;
  }

  public get number(): number | undefined {
    const text = this.text;
    return text === undefined || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
  }

  /** Whether it is literally true. */
  public get isTrue(): boolean {
    return this.raw === true || this.raw === 'true';
  }

  /** Whether it is literally false. */
  public get isFalse(): boolean {
    return this.raw === false || this.raw === 'false';
  }

  /** The resource that the whole value refers to. */
  public get resource(): Resource | undefined {
    const found = this.find(this.raw);
    return found instanceof Resource ? found : undefined;
  }

  /** The parameter of the template that the whole value refers to. */
  public get parameter(): CfnParameter | undefined {
    const found = this.find(this.raw);
    return found instanceof Resource ? undefined : found;
  }

  /** Every resource that is referred to somewhere below. */
  public get references(): Resource[] {
    const direct = this.resource;
    if (direct) return [direct];
    return [...children(this.raw), ...substituted(this.raw)].flatMap((child) => new Value(child, this.find).references);
  }

  /** Every literal string below, the parts of a joined string one by one. */
  public get literals(): string[] {
    if (typeof this.raw === 'string') return [this.raw];
    if (isReference(this.raw)) return [];
    return children(this.raw).flatMap((child) => new Value(child, this.find).literals);
  }

  /** Whether a macro makes a part of it. */
  public get usesMacro(): boolean {
    const made = isObject(this.raw) && 'Fn::Transform' in this.raw;
    return made || children(this.raw).some((child) => new Value(child, this.find).usesMacro);
  }

  /** A joined string in one piece, with `*` for what only a deployment can tell. */
  public get pattern(): string {
    if (this.text !== undefined) return this.text;
    const join = joined(this.raw);
    return join ? join.parts.map((part) => new Value(part, this.find).pattern).join(join.separator) : '*';
  }
}

/** A resource as it will be in its template. */
export class Resource {
  private rendered?: Record<string, unknown>;
  private closure?: Set<Resource>;

  public constructor(
    public readonly node: CfnResource,
    public readonly template: TemplateView,
  ) {}

  public get type(): string {
    return this.node.cfnResourceType;
  }

  public at(...keys: string[]): Value {
    return new Value(this.render().Properties ?? {}, (reference) => this.template.find(reference, this.node)).at(...keys);
  }

  /** Whether CloudFormation makes `other` before this resource, or both ways of asking leave it open. */
  public waitsFor(other: Resource): boolean {
    const [own, others] = [Stack.of(this.node), Stack.of(other.node)];
    if (own === others) return this.reach().has(other);
    // The order of nested stacks is that of resources in their parents; nothing is said about it rather than something wrong.
    return NestedStack.isNestedStack(own) || NestedStack.isNestedStack(others) || stacksBefore(own).has(others);
  }

  /** The resources of this stack that CloudFormation makes first, itself included if they go round in a circle. */
  private reach(): Set<Resource> {
    if (this.closure) return this.closure;
    const found = new Set<Resource>();
    const queue = this.direct();
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      queue.push(...next.direct());
    }
    return (this.closure = found);
  }

  private direct(): Resource[] {
    const listed = [this.render().DependsOn ?? []].flat().map((id) => this.template.find({ Ref: id }, this.node));
    const stack = Stack.of(this.node);
    return [...listed, ...this.at().references].filter(
      (found): found is Resource => found instanceof Resource && Stack.of(found.node) === stack,
    );
  }

  private render(): Record<string, unknown> {
    return (this.rendered ??= renderResource(this.node));
  }
}

/** All resources of an app, by type and by reference. */
export class TemplateView {
  private readonly byPath = new Map<string, Resource | CfnParameter>();
  private readonly byId = new Map<string, Resource | CfnParameter>();
  private readonly byType = new Map<string, Resource[]>();
  private readonly referrers = new Map<string, Map<Resource, Resource[]>>();

  public constructor(root: IConstruct) {
    for (const node of root.node.findAll()) {
      if (CfnResource.isCfnResource(node)) this.add(node, new Resource(node, this));
      else if (node instanceof CfnParameter) this.add(node, node);
    }
  }

  public of(node: CfnResource): Resource {
    const found = this.byPath.get(node.node.path);
    return found instanceof Resource ? found : new Resource(node, this);
  }

  public all(type: string): Resource[] {
    return this.byType.get(type) ?? [];
  }

  /** Resources of a type that refer to `target` in one of their properties. */
  public referring(target: Resource, type: string, property: string): Resource[] {
    const name = `${type}|${property}`;
    let index = this.referrers.get(name);
    if (!index) {
      index = new Map();
      for (const resource of this.all(type)) {
        for (const found of new Set(resource.at(property).references)) index.set(found, [...(index.get(found) ?? []), resource]);
      }
      this.referrers.set(name, index);
    }
    return index.get(target) ?? [];
  }

  /** What a reference in the template of `from` means. */
  public find(reference: unknown, from: CfnResource): Resource | CfnParameter | undefined {
    if (!isObject(reference)) return undefined;
    const kept = reference[RESOURCE];
    if (Array.isArray(kept)) return this.byPath.get(`${kept[0]}`);
    const attribute = reference['Fn::GetAtt'];
    const id = reference.Ref ?? (Array.isArray(attribute) ? attribute[0] : `${attribute ?? ''}`.split('.')[0]);
    return this.byId.get(key(from, `${id}`));
  }

  private add(node: CfnElement, found: Resource | CfnParameter): void {
    this.byPath.set(node.node.path, found);
    this.byId.set(key(node, `${Stack.of(node).resolve(node.logicalId)}`), found);
    if (found instanceof Resource) this.byType.set(found.type, [...this.all(found.type), found]);
  }
}

function key(node: CfnElement, logicalId: string): string {
  return `${Stack.of(node).node.path}|${logicalId}`;
}

/** `_toCloudFormation` is what CDK itself renders, overrides included; the typed properties of a resource do not have those. */
function renderResource(node: CfnResource): Record<string, unknown> {
  try {
    const fragment = Tokenization.resolve((node as unknown as { _toCloudFormation(): object })._toCloudFormation(), {
      scope: node,
      resolver: new ReferenceResolver(),
      preparing: false,
    }) as { Resources?: Record<string, Record<string, unknown>> };
    return Object.values(fragment.Resources ?? {})[0] ?? {};
  } catch {
    // A resource that cannot be rendered fails synthesis with a better message than a check could give.
    return {};
  }
}

function stacksBefore(stack: Stack, seen = new Set<Stack>()): Set<Stack> {
  for (const next of stack.dependencies) {
    if (seen.has(next)) continue;
    seen.add(next);
    stacksBefore(next, seen);
  }
  return seen;
}
